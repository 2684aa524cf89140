// Details of a stage that have no view of their own: whatever JSON they are.
//
// Invariant: nothing is left out, and everything is text.

import { html } from "../vendor/lit.js";
import { measure } from "../base/numbers.js";
import { longText, placeLink, table } from "../base/pieces.js";
import { fieldsOf } from "../base/values.js";
import { visible } from "../base/visible.js";
import { inWords } from "../base/words.js";
import { notedOf } from "./places.js";

const SHORT = 160;

// Texts under these names begin with a place.
const PLACES = ["hits", "items", "citations", "dropped"];

export function detailPiece(name, value) {
  if (Array.isArray(value)) {
    return listPiece(name, value);
  }
  if (typeof value === "object" && value !== null) {
    const entries = Object.entries(value);
    return entries.every(([, inner]) => isScalar(inner)) ? pairsPiece(entries) : jsonPiece(value);
  }
  return scalarPiece(value);
}

function listPiece(name, values) {
  if (values.length === 0) {
    return "none";
  }
  if (values.every(isScalar)) {
    return html`<ul class="plain">${values.map(value => html`<li>${itemPiece(name, value)}</li>`)}</ul>`;
  }
  return values.every(isFlatRecord) ? recordsPiece(name, values.map(fieldsOf)) : jsonPiece(values);
}

function pairsPiece(entries) {
  return entries.length === 0
    ? "none"
    : html`<ul class="plain">${entries.map(([name, value]) => html`<li>${visible(inWords(name))}: ${scalarPiece(value)}</li>`)}</ul>`;
}

/** `[1] path:12-30 name`, of which the place opens. */
function itemPiece(name, value) {
  const noted = PLACES.includes(name) ? notedOf(value) : undefined;
  if (!noted || noted.place.start_line === 0) {
    return scalarPiece(value);
  }
  const number = noted.number === undefined ? "" : `[${noted.number}] `;
  return html`${number}${placeLink(noted.place)} ${visible(noted.rest)}`;
}

function recordsPiece(name, records) {
  const columns = [...new Set(records.flatMap(record => Object.keys(record)))];
  const rows = records.map(
    record => html`<tr>${columns.map(column => html`<td>${cellPiece(record, column)}</td>`)}</tr>`,
  );
  return table(inWords(name), columns.map(inWords), rows);
}

function cellPiece(record, column) {
  const value = record[column];
  const place = column === "place" ? notedOf(record)?.place : undefined;
  if (place && place.start_line > 0) {
    return placeLink(place);
  }
  return Array.isArray(value) ? visible(value.join(", ")) : scalarPiece(value ?? "");
}

function scalarPiece(value) {
  if (typeof value === "number") {
    return measure(value);
  }
  const text = value === null ? "none" : String(value);
  return text.length > SHORT || text.includes("\n") ? longText(text) : visible(text);
}

function jsonPiece(value) {
  return longText(JSON.stringify(value, null, 2));
}

function isScalar(value) {
  return typeof value !== "object" || value === null;
}

function isFlatRecord(value) {
  const isFlat = inner => isScalar(inner) || (Array.isArray(inner) && inner.every(isScalar));
  return !isScalar(value) && !Array.isArray(value) && Object.values(fieldsOf(value)).every(isFlat);
}
