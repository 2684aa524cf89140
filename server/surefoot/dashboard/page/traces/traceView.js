// One trace: what was asked, the waterfall of its stages, the draft beside what was verified, and a replay.

import { html, nothing } from "../vendor/lit.js";
import { getJson } from "../base/api.js";
import { icon } from "../base/icons.js";
import { loaded } from "../base/load.js";
import { duration, recently } from "../base/numbers.js";
import { copyButton, fold, section } from "../base/pieces.js";
import { hashFor } from "../base/route.js";
import { visible, visibleLine } from "../base/visible.js";
import { draftAndClaims } from "./claimsView.js";
import { replayPart } from "./replay.js";
import { recordFacts, waterfall } from "./waterfall.js";

const one = loaded();
let traceId = "";

export const traceView = {
  title: () => `Trace ${one.value?.question ?? traceId}`,
  enter: ({ parts: [id = ""] }) => {
    const isNew = id !== traceId;
    traceId = id;
    void one.load(signal => getJson(`/api/traces/${encodeURIComponent(id)}`, {}, { signal }), { anew: isNew });
  },
  template: () => html`
    <p class="breadcrumb"><a href=${hashFor("traces")}>Traces</a></p>
    ${one.template("Reading the trace…", traceTemplate)}
  `,
};

function traceTemplate(trace) {
  const claims = draftAndClaims(trace);
  return html`
    <div class="view-head">
      <h1 tabindex="-1" class="question-title">${visible(trace.question) || "(empty)"}</h1>
      <p class="secondary" data-testid="trace-facts">${described(trace)}</p>
      <p class="actions">
        <a class="button quiet" href=${hashFor("search", [], { q: trace.question, ask: trace.kind === "ask" })}>${icon("search")}<span>Ask again</span></a>
        ${copyButton("Copy as JSON", () => JSON.stringify(trace, null, 2))}
      </p>
    </div>
    ${section("stages", "Stages", waterfall(trace))}
    ${claims === nothing ? nothing : section("claims", "Draft beside claims", claims)}
    ${section("replay", "Replay", html`<p class="secondary">Asks the same against today's index, and names the stage that makes something else of it.</p>`, replayPart(trace))}
    ${section("record", "On record", record(trace, "versions", "What answered: versions and settings"), record(trace, "request", "What was asked, in full"))}
  `;
}

function described({ kind, client, milliseconds, outcome, started_at: started, trace_id: id }) {
  const parts = [
    visibleLine(kind),
    client && `from ${visibleLine(client)}`,
    duration(milliseconds),
    visibleLine(outcome),
    recently(started),
    id,
  ];
  return parts.filter(Boolean).join(" · ");
}

function record(trace, name, title) {
  const fields = trace[name] ?? {};
  return Object.keys(fields).length === 0
    ? html`<p class="secondary">${title}: not kept by the version that traced this.</p>`
    : fold(`${name} ${trace.trace_id}`, title, () => recordFacts(fields));
}
