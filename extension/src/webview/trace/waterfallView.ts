// The waterfall: one row per stage with a bar for each of its runs, and its counts and details unfolded.

import { html, type TemplateResult } from "lit";
import { counted, duration, measure } from "../../numbers";
import type { StageReply } from "../../protocol";
import { visible } from "../../visible";
import { bars, facts, fold, type Piece } from "../panelPieces";
import { detailPiece } from "./detailsView";
import type { TracePage } from "./page";
import { section, sectionLink } from "./pieces";
import { BAR_SCALE, barsOf, rowsOf, type StageRow } from "./stages";
import { inWords, stageInWords } from "./words";

/** Details of a stage's last run that have a section of their own. */
const SHOWN_BELOW: Record<string, [id: string, title: string]> = {
  "rerank.ranking": ["candidates", "Candidates"],
  "lexical.ranking": ["rankings", "What each retriever ranked"],
  "vector.ranking": ["rankings", "What each retriever ranked"],
  "symbol.ranking": ["rankings", "What each retriever ranked"],
  "budget.items": ["sources", "Sources"],
  "budget.dropped": ["sources", "Sources"],
  "prompt.system": ["context", "Context"],
  "prompt.user": ["context", "Context"],
  "prompt.grammar": ["context", "Context"],
  "generate.draft": ["draft", "Draft and claims"],
  "extract.draft": ["draft", "Draft and claims"],
};

export function waterfallView(page: TracePage): TemplateResult {
  const whole = page.trace.milliseconds;
  const rows = rowsOf(page.trace).map(row => html`<li>${stageView(page, row, whole)}</li>`);
  return section("stages", "Stages", rows.length > 0 ? html`<ol class="waterfall">${rows}</ol>` : "None was recorded.");
}

function stageView(page: TracePage, row: StageRow, whole: number): TemplateResult {
  const times = row.runs.length > 1 ? html` <span class="secondary">× ${row.runs.length}</span>` : "";
  const summary = html`<span class="stage">
    <span class="name">${visible(row.name)}${times}</span>
    ${bars(barsOf(row, whole), BAR_SCALE)}
    <span class="time">${duration(row.milliseconds)}</span>
  </span>`;
  return fold(page.folding, `stage:${row.name}`, summary, unfoldedView(page, row), "trace-stage");
}

function unfoldedView(page: TracePage, row: StageRow): Piece {
  const last = row.runs.at(-1);
  const what = stageInWords(row.name);
  return html`${what ? html`<p>${what}</p>` : ""}
  ${
    row.runs.length === 1 && last
      ? runView(page, row.name, last, true)
      : html`<p class="secondary">${counted(row.runs.length, "run")}, one after the other:</p>
        <ol class="runs">
          ${row.runs.map(run => html`<li>${runView(page, row.name, run, run === last)}</li>`)}
        </ol>`
  }`;
}

function runView(page: TracePage, stage: string, run: StageReply, isLast: boolean): Piece {
  const counts = Object.entries(run.counts).map(([name, value]): [string, Piece] => [inWords(name), measure(value)]);
  const details = Object.entries(run.details).map(([name, value]): [string, Piece] => {
    const below = isLast ? SHOWN_BELOW[`${stage}.${name}`] : undefined;
    const shown = below ? html`under ${sectionLink(below[0], below[1])}` : detailPiece(page, name, value);
    return [inWords(name), shown];
  });
  const when = html`<p class="secondary">From ${duration(run.started_ms)}, for ${duration(run.milliseconds)}.</p>`;
  return html`${when}${facts([...counts, ...details])}`;
}
