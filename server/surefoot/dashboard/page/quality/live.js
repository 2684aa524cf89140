// What the kept traces come to: how long questions take, how many get no answer, who asks, and where it fails.

import { html, ref } from "../vendor/lit.js";
import { counted, duration, measure, share, whole } from "../base/numbers.js";
import { bars, empty, table, tiles, watchWidth } from "../base/pieces.js";
import { hashFor } from "../base/route.js";
import { visibleLine } from "../base/visible.js";
import { stageInWords } from "../base/words.js";
import { barChart } from "./charts.js";

export function livePart(metrics) {
  if (metrics.all.questions === 0) {
    return empty(
      "No question was asked in this time.",
      html`Ask one in the <a href=${hashFor("search")}>search view</a>; its trace is counted here.`,
    );
  }
  return html`
    ${figures(metrics)}
    <h3>Questions per day</h3>
    <div class="scroll" data-name="Questions per day" ${ref(watchWidth)}>${days(metrics.by_day)}</div>
    <div class="columns">
      <div><h3>Time per stage</h3>${stages(metrics.stages)}</div>
      <div>
        <h3>By client</h3>
        ${tallies("By client", "From", metrics.by_client)}
        <h3>By kind</h3>
        ${tallies("By kind", "Kind", metrics.by_kind)}
        <h3>Failures by stage</h3>
        ${failures(metrics.failures)}
      </div>
    </div>
  `;
}

function figures({
  all,
  questions_per_day: perDay,
  abstention_rate: abstained,
  withheld_rate: withheld,
  questions_with_drift: drift,
}) {
  return tiles([
    ["Questions", whole(all.questions), `${measure(perDay)} a day`],
    ["Half within", duration(all.whole.p50), "p50"],
    ["Nearly all within", duration(all.whole.p95), "p95"],
    ["No answer", share(abstained, 1), "abstention rate"],
    ["Withheld", share(withheld, 1), "of all sentences"],
    ["Shown in part", share(all.partly, Math.max(1, all.claims)), "of those shown"],
    ["Met changed files", whole(drift), counted(all.freshened, "file")],
    ["Failed", whole(all.failed), "questions"],
  ]);
}

function days(tallied) {
  const shown = tallied.map(({ name, questions }) => ({ name: name.slice(5), value: questions }));
  const words = `Questions per day: ${tallied.map(({ name, questions }) => `${name} ${questions}`).join(", ")}`;
  return barChart(shown, visibleLine(words));
}

function stages(found) {
  const longest = Math.max(0.001, ...Object.values(found).map(stage => stage.p95));
  const scale = value => (value / longest) * 1000;
  const rows = Object.entries(found).map(
    ([name, { count, p50, p95 }]) => html`<tr title=${stageInWords(name)}>
      <th scope="row">${visibleLine(name)}</th>
      <td class="number">${duration(p50)}</td>
      <td class="number">${duration(p95)}</td>
      <td class="number">${whole(count)}</td>
      <td class="wide">${bars([
        { x: 0, width: scale(p95), kind: "faint" },
        { x: 0, width: scale(p50) },
      ])}</td>
    </tr>`,
  );
  return table("Time per stage", ["Stage", "p50", "p95", "Runs", "In proportion"], rows);
}

function tallies(title, first, found) {
  const rows = found.map(
    ({ name, questions, abstained, failed, claims, withheld, whole: took }) => html`<tr>
      <th scope="row">${visibleLine(name) || html`<span class="secondary">unknown</span>`}</th>
      <td class="number">${whole(questions)}</td>
      <td class="number">${duration(took.p50)}</td>
      <td class="number">${duration(took.p95)}</td>
      <td class="number">${share(abstained, Math.max(1, questions - failed))}</td>
      <td class="number">${share(withheld, Math.max(1, claims + withheld))}</td>
    </tr>`,
  );
  return table(title, [first, "Questions", "p50", "p95", "No answer", "Withheld"], rows);
}

function failures(counts) {
  const ordered = Object.entries(counts).sort((one, other) => other[1] - one[1]);
  if (ordered.length === 0) {
    return html`<p>None.</p>`;
  }
  const rows = ordered.map(
    ([stage, count]) => html`<tr>
      <th scope="row">${visibleLine(stage) || "before the first stage"}</th>
      <td class="number">${whole(count)}</td>
    </tr>`,
  );
  return table("Failures by stage", ["Stage", "Failures"], rows);
}
