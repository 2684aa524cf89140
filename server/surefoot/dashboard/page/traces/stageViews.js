// What opening a stage shows: mentions, rankings with scores, rules, what was dropped and why, context, prompt, claims.
//
// Invariant: what a view of its own does not show of a stage's details is listed below it.

import { html, nothing } from "../vendor/lit.js";
import { icon } from "../base/icons.js";
import { counted, measure, whole } from "../base/numbers.js";
import { fold, longText, placeLink, table } from "../base/pieces.js";
import { fieldsOf, listOf, lookUp, numberOf, numbersOf, textOf, textsOf } from "../base/values.js";
import { visible, visibleLine } from "../base/visible.js";
import { inWords } from "../base/words.js";
import { candidatesOf, rankingOf, retrieversOf, rulesOf, sourcesOf } from "./candidates.js";
import { claimsOf } from "./claims.js";
import { claimList } from "./claimsView.js";

/** Per stage: what shows the details of its last run, and which of them that covers. */
const VIEWS = {
  resolve: { covers: ["mentions", "terms", "products", "understood", "asked_again", "asked_in_turn"], view: (_trace, run) => understood(run) },
  rerank: { covers: ["ranking"], view: trace => candidates(trace) },
  floor: { covers: ["reason", "passed"], view: (_trace, run) => floor(run) },
  budget: { covers: ["items", "dropped"], view: trace => sources(trace) },
  prompt: { covers: ["system", "user", "grammar"], view: (_trace, run) => prompt(run) },
  generate: {
    covers: ["draft"],
    view: (_trace, run) => longText(textOf(run.details.draft)),
  },
  extract: {
    covers: ["draft"],
    view: (_trace, run) => longText(textOf(run.details.draft)),
  },
};

/** @returns {{content: unknown, covers: string[]} | undefined} */
export function stageView(trace, run) {
  const own = lookUp(VIEWS, run.name);
  if (own) {
    return { content: own.view(trace, run), covers: own.covers };
  }
  return Array.isArray(run.details.ranking) ? { content: ranking(run), covers: ["ranking"] } : undefined;
}

/** Cite and verify run once per claim: what they found stands together. */
export function claimsOfStages(trace) {
  return claimList(claimsOf(trace));
}

export function symbolPiece(place) {
  return place.symbol ? html`<code class="symbol">${visibleLine(place.symbol)}</code>` : nothing;
}

function understood({ details }) {
  const read = textOf(details.understood);
  const rest = textOf(details.asked_again);
  const part = textOf(details.asked_in_turn);
  const products = textsOf(details.products);
  return html`
    ${rest ? html`<p>Asked again without what is missing: ${visible(rest)}</p>` : nothing}
    ${part ? html`<p>Asked by itself, in turn with the rest: ${visible(part)}</p>` : nothing}
    ${read ? html`<p>Read as: ${visible(read)}</p>` : nothing}
    ${products.length > 0 ? html`<p>Looked in: ${visible(products.join(", "))}</p>` : nothing}
    ${mentions(listOf(details.mentions).map(fieldsOf))} ${terms(numbersOf(details.terms))}
  `;
}

function mentions(found) {
  if (found.length === 0) {
    return html`<p>No word of it names anything in the code.</p>`;
  }
  const rows = found.map(
    mention => html`<tr>
      <th scope="row">${visibleLine(textOf(mention.text))}</th>
      <td>${visibleLine(textOf(mention.kind))}</td>
      <td>${visible(textsOf(mention.targets).join(", ")) || "nothing"}</td>
      <td class="number">${measure(numberOf(mention.similarity) ?? 0)}</td>
    </tr>`,
  );
  return table("What the question names", ["Words", "Kind", "Means", "Similarity"], rows);
}

function terms(weighed) {
  const heaviest = [...weighed].sort((one, other) => other[1] - one[1]);
  return weighed.length === 0
    ? nothing
    : html`<p>
        Words by weight, the rarest first:
        ${heaviest.map(([term, weight], index) => html`${index > 0 ? ", " : ""}${visibleLine(term)} (${measure(weight)})`)}
      </p>`;
}

function ranking(run) {
  const entries = rankingOf(run);
  if (entries.length === 0) {
    return html`<p>It found nothing.</p>`;
  }
  const rows = entries.map(
    ({ place, label, score }, index) => html`<tr>
      <td class="number">${index + 1}</td>
      <th scope="row">${place ? html`${placeLink(place)} ${symbolPiece(place)}` : visibleLine(label)}</th>
      <td class="number">${score === undefined ? "" : measure(score)}</td>
    </tr>`,
  );
  return table(`Ranking of ${run.name}`, ["#", "Place", "Score"], rows);
}

function candidates(trace) {
  const found = candidatesOf(trace);
  if (found.length === 0) {
    return html`<p>Nothing was found to choose from.</p>`;
  }
  const retrievers = retrieversOf(found);
  const rules = rulesOf(found);
  const columns = [
    "#",
    "Place",
    "What became of it",
    "Score",
    ...retrievers.map(name => `rank by ${inWords(name)}`),
    ...rules.map(inWords),
  ];
  const rows = found.map((candidate, index) => candidateRow(candidate, index + 1, retrievers, rules));
  return html`<p class="secondary">
      The first ${whole(found.length)} after all rules: the rank that each retriever gave, and by what each rule
      multiplied the score.
    </p>
    ${table("Candidates", columns, rows, "candidates")}`;
}

function candidateRow({ place, fate, score, ranks, rules }, rank, retrievers, ruleNames) {
  const factors = Object.fromEntries(rules);
  return html`<tr data-testid="trace-candidate" data-fate=${fate.kind}>
    <td class="number">${rank}</td>
    <th scope="row">${placeLink(place)}<br>${symbolPiece(place)}</th>
    <td class="fate">${icon(fate.icon)} ${visible(fate.words)}</td>
    <td class="number">${score === undefined ? "" : measure(score)}</td>
    ${retrievers.map(name => html`<td class="number">${ranks[name] === undefined ? html`<span class="secondary">none</span>` : whole(ranks[name])}</td>`)}
    ${ruleNames.map(name => html`<td class="number">${factors[name] === undefined ? "" : `× ${measure(factors[name])}`}</td>`)}
  </tr>`;
}

function floor({ details }) {
  const hasPassed = details.passed === true;
  return html`<p>
    ${icon(hasPassed ? "check" : "gone")} ${hasPassed ? "Something found is about the question" : "Nothing found is about the question"}:
    ${visible(textOf(details.reason))}.
  </p>`;
}

function sources(trace) {
  const { items, dropped, tokens } = sourcesOf(trace);
  const rows = items.map(
    ({ number, place }) => html`<tr>
      <td class="number">[${number}]</td>
      <th scope="row">${placeLink(place)} ${symbolPiece(place)}</th>
    </tr>`,
  );
  return html`
    <p class="secondary">
      ${counted(items.length, "source")}${tokens === undefined ? "" : `, ${counted(tokens, "token")} in all`}. Their numbers are what is cited.
    </p>
    ${items.length > 0 ? table("Sources", ["Number", "Place"], rows) : nothing} ${droppedTable(dropped)} ${texts(items)}
  `;
}

function droppedTable(dropped) {
  if (dropped.length === 0) {
    return html`<p>Nothing was dropped.</p>`;
  }
  const rows = dropped.map(
    ({ place, reason }) => html`<tr data-testid="trace-dropped">
      <th scope="row">${placeLink(place)} ${symbolPiece(place)}</th>
      <td>${icon("close")} ${visible(reason)}</td>
    </tr>`,
  );
  return html`<h4>Dropped</h4>
    ${table("Dropped sources", ["Place", "Why"], rows)}`;
}

function texts(items) {
  return items
    .filter(item => item.place.text)
    .map(({ number, place }) =>
      fold(
        `source ${number} ${place.path}:${place.start_line}`,
        html`[${number}] ${visibleLine(`${place.path}:${place.start_line}-${place.end_line}`)}`,
        () => longText(place.text),
      ),
    );
}

function prompt({ details }) {
  const part = (title, text) =>
    text ? fold(`prompt ${title}`, title, () => longText(text)) : nothing;
  return html`<h4>Context as the model saw it</h4>
    ${longText(textOf(details.user), { testId: "trace-context" })}
    ${part("Instructions", textOf(details.system))} ${part("Grammar", textOf(details.grammar))}`;
}
