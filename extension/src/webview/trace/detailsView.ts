// Details of a stage that has no view of its own: whatever JSON they are.
//
// Invariant: nothing is left out, and everything is text.

import { html, type TemplateResult } from "lit";
import { measure } from "../../numbers";
import { visible } from "../../visible";
import { type Piece, table } from "../panelPieces";
import type { TracePage } from "./page";
import { placeLink } from "./pieces";
import { notedOf } from "./places";
import { fieldsOf } from "./values";
import { inWords } from "./words";

const SHORT = 160;

// Texts under these names begin with a place.
const PLACES = ["hits", "items", "citations", "dropped"];

export function detailPiece(page: TracePage, name: string, value: unknown): Piece {
  if (Array.isArray(value)) {
    return listPiece(page, name, value);
  }
  if (typeof value === "object" && value !== null) {
    const entries = Object.entries(value);
    return entries.every(([, inner]) => isScalar(inner)) ? pairsPiece(entries) : jsonPiece(value);
  }
  return scalarPiece(value);
}

function listPiece(page: TracePage, name: string, values: unknown[]): Piece {
  if (values.length === 0) {
    return "none";
  }
  if (values.every(isScalar)) {
    return html`<ul>${values.map(value => html`<li>${itemPiece(page, name, value)}</li>`)}</ul>`;
  }
  return values.every(isFlatRecord) ? recordsPiece(page, name, values.map(fieldsOf)) : jsonPiece(values);
}

function pairsPiece(entries: [string, unknown][]): Piece {
  return entries.length === 0
    ? "none"
    : html`<ul>${entries.map(([name, value]) => html`<li>${visible(name)}: ${scalarPiece(value)}</li>`)}</ul>`;
}

/** `[1] path:12-30 name`, of which the place opens. */
function itemPiece(page: TracePage, name: string, value: unknown): Piece {
  const noted = PLACES.includes(name) ? notedOf(value) : undefined;
  if (!noted || noted.place.start_line === 0) {
    return scalarPiece(value);
  }
  const number = noted.number === undefined ? "" : `[${noted.number}] `;
  return html`${number}${placeLink(page, noted.place)} ${visible(noted.rest)}`;
}

function recordsPiece(page: TracePage, name: string, records: Record<string, unknown>[]): TemplateResult {
  const columns = [...new Set(records.flatMap(record => Object.keys(record)))];
  const rows = records.map(
    record => html`<tr>${columns.map(column => html`<td>${cellPiece(page, record, column)}</td>`)}</tr>`,
  );
  return table(inWords(name), columns.map(inWords), rows);
}

function cellPiece(page: TracePage, record: Record<string, unknown>, column: string): Piece {
  const value = record[column];
  const place = column === "place" ? notedOf(record)?.place : undefined;
  if (place && place.start_line > 0) {
    return placeLink(page, place);
  }
  return Array.isArray(value) ? visible(value.join(", ")) : scalarPiece(value ?? "");
}

function scalarPiece(value: unknown): Piece {
  if (typeof value === "number") {
    return measure(value);
  }
  const text = visible(value === null ? "none" : String(value));
  return text.length > SHORT || text.includes("\n") ? html`<pre>${text}</pre>` : text;
}

function jsonPiece(value: unknown): Piece {
  return html`<pre>${visible(JSON.stringify(value, null, 2))}</pre>`;
}

function isScalar(value: unknown): boolean {
  return typeof value !== "object" || value === null;
}

function isFlatRecord(value: unknown): boolean {
  const isFlat = (inner: unknown) => isScalar(inner) || (Array.isArray(inner) && inner.every(isScalar));
  return !isScalar(value) && !Array.isArray(value) && Object.values(fieldsOf(value)).every(isFlat);
}
