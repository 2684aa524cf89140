// Small parts of the trace page.

import { html, nothing, type TemplateResult } from "lit";
import { visible } from "../../visible";
import { link, type Piece } from "../panelPieces";
import type { TracePlace } from "../traceMessages";
import type { TracePage } from "./page";
import { labelOf, toOpen } from "./places";

export function placeLink(page: TracePage, place: TracePlace): TemplateResult {
  return link(labelOf(place), () => page.open(toOpen(place)));
}

export function symbolPiece(place: TracePlace): Piece {
  return place.symbol ? html`<code>${visible(place.symbol)}</code>` : nothing;
}

export function section(id: string, title: string, content: Piece | Piece[]): TemplateResult {
  return html`<section aria-labelledby=${id}>
    <h2 id=${id} tabindex="-1">${title}</h2>
    ${content}
  </section>`;
}

/** Leads to a section, by eye and by focus. */
export function sectionLink(id: string, label: string): TemplateResult {
  const go = () => {
    const heading = document.getElementById(id);
    heading?.scrollIntoView({ block: "start" });
    heading?.focus({ preventScroll: true });
  };
  return html`<button type="button" class="link" @click=${go}>${label}</button>`;
}
