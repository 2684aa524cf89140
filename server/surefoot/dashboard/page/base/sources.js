// Places of other sources than code: how a ticket, a commit or a drawing is called, drawn and looked up.
//
// Invariant: a commit is never shown as a path; an address is only that of a ticket, and only one of the web.

import { html, nothing } from "../vendor/lit.js";
import { icon } from "./icons.js";
import { labelOf } from "./pieces.js";
import { hashForSource } from "./route.js";
import { visibleLine } from "./visible.js";
import { lookUp } from "./values.js";
import { prefixOf } from "./workspace.js";

/** What the filters offer and what counts are called, in the order in which they are listed. */
export const SOURCES = { code: "code", docs: "documents", tickets: "tickets", commits: "commits", designs: "designs" };
const ICONS = { docs: "file", tickets: "ticket", commits: "commit", designs: "shape" };
const DIGITS = 10; // of a commit, as people write it

export function isCommit({ source, path }) {
  return source === "commits" || String(path).startsWith("commit:");
}

/** `path:12-30`, with its root before it where there are several; a commit by its digits. */
export function placeLabel(place) {
  return prefixOf(place.root) + (isCommit(place) ? shortCommit(place.path) : labelOf(place));
}

export function shortCommit(path) {
  return `commit ${path.replace(/^commit:/, "").slice(0, DIGITS)}`;
}

/** What stands there: what people call it, or the name of the definition. */
export function nameOf({ label, symbol }) {
  return label || symbol;
}

/** A sign before a place that is not code, with its word for those who see none. */
export function sourceIcon({ source }) {
  const sign = lookUp(ICONS, source);
  return sign ? html`<span class="source-sign" data-source=${source} title=${SOURCES[source]}>${icon(sign)}</span>` : nothing;
}

/** Whether its lines are those of a file: what is read in a PDF or an export has no numbers of its own. */
export function hasLines({ start_line: start, end_line: end, text, source }) {
  return source !== "commits" && end - start + 1 === text.split("\n").length;
}

/** Its address in the source view; `at` is what stands where it begins, in a text that has other lines than the file. */
export function hrefOf(place) {
  const { root, path, start_line: start, end_line: end } = place;
  return hashForSource(root, path, start, end, place.label ? beginningOf(place) : "");
}

function beginningOf({ text }) {
  return (text.split("\n").find(line => line.trim()) ?? "").slice(0, 120);
}

/** A button to the ticket where it is kept; the server has told nothing but addresses of the web. */
export function ticketLink({ url }) {
  return /^https?:\/\//.test(url ?? "")
    ? html`<a
        class="icon-button ticket-link"
        data-testid="open-ticket"
        href=${url}
        target="_blank"
        rel="noopener noreferrer"
        title="Open the ticket: ${visibleLine(url)}"
        aria-label="Open the ticket in its tracker"
        >${icon("outside")}</a
      >`
    : nothing;
}
