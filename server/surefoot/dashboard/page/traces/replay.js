// Asks a traced question again, perhaps with a stage changed, and shows which stage first made something else of it.

import { html, live, nothing } from "../vendor/lit.js";
import { postJson } from "../base/api.js";
import { draw } from "../base/draw.js";
import { icon } from "../base/icons.js";
import { loaded } from "../base/load.js";
import { counted } from "../base/numbers.js";
import { fold, table } from "../base/pieces.js";
import { hashFor } from "../base/route.js";
import { sentence } from "../base/sentence.js";
import { lookUp } from "../base/values.js";
import { visible, visibleLine } from "../base/visible.js";

const OPTIONS = [
  "rerank.off=true",
  "vector.off=true",
  "lexical.off=true",
  "symbol.off=true",
  "floor.off=true",
  "search.k=20",
  "generate.model=none",
];
const MOST = 25; // differences at a time
const KINDS = {
  gone: "gone",
  new: "new",
  moved: "other rank",
  lines: "other lines",
  text: "other text",
  rule: "rule",
  value: "value",
};

const replay = loaded();
const state = { traceId: "", options: "", isAsked: false };

/** The part of a trace's page that replays it. */
export function replayPart(trace) {
  if (state.traceId !== trace.trace_id) {
    Object.assign(state, { traceId: trace.trace_id, options: "", isAsked: false });
    replay.clear();
  }
  return html`<form class="replay" @submit=${event => submitted(event, trace)}>
      <label class="field grow">
        <span>Changed for the replay; may be left empty</span>
        <input
          type="text"
          list="replay-options"
          data-testid="replay-options"
          spellcheck="false"
          placeholder="rerank.off=true search.k=20"
          .value=${live(state.options)}
          @input=${event => (state.options = event.target.value)}
        >
        <datalist id="replay-options">${OPTIONS.map(option => html`<option value=${option}></option>`)}</datalist>
      </label>
      <button type="submit" class="button primary" data-testid="replay" ?disabled=${replay.isBusy}>
        ${icon("sync")}<span>${replay.isBusy ? "Replaying…" : "Replay"}</span>
      </button>
    </form>
    <div aria-live="polite">${state.isAsked ? replay.template("Asking again…", reply => differences(reply)) : nothing}</div>`;
}

function submitted(event, trace) {
  event.preventDefault();
  state.isAsked = true;
  const set = state.options
    .split(/[\s,]+(?=[a-z]+\.)/)
    .map(option => option.trim())
    .filter(Boolean);
  void replay.load(signal => postJson(`/api/traces/${trace.trace_id}/replay`, { set }, { signal }), { anew: true });
  draw();
}

function differences(reply) {
  const { before_id: before, after_id: after, first_difference: first, stages, conditions } = reply;
  return html`<div class="differences" data-testid="differences">
    <p class="headline">
      ${icon(first ? "edit" : "check")}
      <span>${first ? html`The first stage that differs is <strong data-testid="first-difference">${visibleLine(first)}</strong>.` : "Nothing differs."}</span>
    </p>
    <p class="secondary">Then: ${visible(reply.before_outcome)}. Now: ${visible(reply.after_outcome)}.</p>
    ${conditions.length > 0 ? html`<h3>What is different about today</h3>${changeTable("Conditions", conditions)}` : nothing}
    ${stages.map(stage => stageDifference(reply, stage))}
    ${after ? html`<p><a class="button quiet" data-testid="compare-replay" href=${hashFor("compare", [before, after])}>${icon("moved")}<span>Side by side</span></a></p>` : nothing}
  </div>`;
}

function stageDifference(reply, { stage, is_cause: isCause, reason, changes }) {
  const title = html`<span class="stage-name">${visibleLine(stage)}</span>
    ${isCause ? html`<span class="badge warn">cause</span>` : nothing}
    <span class="secondary">${counted(changes.length, "difference")}: ${sentence(reason)}</span>`;
  return fold(`difference ${reply.after_id} ${stage}`, title, () => changeTable(`Differences of ${stage}`, changes), {
    open: isCause,
    testId: "stage-difference",
  });
}

function changeTable(name, changes, from = 0) {
  const rest = changes.slice(from + MOST);
  const rows = changes.slice(from, from + MOST).map(
    ({ kind, subject, before, after }) => html`<tr>
      <td>${lookUp(KINDS, kind) ?? visibleLine(kind)}</td>
      <th scope="row"><bdi class="place" dir="ltr">${visible(subject)}</bdi></th>
      <td>${visible(before) || html`<span class="secondary">nothing</span>`}</td>
      <td>${visible(after) || html`<span class="secondary">nothing</span>`}</td>
    </tr>`,
  );
  return html`${table(name, ["What", "Of", "Then", "Now"], rows)}
  ${rest.length > 0 ? fold(`rest ${name} ${from}`, `${counted(rest.length, "more difference")}`, () => changeTable(name, changes, from + MOST)) : nothing}`;
}
