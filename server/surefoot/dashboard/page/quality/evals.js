// Evaluations over commits: figures, the gate, the stages that lose right places, and each miss.

import { html, live, nothing } from "../vendor/lit.js";
import { draw } from "../base/draw.js";
import { icon } from "../base/icons.js";
import { counted, whole } from "../base/numbers.js";
import { bars, fold, table } from "../base/pieces.js";
import { hashFor } from "../base/route.js";
import { visible, visibleLine } from "../base/visible.js";
import { inWords } from "../base/words.js";
import { lineChart } from "./charts.js";

/** The figures that are drawn, in this order, with what they say. Others stand in the table of all. */
const DRAWN = {
  file_hit5: "right file among the first 5",
  file_ndcg: "right files, by rank",
  span_hit5: "right lines among the first 5",
  span_ndcg: "right lines, by rank",
  right_source: "a right place is cited",
  refused: "no hit where there is none",
  listed: "says what is missing",
  right_product: "the right product",
  valid_citations: "citations that hold",
  true_places: "places that exist",
};
const SHOWN_MISSES = 40;

const state = { group: "", stage: "", shown: SHOWN_MISSES };

export function evalsPart({ runs, misses, gate }) {
  const latest = runs.at(-1);
  const groups = [...Object.keys(latest.figures), ...Object.keys(latest.buckets)];
  const group = groups.includes(state.group) ? state.group : groups[0];
  return html`
    <div class="row spread">
      <p class="secondary">
        ${counted(runs.length, "run")}; the latest is of ${visibleLine(latest.when)}, commit <code>${visibleLine(latest.commit || latest.name)}</code>.
      </p>
      <label class="field">
        <span>Cases</span>
        <select data-testid="quality-group" @change=${event => choose({ group: event.target.value })}>
          ${groups.map(name => html`<option value=${name} .selected=${live(name === group)}>${visibleLine(inWords(name))}</option>`)}
        </select>
      </label>
    </div>
    ${charts(runs, group, gate)} ${gatePart(gate)} ${lostPart(latest, group)} ${missesPart(misses)}
    ${fold("all figures", "All figures of the latest run", () => allFigures(latest))}
  `;
}

function choose(changes) {
  Object.assign(state, changes);
  draw();
}

function valuesOf(run, group) {
  return run.figures[group] ?? run.buckets[group] ?? {};
}

function charts(runs, group, gate) {
  const names = Object.keys(DRAWN).filter(name => runs.some(run => name in valuesOf(run, group)));
  return html`<div class="charts">
    ${names.map(name => {
      const values = runs.map(run => valuesOf(run, group)[name]);
      const floor = gate?.floors.find(one => one.group === group && one.metric === name)?.least;
      return chart(name, values, floor, runs);
    })}
  </div>`;
}

function chart(name, values, floor, runs) {
  const last = values.at(-1);
  const before = values.slice(0, -1).findLast(value => value !== undefined);
  const words = `${DRAWN[name]} (${inWords(name)}): ${values.map((value, index) => `${runs[index].commit || runs[index].name} ${figure(value)}`).join(", ")}`;
  return html`<figure class="chart" data-testid="chart">
    <figcaption>
      <strong class="figure">${figure(last)}</strong> ${changed(last, before)}
      <span class="what">${DRAWN[name]}</span>
      <code class="secondary">${name}</code>
    </figcaption>
    ${lineChart(values, visibleLine(words), { floor })}
    ${floor === undefined ? nothing : html`<small class="secondary">floor ${figure(floor)}</small>`}
  </figure>`;
}

function figure(value) {
  return value === undefined || value === null ? "–" : value.toFixed(3);
}

function changed(last, before) {
  if (last === undefined || before === undefined || Math.abs(last - before) < 0.0005) {
    return nothing;
  }
  const isUp = last > before;
  return html`<span class=${isUp ? "good-text" : "bad-text"}>${icon(isUp ? "rise" : "fall")}${Math.abs(last - before).toFixed(3)}</span>`;
}

function gatePart(gate) {
  if (!gate) {
    return html`<h3>Gate</h3><p class="secondary">There is no <code>thresholds.toml</code>, so that nothing is held back.</p>`;
  }
  const failing = gate.floors.filter(floor => !floor.passes);
  const row = ({ group, metric, least, value, passes }) => html`<tr data-passes=${passes}>
    <th scope="row">${visibleLine(inWords(group))}</th>
    <td><code>${visibleLine(metric)}</code></td>
    <td class="number">${figure(least)}</td>
    <td class="number">${figure(value)}</td>
    <td>${passes ? html`${icon("check")} passes` : html`<span class="bad-text">${icon("gone")} below</span>`}</td>
  </tr>`;
  const floors = found => table("Floors of the gate", ["Cases", "Figure", "Floor", "Value", "Verdict"], found.map(row));
  return html`<h3>Gate</h3>
    <p class="headline" data-testid="gate">
      ${icon(gate.passes ? "check" : "warning")}
      <span>${gate.passes ? `All ${counted(gate.floors.length, "floor")} hold.` : `${counted(failing.length, "floor")} of ${whole(gate.floors.length)} not reached.`}</span>
    </p>
    ${failing.length > 0 ? floors(failing) : nothing} ${fold("floors", "All floors", () => floors(gate.floors))}`;
}

/** Over all buckets of a split, or of one bucket. */
function lostPart(run, group) {
  const counts = {};
  for (const [bucket, stages] of Object.entries(run.lost)) {
    if (bucket === group || bucket.startsWith(`${group}.`)) {
      for (const [stage, count] of Object.entries(stages)) {
        counts[stage] = (counts[stage] ?? 0) + count;
      }
    }
  }
  const ordered = Object.entries(counts).sort((one, other) => other[1] - one[1]);
  const most = ordered[0]?.[1] ?? 1;
  const rows = ordered.map(
    ([stage, count]) => html`<tr>
      <th scope="row">${visibleLine(stage)}</th>
      <td class="number">${whole(count)}</td>
      <td class="wide">${bars([{ x: 0, width: (count / most) * 1000 }])}</td>
    </tr>`,
  );
  return html`<h3>Where right places are lost</h3>
    ${rows.length > 0 ? table("Where right places are lost", ["Stage", "Cases", "In proportion"], rows) : html`<p>Nowhere.</p>`}`;
}

function missesPart(misses) {
  if (misses.length === 0) {
    return html`<h3>Misses</h3><p>No case was missed.</p>`;
  }
  const stages = [...new Set(misses.map(miss => miss.lost_in))].sort();
  const found = misses.filter(miss => !state.stage || miss.lost_in === state.stage);
  const shown = found.slice(0, state.shown);
  return html`<div class="row spread">
      <h3>Misses</h3>
      <label class="field">
        <span>Lost in</span>
        <select data-testid="quality-stage" @change=${event => choose({ stage: event.target.value, shown: SHOWN_MISSES })}>
          <option value="" .selected=${state.stage === ""}>any stage</option>
          ${stages.map(stage => html`<option value=${stage} .selected=${stage === state.stage}>${visibleLine(stage)}</option>`)}
        </select>
      </label>
    </div>
    ${table("Misses", ["Question", "Lost in", "Cases", "Corpus", "Trace"], shown.map(missRow))}
    ${
      found.length > shown.length
        ? html`<button type="button" class="more" @click=${() => choose({ shown: found.length })}>${icon("down")}Show ${whole(found.length - shown.length)} more</button>`
        : nothing
    }`;
}

function missRow({ id, question, lost_in: stage, split, bucket, corpus, trace_id: trace, hits }) {
  return html`<tr data-testid="miss">
    <th scope="row">
      ${visible(question) || visibleLine(id)}
      ${hits.length > 0 ? html`<br><span class="secondary">first hit <bdi class="place" dir="ltr">${visibleLine(hits[0])}</bdi></span>` : nothing}
    </th>
    <td>${visibleLine(stage)}</td>
    <td>${visibleLine(`${split}, ${inWords(bucket)}`)}</td>
    <td>${visibleLine(corpus)}</td>
    <td>${trace ? html`<a href=${hashFor("trace", [trace])} aria-label="Trace of ${visibleLine(id)}">trace</a>` : html`<span class="secondary">none</span>`}</td>
  </tr>`;
}

function allFigures({ figures, buckets }) {
  const groups = Object.entries({ ...figures, ...buckets });
  const names = [...new Set(groups.flatMap(([, values]) => Object.keys(values)))].sort();
  const rows = groups.map(
    ([group, values]) => html`<tr>
      <th scope="row">${visibleLine(inWords(group))}</th>
      ${names.map(name => html`<td class="number">${figure(values[name])}</td>`)}
    </tr>`,
  );
  return table("All figures", ["Cases", ...names.map(inWords)], rows);
}
