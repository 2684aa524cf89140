// The search view: one box, hits while one types, and answers below it.

import { html, live, nothing, repeat } from "../vendor/lit.js";
import { icon } from "../base/icons.js";
import { counted, duration } from "../base/numbers.js";
import { button, failure } from "../base/pieces.js";
import { hashFor } from "../base/route.js";
import { sentence } from "../base/sentence.js";
import { visible } from "../base/visible.js";
import { workspace } from "../base/workspace.js";
import { turnTemplate } from "./answer.js";
import { filterFields, filterToggle } from "./filters.js";
import { hitList } from "./hits.js";
import { reportDialog } from "./report.js";
import { enter, find, findAgain, followed, search, showMore, startOver, submit, typed } from "./state.js";
import { stop, turnOf } from "./turns.js";

const EXAMPLES = [
  "Where is the configuration read?",
  "How does a request end up in a response?",
  "What happens when a connection is lost?",
];

export const searchView = {
  title: () => search.text || search.turn?.question || "Search",
  enter: ({ params }) => enter(params),
  indexed: findAgain,
  focus: options => document.getElementById("question")?.focus(options),
  template,
};

function template() {
  return html`
    <h1 class="hidden">Search</h1>
    ${box()}
    <div class="hidden" role="status" data-testid="search-status">${spoken()}</div>
    ${search.error ? failure(search.error, find) : nothing} ${hits()} ${conversation()} ${reportDialog()}
  `;
}

function box() {
  const isFollowUp = followed() !== "";
  return html`
    <form class="ask-box" role="search" @submit=${submitted}>
      <div class="ask-row">
        ${icon("search")}
        <label class="hidden" for="question">Question or words to search for</label>
        <input
          id="question"
          data-testid="question"
          type="text"
          autocomplete="off"
          autocapitalize="off"
          spellcheck="false"
          maxlength="8000"
          aria-describedby="keys"
          placeholder=${isFollowUp ? "Ask a follow-up question" : "Search or ask about this codebase"}
          .value=${live(search.text)}
          @input=${event => typed(event.target.value)}
          @keydown=${pressed}
        >
        <button type="submit" class="button primary" data-testid="ask" ?disabled=${!search.text.trim()}>
          <span>Ask</span>${icon("enter")}
        </button>
      </div>
      <div class="ask-under">
        ${filterToggle()} ${isFollowUp ? followUpChip() : nothing}
        <span id="keys" class="keys secondary"><kbd>Enter</kbd> asks, <kbd>↓</kbd> goes to the hits</span>
      </div>
    </form>
    <div class="ask-filters">${filterFields()}</div>
  `;
}

function followUpChip() {
  const earlier = turnOf(followed());
  const what = earlier
    ? html`<span class="cut">${visible(earlier.question)}</span>`
    : html`<a href=${hashFor("trace", [followed()])}>an earlier question</a>`;
  return html`<span class="follow-up" data-testid="follow-up">
    <span class="secondary">Follows up</span> ${what}
    <button type="button" class="icon-button" aria-label="Start a new question" title="Start a new question" @click=${startOver}>
      ${icon("close")}
    </button>
  </span>`;
}

function submitted(event) {
  event.preventDefault();
  submit();
}

function pressed(event) {
  if (event.key === "ArrowDown") {
    const first = document.querySelector(".hit-link");
    if (first) {
      event.preventDefault();
      first.focus();
    }
  } else if (event.key === "Escape") {
    event.preventDefault();
    search.turn?.status === "running" && !search.text ? stop(search.turn) : search.text ? typed("") : startOver();
  }
}

function hits() {
  const { found } = search;
  if (!found) {
    return search.text.trim() || search.turn || search.error ? nothing : welcome();
  }
  const { reply, query } = found;
  if (reply.no_match) {
    return noMatch(reply);
  }
  return html`<section class="found" aria-labelledby="found" data-testid="found" data-query=${query}>
    <h2 id="found" class="found-title">${counted(reply.hits.length, "hit")} <span class="secondary">in ${duration(found.milliseconds)}</span></h2>
    ${reply.notices.map(text => html`<p class="notice secondary">${icon("info")} <span>${visible(text)}</span></p>`)}
    ${hitList(reply.hits, query, { label: "Hits" })}
    ${reply.hits.length === search.most && search.most < 40 ? button("More hits", showMore, { kind: "quiet", symbol: "down" }) : nothing}
  </section>`;
}

function noMatch({ near_misses: near }) {
  return html`<section class="missing" data-testid="no-match" aria-label="No match">
    <h2>${icon("search")} Nothing here is about that</h2>
    ${
      near.length > 0
        ? html`<p class="secondary">Nearest:</p>
            <ul>${near.map(miss => html`<li data-testid="near-miss">${sentence(miss)}</li>`)}</ul>`
        : html`<p class="secondary">Try a name from the code, fewer words, or other filters.</p>`
    }
  </section>`;
}

function welcome() {
  if (workspace.status && workspace.status.files === 0 && !workspace.status.indexing) {
    return html`<div class="empty" data-testid="empty">
      <p class="empty-title">Nothing is indexed here yet.</p>
      <p class="secondary">The <a href=${hashFor("index")}>index view</a> says which files there are and why.</p>
    </div>`;
  }
  const ask = example => () => {
    typed(example);
    submit();
  };
  return html`<section class="welcome" aria-labelledby="welcome">
    <h2 id="welcome">Ask about this codebase</h2>
    <p class="secondary">
      Evidence comes first, then sentences, each checked against the lines that it cites. Nothing leaves this machine.
    </p>
    <ul class="examples">
      ${EXAMPLES.map(
        example => html`<li>
          <button type="button" class="link" data-testid="example" @click=${ask(example)}>${example}</button>
        </li>`,
      )}
    </ul>
  </section>`;
}

function conversation() {
  const turns = [];
  for (let turn = search.turn; turn && turns.length < 20; turn = turn.previous) {
    turns.push(turn);
  }
  return html`<div class="turns">${repeat(turns, turn => turn.id, turnTemplate)}</div>`;
}

function spoken() {
  if (search.isBusy || !search.found) {
    return "";
  }
  const { reply, query } = search.found;
  return reply.no_match ? `Nothing for ${visible(query)}.` : `${counted(reply.hits.length, "hit")}.`;
}
