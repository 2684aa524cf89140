// Wrong answer: the right place is picked, and the question becomes a case of the golden set.
//
// Invariant: nothing is sent before a place was picked, or it was said that nothing here answers the question.

import { html, live, nothing, ref } from "../vendor/lit.js";
import { getJson, isAborted, postJson, sentenceOf } from "../base/api.js";
import { draw } from "../base/draw.js";
import { absolute } from "../base/editor.js";
import { button, failure, labelOf, opened, placeText } from "../base/pieces.js";
import { visible, visibleLine } from "../base/visible.js";
import { prefixOf } from "../base/workspace.js";

const QUIET_MS = 120;
const SHOWN = 12;
const NOTHING = "nothing";

let report; // the dialog that is open
let timer;

export function openReport(turn) {
  report = { turn, text: "", places: [], picked: "", start: "", end: "", note: "", error: "", isBusy: false };
  find();
  draw();
}

export function reportDialog() {
  if (!report) {
    return nothing;
  }
  return html`<dialog class="dialog" aria-labelledby="report-title" data-testid="report" @close=${close} ${ref(opened)}>
    <form @submit=${send}>
      <h2 id="report-title">Wrong answer</h2>
      <p class="secondary">
        Pick the place that answers “<bdi>${visible(report.turn.question)}</bdi>”. The question then becomes a case of the golden set.
      </p>
      <label class="field wide">
        <span>Find the right place</span>
        <input
          type="text"
          data-testid="report-text"
          placeholder="A name or a path"
          spellcheck="false"
          .value=${live(report.text)}
          @input=${typed}
        >
      </label>
      <fieldset class="choices">
        <legend class="hidden">The right place</legend>
        ${report.places.map(choice)} ${report.text && report.places.length === 0 ? html`<p class="secondary">No file and no symbol is called that.</p>` : nothing}
      </fieldset>
      ${radio(NOTHING, html`Nothing here answers it`)}
      ${lineFields()}
      <label class="field wide">
        <span>What was wrong? May be left empty</span>
        <textarea rows="2" data-testid="report-note" .value=${live(report.note)} @input=${event => (report.note = event.target.value)}></textarea>
      </label>
      ${report.error ? failure(report.error) : nothing}
      <p class="actions">
        <button type="submit" class="button primary" data-testid="report-send" ?disabled=${!isReady() || report.isBusy}>
          <span>Save as a case</span>
        </button>
        ${button("Cancel", event => event.target.closest("dialog").close(), { kind: "quiet" })}
      </p>
    </form>
  </dialog>`;
}

function close() {
  clearTimeout(timer);
  report = undefined;
  draw();
}

function choice(place) {
  const label = prefixOf(place.root) + labelOf(place);
  return radio(
    keyOf(place),
    html`${place.name ? html`<bdi class="symbol" dir="ltr">${visibleLine(place.name)}</bdi>` : nothing} ${placeText(label)}`,
  );
}

function radio(value, label) {
  const pick = () => {
    const place = report.places.find(one => keyOf(one) === value);
    Object.assign(report, { picked: value, start: place?.start_line ?? "", end: place?.end_line ?? "" });
    draw();
  };
  return html`<label class="choice">
    <input type="radio" name="place" value=${value} .checked=${live(report.picked === value)} @change=${pick}>
    <span>${label}</span>
  </label>`;
}

/** The lines of what was picked: known for a symbol, to be said for a file. */
function lineFields() {
  if (!picked()) {
    return nothing;
  }
  const field = (title, name) => html`<label class="field">
    <span>${title}</span>
    <input
      type="number"
      min="1"
      required
      data-testid="report-${name}"
      .value=${live(String(report[name]))}
      @input=${event => {
        report[name] = event.target.value;
        draw();
      }}
    >
  </label>`;
  return html`<div class="fields">${field("From line", "start")} ${field("to line", "end")}</div>`;
}

function picked() {
  return report.places.find(place => keyOf(place) === report.picked);
}

function isReady() {
  const [start, end] = [Number(report.start), Number(report.end)];
  return report.picked === NOTHING || (picked() && start >= 1 && end >= start);
}

function keyOf({ root, path, start_line: line = 0, name = "" }) {
  return [root, path, line, name].join("\n");
}

function typed(event) {
  report.text = event.target.value;
  clearTimeout(timer);
  timer = setTimeout(find, QUIET_MS);
  draw();
}

async function find() {
  const mine = report;
  if (!mine) {
    return; // it was sent or given up while somebody was still typing
  }
  const text = mine.text.trim();
  mine.controller?.abort();
  mine.controller = new AbortController();
  try {
    mine.places = await (text ? named(text, mine.controller) : found(mine.turn));
    if (mine.picked !== NOTHING && !mine.places.some(place => keyOf(place) === mine.picked)) {
      mine.picked = "";
    }
  } catch (error) {
    if (isAborted(error)) {
      return;
    }
    mine.error = sentenceOf(error);
  }
  draw();
}

async function named(text, { signal }) {
  const [symbols, files] = await Promise.all([
    getJson("/api/symbols", { text }, { signal }),
    getJson("/api/files", { text }, { signal }),
  ]);
  return [...symbols.symbols.slice(0, SHOWN), ...files.files.slice(0, SHOWN)];
}

/** Before anything is typed: the evidence, of which the answer may have used the wrong part. */
function found({ hits }) {
  return hits.slice(0, SHOWN).map(hit => ({ ...hit, name: hit.symbol }));
}

async function send(event) {
  event.preventDefault();
  const mine = report;
  if (!isReady() || mine.isBusy) {
    return;
  }
  const place = picked();
  const places = place
    ? [{ path: absolute(place.root, place.path), start_line: Number(mine.start), end_line: Number(mine.end) }]
    : [];
  mine.isBusy = true;
  draw();
  try {
    const body = { trace_id: mine.turn.reply.trace_id, places, note: mine.note.trim() };
    const { case_id: name, file } = await postJson("/api/report", body);
    mine.turn.reported = `Saved as case ${name} of the golden set in ${file}`;
    report = report === mine ? undefined : report;
  } catch (error) {
    Object.assign(mine, { error: sentenceOf(error), isBusy: false });
  }
  draw();
}
