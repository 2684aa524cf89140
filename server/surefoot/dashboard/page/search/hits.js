// Hits: what was found, why, and its lines with the question's words marked.

import { html, nothing, repeat } from "../vendor/lit.js";
import { draw } from "../base/draw.js";
import { icon } from "../base/icons.js";
import { editorIcon, labelOf, placeText } from "../base/pieces.js";
import { hasLines, hrefOf, isCommit, nameOf, placeLabel, sourceIcon, ticketLink } from "../base/sources.js";
import { visibleLine } from "../base/visible.js";
import { counted } from "../base/numbers.js";
import { bestStart, dedented, marked, wordsOf } from "./marked.js";

const FEW_LINES = 6;
const MOST_LINES = 200; // of one hit; the source view has the rest
const MOST_LETTERS = 400; // of one line: data on a single line would fill the page
const whole = new Set(); // hits whose lines are all shown

/** A list of hits; `numbersOf(hit)` are the citations that a hit bears, for the evidence of an answer. */
export function hitList(hits, query, { label, numbersOf = () => [] }) {
  const words = wordsOf(query);
  return html`<ol class="hits" aria-label=${label} @keydown=${walked}>
    ${repeat(
      hits,
      keyOf,
      hit => html`<li class="hit" data-testid="hit">${hitTemplate(hit, words, numbersOf(hit))}</li>`,
    )}
  </ol>`;
}

/** Tickets of an export on one line stand at one place, and parts of a long one have one name. */
function keyOf(hit) {
  return `${hit.root}\n${labelOf(hit)}\n${hit.label ? hit.symbol + hit.text : ""}`;
}

function hitTemplate(hit, words, numbers) {
  const name = nameOf(hit);
  return html`
    <div class="hit-head" data-source=${hit.source}>
      <a class="hit-link" href=${hrefOf(hit)}>
        ${sourceIcon(hit)}${name ? html`<bdi class="symbol" dir="ltr">${visibleLine(name)}</bdi>` : nothing}
        ${isCommit(hit) && name ? nothing : placeText(placeLabel(hit))}
      </a>
      ${numbers.map(number => html`<span class="number" title="Cited as ${number}">[${number}]</span>`)}
      ${hit.why.length > 0 ? html`<span class="why">${visibleLine(hit.why.join(", "))}</span>` : nothing}
      ${ticketLink(hit)} ${isCommit(hit) ? nothing : editorIcon(hit)}
    </div>
    ${snippet(hit, words)}
  `;
}

function snippet(hit, words) {
  const key = keyOf(hit);
  const isNumbered = hasLines(hit);
  const all = hit.text.split("\n").slice(0, MOST_LINES).map(shortened);
  const isWhole = whole.has(key) || all.length <= FEW_LINES + 1;
  const start = isWhole ? 0 : bestStart(all, words, FEW_LINES);
  const shown = dedented(isWhole ? all : all.slice(start, start + FEW_LINES));
  const more = all.length - shown.length;
  return html`<div class="snippet">
      ${shown.map(
        (line, index) =>
          html`<div class="line"><span class="line-number" aria-hidden="true">${isNumbered ? hit.start_line + start + index : ""}</span><code>${marked(line, words)}</code></div>`,
      )}
    </div>
    ${more > 0 || whole.has(key) ? moreButton(key, more) : nothing}`;
}

function shortened(line) {
  return line.length > MOST_LETTERS ? `${line.slice(0, MOST_LETTERS)}…` : line;
}

function moreButton(key, more) {
  const toggle = () => {
    whole.has(key) ? whole.delete(key) : whole.add(key);
    draw();
  };
  return html`<button type="button" class="more" aria-expanded=${more === 0 ? "true" : "false"} @click=${toggle}>
    ${icon(more > 0 ? "down" : "up")}${more > 0 ? `${counted(more, "more line")}` : "Fewer lines"}
  </button>`;
}

/** Arrows walk through the hits, and from the first back to the box. */
function walked(event) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step === undefined || event.altKey || event.ctrlKey || event.metaKey) {
    return;
  }
  const links = [...event.currentTarget.querySelectorAll(".hit-link")];
  const here = links.findIndex(link => link.closest(".hit").contains(event.target));
  const next = links[here + step] ?? (step < 0 ? document.getElementById("question") : undefined);
  if (next) {
    event.preventDefault();
    next.focus();
  }
}
