// Two traces side by side: when and what, each stage's time, the places that moved, and the claims of both.

import { html } from "../vendor/lit.js";
import { getJson } from "../base/api.js";
import { icon } from "../base/icons.js";
import { loaded } from "../base/load.js";
import { counted, duration, recently } from "../base/numbers.js";
import { bars, empty, fold, placeLink, section, table } from "../base/pieces.js";
import { hashFor } from "../base/route.js";
import { visible, visibleLine } from "../base/visible.js";
import { claimsOf } from "./claims.js";
import { claimList } from "./claimsView.js";
import { movesOf, stagesOf } from "./comparison.js";
import { symbolPiece } from "./stageViews.js";

const pair = loaded();
let ids = [];

export const compareView = {
  title: () => "Two traces",
  enter: ({ parts }) => {
    ids = parts.slice(0, 2);
    if (ids.length === 2) {
      const one = (id, signal) => getJson(`/api/traces/${encodeURIComponent(id)}`, {}, { signal });
      void pair.load(signal => Promise.all(ids.map(id => one(id, signal))), { anew: true });
    }
  },
  template,
};

function template() {
  return html`
    <p class="breadcrumb"><a href=${hashFor("traces")}>Traces</a></p>
    <div class="view-head"><h1 tabindex="-1">Two traces side by side</h1></div>
    ${
      ids.length < 2
        ? empty("Two traces are needed.", html`Tick two in the <a href=${hashFor("traces")}>list of traces</a>.`)
        : pair.template("Reading both traces…", ([one, other]) => compared(one, other))
    }
  `;
}

function compared(one, other) {
  return html`
    <div class="columns heads">${[one, other].map(head)}</div>
    <p class="actions">
      <a class="button quiet" data-testid="swap" href=${hashFor("compare", [...ids].reverse())}>${icon("moved")}<span>Swap</span></a>
    </p>
    ${section("times", "Stages", times(one, other))} ${section("places", "Places that moved", places(one, other))}
    ${section("both-claims", "Claims", claims(one, other))}
  `;
}

function head(trace, index) {
  const { trace_id: id, question, kind, client, milliseconds, outcome, started_at: started } = trace;
  const parts = [visibleLine(kind), client && `from ${visibleLine(client)}`, duration(milliseconds), recently(started)];
  return html`<div class="card" data-testid="compared">
    <h2><span class="badge">${index === 0 ? "A" : "B"}</span> <a href=${hashFor("trace", [id])}>${visible(question)}</a></h2>
    <p class="secondary">${parts.filter(Boolean).join(" · ")}</p>
    <p>${visible(outcome)}</p>
  </div>`;
}

function times(one, other) {
  const stages = stagesOf(one, other);
  const longest = Math.max(...stages.flatMap(stage => [stage.one ?? 0, stage.other ?? 0]), 0.001);
  const bar = value => bars([{ x: 0, width: ((value ?? 0) / longest) * 1000 }]);
  const time = value => (value === undefined ? html`<span class="secondary">did not run</span>` : duration(value));
  const rows = stages.map(
    stage => html`<tr>
      <th scope="row">${visibleLine(stage.name)}</th>
      <td class="number">${time(stage.one)}</td>
      <td class="wide">${bar(stage.one)}</td>
      <td class="number">${time(stage.other)}</td>
      <td class="wide">${bar(stage.other)}</td>
    </tr>`,
  );
  return table("Time per stage", ["Stage", "A", "in proportion", "B", "in proportion"], rows, "times");
}

function places(one, other) {
  const lists = stagesOf(one, other).flatMap(({ name }) => {
    const found = movesOf(name, one, other);
    return found ? [{ name, ...found }] : [];
  });
  if (lists.length === 0) {
    return html`<p>Neither trace has a ranking.</p>`;
  }
  return lists.map(({ name, moved, moves }) => {
    const title = html`<span class="stage-name">${visibleLine(name)}</span>
      <span class="secondary">${moved.length === 0 ? `the same ${counted(moves.length, "place")}` : `${moved.length} of ${counted(moves.length, "place")} moved`}</span>`;
    const content = () => (moved.length === 0 ? html`<p>Nothing moved.</p>` : moveTable(name, moved));
    return fold(`moves ${ids.join(" ")} ${name}`, title, content, {
      open: name === "rerank" && moved.length > 0,
      testId: "moves",
    });
  });
}

function moveTable(name, moved) {
  const rank = value => (value === undefined ? html`<span class="secondary">none</span>` : value);
  const rows = moved.map(
    ({ place, was, is }) => html`<tr>
      <th scope="row">${placeLink(place)} ${symbolPiece(place)}</th>
      <td class="number">${rank(was)}</td>
      <td class="number">${rank(is)}</td>
      <td class="number">${direction(was, is)}</td>
    </tr>`,
  );
  return table(`Places that moved in ${name}`, ["Place", "Rank in A", "Rank in B", "Change"], rows);
}

function direction(was, is) {
  if (was === undefined || is === undefined) {
    return was === undefined ? html`${icon("right")} only in B` : html`${icon("gone")} only in A`;
  }
  const up = is < was;
  return html`<span class=${up ? "good-text" : "bad-text"}>${icon(up ? "rise" : "fall")} ${up ? "up" : "down"} ${Math.abs(is - was)}</span>`;
}

function claims(one, other) {
  const both = [one, other].map(claimsOf);
  return both.every(found => found.length === 0)
    ? html`<p>Neither trace has an answer.</p>`
    : html`<div class="columns">
        ${both.map((found, index) => html`<div><h3>${index === 0 ? "A" : "B"}</h3>${found.length > 0 ? claimList(found) : html`<p class="secondary">No claim.</p>`}</div>`)}
      </div>`;
}
