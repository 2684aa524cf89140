// The candidates with scores, ranks, rules and fates, and what each retriever ranked.

import { html, type TemplateResult } from "lit";
import { counted, duration, measure, whole } from "../../numbers";
import { visible } from "../../visible";
import { fold, icon, type Piece, table } from "../panelPieces";
import {
  type Candidate,
  candidatesOf,
  type FateKind,
  type Ranking,
  rankingsOf,
  retrieversOf,
  rulesOf,
} from "./candidates";
import type { TracePage } from "./page";
import { placeLink, section, symbolPiece } from "./pieces";
import { inWords } from "./words";

const FATE_ICONS: Record<FateKind, string> = {
  cited: "verified-filled",
  shown: "check",
  hit: "check",
  dropped: "close",
  refused: "circle-slash",
  below: "arrow-down",
  unknown: "question",
};

export function candidatesView(page: TracePage): TemplateResult {
  const candidates = candidatesOf(page.trace);
  const content =
    candidates.length > 0 ? candidateTable(page, candidates) : html`<p>Nothing was found to choose from.</p>`;
  return section("candidates", "Candidates", content);
}

function candidateTable(page: TracePage, candidates: Candidate[]): TemplateResult {
  const retrievers = retrieversOf(candidates);
  const rules = rulesOf(candidates);
  const columns = ["#", "Place", "What became of it", "Score", ...retrievers.map(rankColumn), ...rules.map(inWords)];
  const rows = candidates.map((candidate, index) => candidateRow(page, candidate, index + 1, retrievers, rules));
  return html`<p class="secondary">
      The first ${whole(candidates.length)} after all rules: the rank that each retriever gave, and by what each rule
      multiplied the score.
    </p>
    ${table("Candidates", columns, rows)}`;
}

function candidateRow(
  page: TracePage,
  { place, fate, score, ranks, rules }: Candidate,
  rank: number,
  retrievers: string[],
  ruleNames: string[],
): TemplateResult {
  const factors = Object.fromEntries(rules);
  return html`<tr data-testid="trace-candidate" data-fate=${fate.kind}>
    <td class="number">${rank}</td>
    <th scope="row">${placeLink(page, place)}<br />${symbolPiece(place)}</th>
    <td class="fate">${icon(FATE_ICONS[fate.kind])} ${visible(fate.sentence)}</td>
    <td class="number">${score === undefined ? "" : measure(score)}</td>
    ${retrievers.map(name => html`<td class="number">${rankPiece(ranks[name])}</td>`)}
    ${ruleNames.map(name => html`<td class="number">${factorPiece(factors[name])}</td>`)}
  </tr>`;
}

function rankColumn(retriever: string): string {
  return `rank by ${inWords(retriever)}`;
}

function rankPiece(rank: number | undefined): Piece {
  return rank === undefined ? html`<span class="secondary">none</span>` : whole(rank);
}

function factorPiece(factor: number | undefined): Piece {
  return factor === undefined ? "" : `× ${measure(factor)}`;
}

export function rankingsView(page: TracePage): TemplateResult {
  const rankings = rankingsOf(page.trace);
  const content = rankings.map(ranking =>
    fold(page.folding, `ranking:${ranking.retriever}`, rankingTitle(ranking), rankingTable(page, ranking)),
  );
  return section("rankings", "What each retriever ranked", content.length > 0 ? content : "No retriever ran.");
}

function rankingTitle({ retriever, found, milliseconds, entries }: Ranking): Piece {
  const shown = entries.length < found ? `, the first ${whole(entries.length)} shown` : "";
  return html`${visible(inWords(retriever))}
    <span class="secondary">${counted(found, "place")} in ${duration(milliseconds)}${shown}</span>`;
}

function rankingTable(page: TracePage, { retriever, entries }: Ranking): Piece {
  if (entries.length === 0) {
    return "It found nothing.";
  }
  const rows = entries.map(
    ({ place, label, score }, index) => html`<tr>
      <td class="number">${index + 1}</td>
      <th scope="row">
        ${place ? html`${placeLink(page, place)} ${symbolPiece(place)}` : visible(label)}
      </th>
      <td class="number">${score === undefined ? "" : measure(score)}</td>
    </tr>`,
  );
  return table(`Ranking of ${retriever}`, ["#", "Place", "Score"], rows);
}
