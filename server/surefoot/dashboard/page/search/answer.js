// One question with its answer: evidence, checked sentences with their places, what was not found, what was withheld.
//
// Invariant: a place is cited only with the verdict of the check, and a withheld sentence never looks like a claim.

import { html, nothing } from "../vendor/lit.js";
import { draw } from "../base/draw.js";
import { icon } from "../base/icons.js";
import { counted, driftInWords, duration, whole } from "../base/numbers.js";
import { button, copyButton, editorIcon, failure, fold, notice, placeText } from "../base/pieces.js";
import { hashFor } from "../base/route.js";
import { sentence } from "../base/sentence.js";
import { struckView } from "../base/struck.js";
import { hrefOf, isCommit, nameOf, placeLabel, SOURCES, sourceIcon, ticketLink } from "../base/sources.js";
import { visible, visibleLine } from "../base/visible.js";
import { verdictOf } from "../base/words.js";
import { workspace } from "../base/workspace.js";
import { hitList } from "./hits.js";
import { asMarkdown } from "./markdown.js";
import { openReport } from "./report.js";
import { submit, typed } from "./state.js";
import { stop } from "./turns.js";

const HITS_SHOWN = 5; // the sentences are what was asked for; the rest of the evidence unfolds

export function turnTemplate(turn) {
  return html`
    <article class="turn" data-testid="turn" data-status=${turn.status} aria-labelledby="question-${turn.id}">
      <header>
        <h2 class="question" id="question-${turn.id}" tabindex="-1">${visible(turn.question)}</h2>
        <p class="origin secondary" data-testid="origin">${originOf(turn)}</p>
      </header>
      <div class="turn-columns">
        <div class="answer">${answer(turn)}</div>
        ${evidence(turn)}
      </div>
    </article>
  `;
}

function originOf({ reply, status, after }) {
  if (!reply) {
    return status === "running" ? "" : nothing;
  }
  const { mode, model, index, stages } = reply;
  const took = Object.values(stages).reduce((sum, one) => sum + one, 0);
  const rest = "extract" in stages ? ", the rest drawn from the code" : "";
  const parts = [
    mode === "llm" ? `written by ${visibleLine(model)}${rest}` : "drawn from the code, without a model",
    `from ${counted(index.files, "file")}${index.indexing ? " indexed so far" : ""}`,
    index.drift ? driftInWords(index.drift) : "",
    duration(took),
    after ? "follow-up" : "",
    drawnFrom(reply.sources),
  ];
  return parts.filter(Boolean).join(" · ");
}

/** Which sources were used besides code and documents, and which there are none of. */
function drawnFrom(sources = []) {
  const used = sources.filter(use => use.used).map(use => use.source);
  if (!used.some(source => source !== "code" && source !== "docs")) {
    return "";
  }
  const absent = sources.filter(use => use.indexed === 0 && use.source !== "docs").map(use => SOURCES[use.source]);
  const told = `drawn from ${used.map(source => SOURCES[source] ?? source).join(", ")}`;
  return absent.length > 0 ? `${told}, without ${absent.join(", ")}: none are indexed` : told;
}

function answer(turn) {
  const { reply } = turn;
  return html`
    ${(reply?.notices ?? []).map(text => notice(text))}
    <div class="claims" role="log" aria-live="polite" aria-label="Answer">
      ${turn.claims.map(claim => claimTemplate(claim, turn))}
      ${reply?.abstained ? html`<p class="abstained" data-testid="abstained">Nothing here answers this.</p>` : nothing}
      ${reply ? missing(reply) : nothing} ${stateOf(turn)}
    </div>
    ${turn.status === "failed" ? failure(turn.error, () => askAgain(turn)) : nothing}
    ${withheld(turn)} ${actions(turn)}
  `;
}

function stateOf({ status, claims, hits, waiting }) {
  if (status === "running") {
    const looking = workspace.progress?.indexing ? "Waiting for the index…" : "Looking…";
    const doing = claims.length > 0 ? "Writing…" : hits.length > 0 ? waiting || "Reading the evidence…" : looking;
    return html`<p class="loading" data-testid="state"><span class="spinner" aria-hidden="true"></span>${doing}</p>`;
  }
  return status === "stopped" ? html`<p class="secondary" data-testid="state">Stopped.</p>` : nothing;
}

function claimTemplate(claim, turn) {
  const cited = claim.citations.flatMap(id => turn.citations.filter(citation => citation.id === id));
  const markOf = number => {
    const citation = cited.find(one => one.id === number);
    return citation && html`<a class="mark" href=${hrefOf(citation)}>[${number}]</a>`;
  };
  return html`<div class="claim" data-testid="claim">
    <p>${sentence(claim.text, markOf)}</p>
    ${(claim.struck ?? []).map(struckView)}
    <ul class="chips">
      ${cited.map(citation => html`<li>${chip(citation)}</li>`)}
    </ul>
  </div>`;
}

function chip(citation) {
  const { icon: sign, word, title } = verdictOf(citation.verdict);
  const name = nameOf(citation);
  const said = name ? `${visibleLine(name)}. ` : "";
  const isTicket = citation.source === "tickets" && citation.symbol;
  return html`<span class="chip" data-verdict=${citation.verdict} data-source=${citation.source}>
    <a href=${hrefOf(citation)} title=${said + title} data-testid="citation">
      <span class="number">${citation.id}</span>${icon(sign)}${sourceIcon(citation)}${placeText(
        isTicket ? citation.symbol : placeLabel(citation),
      )}${
        word ? html`<span class="word">${word}</span>` : nothing
      }<span class="hidden">. ${title}</span></a
    >${ticketLink(citation)}${isCommit(citation) ? nothing : editorIcon(citation)}
  </span>`;
}

function missing({ missing: parts, near_misses: near, abstained }) {
  if (parts.length === 0 && (near.length === 0 || !abstained)) {
    return nothing;
  }
  return html`<section class="missing" data-testid="missing" aria-label="Not found">
    <h3>${icon("search")} Not found here</h3>
    ${parts.length > 0 ? html`<ul>${parts.map(part => html`<li>${sentence(part)}</li>`)}</ul>` : nothing}
    ${
      near.length > 0
        ? html`<p class="secondary">Nearest:</p>
            <ul>${near.map(miss => html`<li data-testid="near-miss">${sentence(miss)}</li>`)}</ul>`
        : nothing
    }
  </section>`;
}

function withheld({ id, withheld: sentences }) {
  if (sentences.length === 0) {
    return nothing;
  }
  const list = () =>
    html`<ul class="withheld">
      ${sentences.map(
        ({ text, reason }) => html`<li data-testid="withheld">
          <p>${sentence(text)}</p>
          <p class="secondary">${icon("gone")} ${sentence(reason)}</p>
        </li>`,
      )}
    </ul>`;
  const title = `${counted(sentences.length, "sentence")} withheld`;
  return fold(`withheld ${id}`, title, list, { testId: "withheld-fold" });
}

function actions(turn) {
  if (turn.status === "running") {
    return html`<p class="actions">${button("Stop", () => stop(turn), { symbol: "stop", testId: "stop" })}</p>`;
  }
  if (turn.status === "stopped") {
    return html`<p class="actions">${button("Ask again", () => askAgain(turn), { symbol: "sync" })}</p>`;
  }
  if (turn.status !== "done") {
    return nothing;
  }
  const trace = turn.reply.trace_id;
  return html`<p class="actions">
    ${
      trace
        ? html`<a class="button quiet" data-testid="why" href=${hashFor("trace", [trace])}>${icon("question")}<span>Why this answer?</span></a>
            ${
              turn.reported
                ? html`<span class="secondary" data-testid="reported">${icon("check")} ${visibleLine(turn.reported)}</span>`
                : button("Wrong answer", () => openReport(turn), { kind: "quiet", symbol: "edit", testId: "wrong" })
            }`
        : html`<span class="secondary">Not traced, so it can be neither explained nor reported.</span>`
    }
    ${copyButton("Copy as Markdown", () => asMarkdown(turn), { testId: "copy-markdown" })}
  </p>`;
}

function askAgain(turn) {
  typed(turn.question);
  submit();
}

function evidence(turn) {
  const { hits, citations, status } = turn;
  if (hits.length === 0) {
    return status === "running" ? html`<section class="evidence"></section>` : nothing;
  }
  const numbersOf = hit => citations.filter(citation => overlap(hit, citation)).map(citation => citation.id);
  const isAll = turn.showsAllHits;
  const shown = isAll ? hits : hits.slice(0, HITS_SHOWN);
  const more = hits.length - HITS_SHOWN;
  const toggle = () => {
    turn.showsAllHits = !isAll;
    draw();
  };
  return html`<section class="evidence" aria-labelledby="evidence-${turn.id}">
    <h3 id="evidence-${turn.id}">Evidence</h3>
    ${hitList(shown, turn.question, { label: "Evidence", numbersOf })}
    ${
      more > 0
        ? html`<button type="button" class="more" aria-expanded=${isAll ? "true" : "false"} @click=${toggle}>
            ${icon(isAll ? "up" : "down")}${isAll ? "Show fewer" : `Show ${whole(more)} more`}
          </button>`
        : nothing
    }
  </section>`;
}

function overlap(one, other) {
  const isSame = one.root === other.root && one.path === other.path;
  if (one.label || other.label) {
    return isSame && one.symbol === other.symbol; // all tickets of an export may stand on one line
  }
  return (
    isSame &&
    one.start_line <= other.end_line &&
    other.start_line <= one.end_line
  );
}
