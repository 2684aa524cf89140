// What the Ask view looks like: one function per part, from values to HTML.
//
// Invariant: text of a model or of a repository goes through `visible` or `sentenceHtml`, and nothing else is HTML.

import { html, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { unsafeHTML } from "lit/directives/unsafe-html.js";
import type { Hindrance } from "../features/hindrance";
import type { ClaimReply, StruckReply } from "../protocol";
import { visible } from "../visible";
import type { AskState, FromAskView, ShownCitation, ShownPlace, ShownTurn } from "./askMessages";
import { struckView } from "./struck";
import { sentenceHtml } from "./text";

export interface Actions {
  send(message: FromAskView): void;
  /** Whether a part of a turn is unfolded. */
  isOpen(part: string): boolean;
  toggle(part: string): void;
  ask(question?: string): void;
  stop(): void;
  typed(): void;
  pressed(event: KeyboardEvent): void;
}

type Part = TemplateResult | typeof nothing;

// So many places are shown before the rest is folded away: the sentences should not start below the fold.
const HITS_SHOWN = 4;

const EXAMPLES = [
  "Where is the configuration read?",
  "How does a request end up in a response?",
  "What happens when a connection is lost?",
];

export function pageTemplate(state: AskState, actions: Actions): TemplateResult {
  const running = state.turns.some(turn => turn.status === "running");
  return html`
    <div class="turns" tabindex="-1">
      <h1 class="hidden">Ask the Codebase</h1>
      ${state.turns.length === 0 ? welcome(state, actions) : nothing}
      ${repeat(
        state.turns,
        turn => turn.id,
        turn => turnTemplate(turn, state.indexing, actions),
      )}
    </div>
    ${state.hindrance ? hindranceTemplate(state.hindrance, actions) : nothing} ${boxTemplate(running, actions)}
  `;
}

function welcome(state: AskState, actions: Actions): Part {
  if (state.hindrance && !state.hindrance.busy) {
    return nothing;
  }
  return html`
    <section class="welcome">
      <h2>Ask about this codebase</h2>
      <p>
        Evidence comes first, then sentences, each checked against the lines that it cites. Nothing leaves this machine.
      </p>
      <p class="secondary">For example:</p>
      <ul class="plain">
        ${EXAMPLES.map(
          example => html`
            <li><button class="link" data-testid="example" @click=${() => actions.ask(example)}>${example}</button></li>
          `,
        )}
      </ul>
    </section>
  `;
}

function hindranceTemplate(hindrance: Hindrance, actions: Actions): Part {
  const help = hindrance.busy ? [] : hindrance.help;
  return html`
    <div class="hindrance" role="status" data-testid="hindrance">
      ${hindrance.busy ? html`<vscode-progress-bar aria-label="Starting"></vscode-progress-bar>` : nothing}
      <p>${visible(hindrance.sentence)}</p>
      <p class="row">
        ${help.map(
          ({ title, command }, index) =>
            html`<vscode-button ?secondary=${index > 0} @click=${() => actions.send({ type: "command", command })}
              >${title}</vscode-button
            >`,
        )}
      </p>
    </div>
  `;
}

function boxTemplate(running: boolean, actions: Actions): TemplateResult {
  return html`
    <form
      class="box"
      @submit=${(event: Event) => {
        event.preventDefault();
        actions.ask();
      }}
    >
      <label class="hidden" for="question">Question about the codebase</label>
      <textarea
        id="question"
        data-testid="question"
        rows="2"
        placeholder="Ask about this codebase"
        aria-describedby="keys"
        @keydown=${(event: KeyboardEvent) => actions.pressed(event)}
        @input=${() => actions.typed()}
      ></textarea>
      <div class="row">
        <span id="keys" class="secondary keys">Enter asks, ↑ brings back earlier questions</span>
        <vscode-button
          data-testid=${running ? "stop" : "ask"}
          ?secondary=${running}
          @click=${() => (running ? actions.stop() : actions.ask())}
          >${running ? "Stop" : "Ask"}</vscode-button
        >
      </div>
    </form>
  `;
}

function turnTemplate(turn: ShownTurn, indexing: string, actions: Actions): TemplateResult {
  return html`
    <article class="turn" data-testid="turn" data-status=${turn.status} aria-labelledby="question-${turn.id}">
      <h2 class="question" id="question-${turn.id}">${visible(turn.question)}</h2>
      ${evidence(turn, actions)} ${notices(turn)}
      <div role="log" aria-live="polite" aria-label="Answer">
        ${repeat(
          turn.claims,
          (_claim, index) => index,
          claim => claimTemplate(claim, turn, actions),
        )}
        ${turn.abstained ? html`<p class="abstained">Nothing here answers this.</p>` : nothing} ${missing(turn)}
        ${turn.error ? html`<p class="notice" data-testid="notice">${icon("warning")} ${visible(turn.error)}</p>` : nothing}
        ${turn.status === "running" ? html`<vscode-progress-bar aria-label="Answering"></vscode-progress-bar>` : nothing}
        <p class="state secondary" data-testid="state">${stateOf(turn, indexing)}</p>
      </div>
      ${withheld(turn, actions)} ${footer(turn, actions)}
    </article>
  `;
}

function stateOf(turn: ShownTurn, indexing: string): string {
  if (turn.status === "running") {
    // A model on a laptop takes a while; what it is doing should not look like nothing.
    return turn.claims.length > 0
      ? "Writing…"
      : turn.hits.length > 0
        ? visible(turn.waiting) || "Reading the evidence…"
        : indexing || "Looking…";
  }
  if (turn.status === "stopped") {
    return "Stopped.";
  }
  return turn.status === "failed" ? "" : turn.origin;
}

// --- evidence --------------------------------------------------------------------------------------------------------

function evidence(turn: ShownTurn, actions: Actions): Part {
  if (turn.hits.length === 0) {
    return nothing;
  }
  const part = `${turn.id} hits`;
  const open = actions.isOpen(part);
  const shown = open ? turn.hits : turn.hits.slice(0, HITS_SHOWN);
  const more = turn.hits.length - HITS_SHOWN;
  return html`
    <section aria-label="Evidence">
      <h3>Evidence</h3>
      <ol class="plain hits">
        ${shown.map((hit, index) => hitTemplate(hit, () => actions.send({ type: "openHit", turn: turn.id, index })))}
      </ol>
      ${
        more > 0
          ? html`<button class="link" aria-expanded=${open} @click=${() => actions.toggle(part)}>
              ${open ? "Show fewer" : `Show ${more} more`}
            </button>`
          : nothing
      }
    </section>
  `;
}

function hitTemplate(hit: ShownPlace, open: () => void): TemplateResult {
  return html`
    <li>
      <button class="hit" data-testid="hit" title=${visible(hit.why.join(", "))} @click=${open}>
        ${icon(hit.icon)}
        <span class="what">
          ${hit.symbol ? html`<span class="symbol">${visible(hit.symbol)}</span>` : nothing}
          <span class="place">${placeText(hit.label)}</span>
          ${hit.why.length > 0 ? html`<span class="secondary reason">${visible(hit.why.join(", "))}</span>` : nothing}
        </span>
      </button>
    </li>
  `;
}

// --- the answer ------------------------------------------------------------------------------------------------------

/** Servers of earlier versions strike nothing out. */
function struckOf({ struck = [] }: Partial<ClaimReply>): StruckReply[] {
  return struck;
}

function claimTemplate(claim: ClaimReply, turn: ShownTurn, actions: Actions): TemplateResult {
  const cited = claim.citations.flatMap(id => turn.citations.filter(citation => citation.id === id));
  return html`
    <div class="claim" data-testid="claim">
      <p>${unsafeHTML(sentenceHtml(claim.text))}</p>
      ${struckOf(claim).map(struckView)}
      <p class="chips">
        ${cited.map(citation => chip(citation, type => actions.send({ type, turn: turn.id, id: citation.id })))}
      </p>
    </div>
  `;
}

const VERDICTS: Record<string, { icon: string; word: string; title: string }> = {
  valid: { icon: "check", word: "", title: "Checked: these lines stand there" },
  moved: { icon: "arrow-swap", word: "moved", title: "Checked: these lines have moved, this is where they stand now" },
  changed: { icon: "edit", word: "changed", title: "Checked: these lines have changed since they were read" },
  missing: { icon: "circle-slash", word: "gone", title: "Checked: these lines do not stand there any more" },
};

function chip(citation: ShownCitation, open: (type: "openCitation" | "openAddress") => void): TemplateResult {
  const verdict = VERDICTS[citation.verdict] ?? { icon: "question", word: citation.verdict, title: citation.verdict };
  const title = citation.symbol ? `${citation.symbol}. ${verdict.title}` : verdict.title;
  return html`<button class="chip" title=${visible(title)} @click=${() => open("openCitation")}>
    ${icon(verdict.icon)}${citation.icon ? icon(citation.icon) : nothing}<span class="place" data-testid="citation" data-verdict=${citation.verdict}
      >${placeText(citation.label)}</span
    >${verdict.word ? html`<span class="word">${verdict.word}</span>` : nothing}<span class="hidden"
      >${verdict.title}</span
    >
  </button>${citation.hasAddress ? addressButton(citation, () => open("openAddress")) : nothing}`;
}

function addressButton(citation: ShownCitation, open: () => void): TemplateResult {
  const title = `Open ${citation.label} in the browser`;
  return html`<button class="chip address" data-testid="address" title=${visible(title)} @click=${open}>
    ${icon("link-external")}<span class="hidden">${visible(title)}</span>
  </button>`;
}

function missing(turn: ShownTurn): Part {
  if (turn.missing.length === 0 && (turn.nearMisses.length === 0 || !turn.abstained)) {
    return nothing;
  }
  return html`
    <section class="missing" data-testid="missing" aria-label="Not found">
      <h3>${icon("search-stop")} Not found here</h3>
      ${
        turn.missing.length > 0
          ? html`<ul>
              ${turn.missing.map(part => html`<li>${unsafeHTML(sentenceHtml(part))}</li>`)}
            </ul>`
          : nothing
      }
      ${
        turn.nearMisses.length > 0
          ? html`<p class="secondary">Nearest:</p>
              <ul>
                ${turn.nearMisses.map(miss => html`<li data-testid="near-miss">${unsafeHTML(sentenceHtml(miss))}</li>`)}
              </ul>`
          : nothing
      }
    </section>
  `;
}

function notices(turn: ShownTurn): Part {
  return turn.notices.length === 0
    ? nothing
    : html`${turn.notices.map(
        notice => html`<p class="notice secondary" data-testid="notice">${icon("info")} ${visible(notice)}</p>`,
      )}`;
}

function withheld(turn: ShownTurn, actions: Actions): Part {
  const count = turn.withheld.length;
  if (count === 0) {
    return nothing;
  }
  const part = `${turn.id} withheld`;
  const open = actions.isOpen(part);
  return html`
    <section class="withheld-part" aria-label="Withheld sentences">
      <button class="link" data-testid="withheld-toggle" aria-expanded=${open} @click=${() => actions.toggle(part)}>
        ${icon(open ? "chevron-down" : "chevron-right")} ${count} ${count === 1 ? "sentence" : "sentences"} withheld
      </button>
      ${
        open
          ? html`<ul class="plain">
              ${turn.withheld.map(
                sentence => html`
                  <li class="withheld" data-testid="withheld">
                    <p>${unsafeHTML(sentenceHtml(sentence.text))}</p>
                    <p class="secondary">${icon("circle-slash")} ${unsafeHTML(sentenceHtml(sentence.reason))}</p>
                  </li>
                `,
              )}
            </ul>`
          : nothing
      }
    </section>
  `;
}

function footer(turn: ShownTurn, actions: Actions): Part {
  if (turn.status !== "done") {
    return nothing;
  }
  return html`
    <p class="actions">
      ${
        turn.traced
          ? html`<button class="link" data-testid="why" @click=${() => actions.send({ type: "why", turn: turn.id })}>
                Why this answer?
              </button>
              <button class="link" data-testid="wrong" @click=${() => actions.send({ type: "wrong", turn: turn.id })}>
                ${turn.reported ? "Reported as wrong" : "Wrong answer"}
              </button>`
          : nothing
      }
      ${
        turn.lacksModel
          ? html`<button
              class="link"
              data-testid="choose-model"
              @click=${() => actions.send({ type: "command", command: "surefoot.chooseModel" })}
            >
              Choose a language model
            </button>`
          : nothing
      }
      <button class="link" data-testid="copy" @click=${() => actions.send({ type: "copy", turn: turn.id })}>
        Copy as Markdown
      </button>
    </p>
  `;
}

// --- small parts -----------------------------------------------------------------------------------------------------

/** A path that breaks after its folders and before its lines, where the view is too narrow for it. */
function placeText(label: string): TemplateResult {
  const parts = visible(label).split(/(?<=\/)|(?=:[\d-]+$)/);
  return html`${parts.map((part, index) => (index === 0 ? part : html`<wbr />${part}`))}`;
}

function icon(name: string): TemplateResult {
  return html`<span class="codicon codicon-${name}" aria-hidden="true"></span>`;
}
