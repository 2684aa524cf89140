// The list of traces: what was asked, by whom, and what came of it; filters, pages, and two that are compared.
//
// Invariant: filters and page are in the address; which two are ticked is not.

import { html, live, nothing, repeat } from "../vendor/lit.js";
import { getJson } from "../base/api.js";
import { draw } from "../base/draw.js";
import { icon } from "../base/icons.js";
import { loaded } from "../base/load.js";
import { duration, recently } from "../base/numbers.js";
import { button, empty, table } from "../base/pieces.js";
import { go, hashFor } from "../base/route.js";
import { visible, visibleLine } from "../base/visible.js";

const PAGE = 50;
const QUIET_MS = 200;
const FILTERS = {
  kind: ["Kind", ["ask", "search", "explain", "replay"]],
  client: ["Asked from", ["cli", "editor", "mcp", "dashboard", "evals"]],
  outcome: ["Outcome", ["answered", "abstained", "failed", "cancelled"]],
};

const list = loaded();
const ticked = [];
let wanted = {};
let timer;

export const tracesView = {
  title: () => "Traces",
  enter: ({ params }) => {
    if ((params.get("before") ?? "") !== wanted.before) {
      scrollTo(0, 0); // the link to the next page is at the end of this one
    }
    wanted = Object.fromEntries(
      ["text", ...Object.keys(FILTERS), "before"].map(name => [name, params.get(name) ?? ""]),
    );
    void load();
  },
  template,
};

function load() {
  return list.load(signal => getJson("/api/traces", { limit: PAGE, ...wanted }, { signal }));
}

function filter(changes, { replace = false } = {}) {
  go(hashFor("traces", [], { ...wanted, before: "", ...changes }), { replace });
}

function template() {
  return html`
    <div class="view-head">
      <h1 tabindex="-1">Traces</h1>
      <p class="secondary">One per question, with every stage. They stay on this machine.</p>
    </div>
    <div class="filters" role="group" aria-label="Filters">
      <label class="field grow">
        <span>Question</span>
        <input type="search" data-box data-testid="trace-text" spellcheck="false" placeholder="Words of the question" .value=${live(wanted.text)} @input=${typed}>
      </label>
      ${Object.entries(FILTERS).map(([name, [title, options]]) => select(name, title, options))}
      ${button("Refresh", load, { kind: "quiet", symbol: "sync" })}
    </div>
    ${compareBar()}
    ${list.template("Reading the traces…", ({ traces }) => (traces.length > 0 ? rows(traces) : none()))}
  `;
}

function typed(event) {
  const text = event.target.value;
  wanted.text = text;
  clearTimeout(timer);
  timer = setTimeout(() => filter({ text }, { replace: true }), QUIET_MS);
}

function select(name, title, options) {
  return html`<label class="field">
    <span>${title}</span>
    <select data-testid="trace-${name}" @change=${event => filter({ [name]: event.target.value })}>
      <option value="" .selected=${wanted[name] === ""}>any</option>
      ${options.map(option => html`<option value=${option} .selected=${wanted[name] === option}>${option}</option>`)}
    </select>
  </label>`;
}

function none() {
  const isFiltered = Object.values(wanted).some(Boolean);
  return isFiltered
    ? empty(
        "No trace is like that.",
        "Take a filter away, or go back to the newest.",
        button("Clear filters", () => go(hashFor("traces"))),
      )
    : empty(
        "No question has been asked yet.",
        html`Ask one in the <a href=${hashFor("search")}>search view</a>, in an editor or on the command line; its trace is then here.`,
      );
}

function rows(traces) {
  const body = repeat(traces, trace => trace.trace_id, row);
  return html`${table("Traces", ["Compare", "Question", "Outcome", "Kind", "From", "Took", "When"], body, "traces")}
    <nav class="pages" aria-label="Pages">
      ${wanted.before ? html`<a class="button quiet" href=${hashFor("traces", [], { ...wanted, before: "" })}>Newest</a>` : nothing}
      ${
        traces.length === PAGE
          ? html`<a class="button quiet" data-testid="older" href=${hashFor("traces", [], { ...wanted, before: traces.at(-1).trace_id })}>Older</a>`
          : nothing
      }
    </nav>`;
}

function row(trace) {
  const { trace_id: id, question, outcome, kind, client, milliseconds, started_at: started } = trace;
  const index = ticked.indexOf(id);
  return html`<tr data-testid="trace-row" data-kind=${kind}>
    <td class="tick">
      <label class="check">
        <input type="checkbox" .checked=${live(index >= 0)} aria-label="Compare ${visibleLine(question).slice(0, 80)}, ${recently(started)}" @change=${() => tick(id)}>
      </label>
    </td>
    <th scope="row"><a href=${hashFor("trace", [id])}><span class="clamp">${visible(question) || "(empty)"}</span></a></th>
    <td><span class="clamp">${visible(outcome)}</span></td>
    <td data-label="Kind">${visibleLine(kind)}</td>
    <td data-label="From">${visibleLine(client) || html`<span class="secondary">unknown</span>`}</td>
    <td class="number">${duration(milliseconds)}</td>
    <td class="number">${recently(started)}</td>
  </tr>`;
}

/** Two are compared: a third one takes the place of the first. */
function tick(id) {
  const index = ticked.indexOf(id);
  index >= 0 ? ticked.splice(index, 1) : ticked.push(id);
  ticked.splice(0, Math.max(0, ticked.length - 2));
  draw();
}

function compareBar() {
  if (ticked.length === 0) {
    return nothing;
  }
  return html`<div class="compare-bar" role="status" data-testid="compare-bar">
    <span>${ticked.length === 1 ? "One trace is ticked; tick another to compare the two." : "Two traces are ticked."}</span>
    ${ticked.length === 2 ? html`<a class="button primary" data-testid="compare" href=${hashFor("compare", [...ticked])}>${icon("moved")}<span>Compare</span></a>` : nothing}
    ${button(
      "Untick",
      () => {
        ticked.length = 0;
        draw();
      },
      { kind: "quiet" },
    )}
  </div>`;
}
