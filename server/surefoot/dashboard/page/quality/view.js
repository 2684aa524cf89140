// The quality view: what real questions came to, and what evaluations found over commits.

import { html } from "../vendor/lit.js";
import { getJson } from "../base/api.js";
import { loaded } from "../base/load.js";
import { empty, notice, section } from "../base/pieces.js";
import { go, hashFor } from "../base/route.js";
import { sentence } from "../base/sentence.js";
import { evalsPart } from "./evals.js";
import { livePart } from "./live.js";

const DAYS = { 1: "1 day", 7: "7 days", 30: "30 days", 365: "a year" };

const quality = loaded();
const metrics = loaded();
let days = "30";

export const qualityView = {
  title: () => "Quality",
  enter: ({ params }) => {
    days = Object.hasOwn(DAYS, params.get("days")) ? params.get("days") : "30";
    void metrics.load(signal => getJson("/api/metrics", { days }, { signal }));
    void quality.load(signal => getJson("/api/quality", {}, { signal }));
  },
  template,
};

function template() {
  return html`
    <div class="view-head"><h1 tabindex="-1">Quality</h1></div>
    ${section("live", "Questions that were asked", liveHead(), metrics.template("Adding up the traces…", livePart))}
    ${section("evals", "Evaluations", quality.template("Reading the results…", evaluations))}
  `;
}

function liveHead() {
  return html`<label class="field">
    <span>Of the last</span>
    <select data-testid="quality-days" @change=${event => go(hashFor("quality", [], { days: event.target.value }))}>
      ${Object.entries(DAYS).map(([value, label]) => html`<option value=${value} .selected=${value === days}>${label}</option>`)}
    </select>
  </label>`;
}

function evaluations(found) {
  if (found.runs.length === 0) {
    return empty("There is no evaluation here yet.", sentence(found.notice));
  }
  return html`${found.notice ? notice(found.notice) : ""} ${evalsPart(found)}`;
}
