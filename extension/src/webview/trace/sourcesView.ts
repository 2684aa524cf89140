// The sources that fitted, what was dropped and why, and the context as the model saw it.

import { html, type TemplateResult } from "lit";
import { counted } from "../../numbers";
import { visible } from "../../visible";
import { fold, icon, type Piece, table } from "../panelPieces";
import type { TracePage } from "./page";
import { placeLink, section, symbolPiece } from "./pieces";
import { type Prompt, promptOf, type Source, type Sources, sourcesOf } from "./sources";

export function sourcesView(page: TracePage): TemplateResult {
  const sources = sourcesOf(page.trace);
  if (sources.items.length === 0 && sources.dropped.length === 0) {
    return section("sources", "Sources", html`<p>No sources were put together.</p>`);
  }
  const tokens = sources.tokens === undefined ? "" : `, ${counted(sources.tokens, "token")} in all`;
  return section("sources", "Sources", [
    html`<p class="secondary">${counted(sources.items.length, "source")}${tokens}. Their numbers are what is cited.</p>`,
    table(
      "Sources",
      ["Number", "Place"],
      sources.items.map(item => sourceRow(page, item)),
    ),
    droppedView(page, sources),
  ]);
}

function sourceRow(page: TracePage, { number, place }: Source): TemplateResult {
  return html`<tr>
    <td class="number">[${number}]</td>
    <th scope="row">${placeLink(page, place)} ${symbolPiece(place)}</th>
  </tr>`;
}

function droppedView(page: TracePage, { dropped }: Sources): Piece {
  if (dropped.length === 0) {
    return html`<p>Nothing was dropped.</p>`;
  }
  const rows = dropped.map(
    ({ place, reason }) => html`<tr data-testid="trace-dropped">
      <th scope="row">${placeLink(page, place)} ${symbolPiece(place)}</th>
      <td>${icon("close")} ${visible(reason)}</td>
    </tr>`,
  );
  return html`<h3>Dropped</h3>
    ${table("Dropped sources", ["Place", "Why"], rows)}`;
}

export function contextView(page: TracePage): TemplateResult {
  const prompt = promptOf(page.trace);
  const { items } = sourcesOf(page.trace);
  const content = prompt ? promptView(page, prompt) : unreadView(page, items);
  return section("context", "Context as the model saw it", html`<div data-testid="trace-context">${content}</div>`);
}

function promptView(page: TracePage, prompt: Prompt): Piece {
  return html`<pre>${visible(prompt.user)}</pre>
    ${prompt.system ? fold(page.folding, "system", "Instructions", html`<pre>${visible(prompt.system)}</pre>`) : ""}
    ${prompt.grammar ? fold(page.folding, "grammar", "Grammar", html`<pre>${visible(prompt.grammar)}</pre>`) : ""}`;
}

function unreadView(page: TracePage, items: Source[]): Piece {
  const withText = items.filter(item => item.place.text);
  if (withText.length === 0) {
    return html`<p>No model read anything for this.</p>`;
  }
  return html`<p>No model read these; what is said was drawn from them.</p>
    ${withText.map(
      ({ number, place }) =>
        html`<h3>[${number}] ${placeLink(page, place)} ${symbolPiece(place)}</h3>
          <pre>${visible(place.text)}</pre>`,
    )}`;
}
