// How the question was understood, and whether anything found was about it.

import { html, nothing, type TemplateResult } from "lit";
import { counted, measure } from "../../numbers";
import { visible } from "../../visible";
import { icon, link, type Piece, table } from "../panelPieces";
import type { TracePage } from "./page";
import { section } from "./pieces";
import { lastRun, runsOf } from "./stages";
import { fieldsOf, listOf, numberOf, numbersOf, textOf, textsOf } from "./values";

export function understoodView({ trace }: TracePage): TemplateResult | typeof nothing {
  const details = runsOf(trace, "resolve")[0]?.details;
  if (!details) {
    return nothing;
  }
  const understood = textOf(details.understood);
  const products = textsOf(details.products);
  return section("understood", "The question as understood", [
    understood ? html`<p>Read as: ${visible(understood)}</p>` : nothing,
    products.length > 0 ? html`<p>Looked in: ${visible(products.join(", "))}</p>` : nothing,
    mentionsView(listOf(details.mentions).map(fieldsOf)),
    termsView(numbersOf(details.terms)),
  ]);
}

function mentionsView(mentions: Record<string, unknown>[]): Piece {
  if (mentions.length === 0) {
    return html`<p>No word of it names anything in the code.</p>`;
  }
  const rows = mentions.map(
    mention => html`<tr>
      <th scope="row">${visible(textOf(mention.text))}</th>
      <td>${visible(textOf(mention.kind))}</td>
      <td>${visible(textsOf(mention.targets).join(", ")) || "nothing"}</td>
      <td class="number">${measure(numberOf(mention.similarity) ?? 0)}</td>
    </tr>`,
  );
  return table("What the question names", ["Words", "Kind", "Means", "Similarity"], rows);
}

function termsView(terms: [string, number][]): Piece {
  const heaviest = [...terms].sort((one, other) => other[1] - one[1]);
  return terms.length === 0
    ? nothing
    : html`<p>
        Words by weight, the rarest first:
        ${heaviest.map(([term, weight], index) => html`${index > 0 ? ", " : ""}${visible(term)} (${measure(weight)})`)}
      </p>`;
}

export function evidenceView(page: TracePage): TemplateResult | typeof nothing {
  const floor = lastRun(page.trace, "floor");
  if (!floor) {
    return nothing;
  }
  const passed = floor.details.passed === true;
  const coverage = floor.counts.coverage;
  const similarity = floor.counts.similarity;
  const numbers = [
    coverage === undefined ? "" : `best coverage of the question's words ${measure(coverage)}`,
    similarity === undefined ? "" : `nearest vector ${measure(similarity)}`,
  ].filter(Boolean);
  return section("evidence", "Is anything about the question?", [
    html`<p>
      ${icon(passed ? "check" : "circle-slash")} ${passed ? "Yes" : "No"}: ${visible(textOf(floor.details.reason))}.
      <span class="secondary">${numbers.join(", ")}</span>
    </p>`,
    freshnessView(page),
  ]);
}

function freshnessView(page: TracePage): Piece {
  const runs = runsOf(page.trace, "freshen");
  const stale = runs.flatMap(run => textsOf(run.details.stale));
  if (runs.length === 0) {
    return nothing;
  }
  if (stale.length === 0) {
    return html`<p>No file of the hits had changed since it was indexed.</p>`;
  }
  const open = (path: string) => () => page.open({ root: "", path, start_line: 1, end_line: 1, symbol: "", text: "" });
  return html`<p>${counted(stale.length, "file")} had changed, and was read anew:</p>
    <ul>${stale.map(path => html`<li>${link(path, open(path))}</li>`)}</ul>`;
}
