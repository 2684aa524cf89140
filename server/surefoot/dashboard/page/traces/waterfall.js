// The waterfall: one row per stage with a bar for each of its runs, and what it did unfolded.

import { html, nothing } from "../vendor/lit.js";
import { counted, duration, measure } from "../base/numbers.js";
import { bars, facts, fold } from "../base/pieces.js";
import { visible, visibleLine } from "../base/visible.js";
import { inWords, stageInWords } from "../base/words.js";
import { detailPiece } from "./details.js";
import { claimsOfStages, stageView } from "./stageViews.js";
import { barsOf, rowsOf } from "./stages.js";

const PER_CLAIM = ["cite", "verify"];
const COUNTS_SHOWN = 3; // beside the bar; all of them stand below it

export function waterfall(trace) {
  const rows = rowsOf(trace);
  return rows.length === 0
    ? html`<p>No stage was recorded.</p>`
    : html`<ol class="waterfall">
        ${rows.map(row => html`<li>${stageRow(trace, row)}</li>`)}
      </ol>`;
}

function stageRow(trace, row) {
  const times = row.runs.length > 1 ? html` <span class="secondary">× ${row.runs.length}</span>` : nothing;
  const summary = html`<span class="stage">
    <span class="name">${visibleLine(row.name)}${times}</span>
    ${bars(barsOf(row, trace.milliseconds))}
    <span class="time">${duration(row.milliseconds)}</span>
    <span class="counts secondary">${countsOf(row)}</span>
  </span>`;
  return fold(`stage ${trace.trace_id} ${row.name}`, summary, () => unfolded(trace, row), { testId: "trace-stage" });
}

function countsOf({ runs }) {
  const last = runs.at(-1);
  if ("error" in last.details) {
    return "failed";
  }
  const counts = Object.entries(last.counts).slice(0, COUNTS_SHOWN);
  return runs.length > 1 ? "" : counts.map(([name, value]) => `${measure(value)} ${inWords(name)}`).join(", ");
}

function unfolded(trace, row) {
  const what = stageInWords(row.name);
  const isPerClaim = PER_CLAIM.includes(row.name);
  const last = row.runs.at(-1);
  return html`
    ${what ? html`<p class="secondary">${what}</p>` : nothing} ${isPerClaim ? claimsOfStages(trace) : nothing}
    ${
      row.runs.length === 1
        ? runView(trace, last, !isPerClaim)
        : fold(
            `runs ${trace.trace_id} ${row.name}`,
            `${counted(row.runs.length, "run")}, one after the other`,
            () =>
              html`<ol>${row.runs.map(run => html`<li>${runView(trace, run, run === last && !isPerClaim)}</li>`)}</ol>`,
            { open: !isPerClaim },
          )
    }
  `;
}

function runView(trace, run, hasView) {
  const own = hasView ? stageView(trace, run) : undefined;
  const counts = Object.entries(run.counts).map(([name, value]) => [inWords(name), measure(value)]);
  const details = Object.entries(run.details)
    .filter(([name]) => !own?.covers.includes(name))
    .map(([name, value]) => [inWords(name), detailPiece(name, value)]);
  return html`${own?.content ?? nothing}
    <p class="secondary">From ${duration(run.started_ms)}, for ${duration(run.milliseconds)}.</p>
    ${counts.length + details.length > 0 ? facts([...counts, ...details]) : nothing}`;
}

/** A record of the trace, as its request or its versions: whatever fields it has. */
export function recordFacts(record) {
  const entries = Object.entries(record).filter(([, value]) => value !== null && value !== "" && !isEmptyList(value));
  return facts(entries.map(([name, value]) => [inWords(name), detailPiece(visible(name), value)]));
}

function isEmptyList(value) {
  return Array.isArray(value) && value.length === 0;
}
