// Snippets of code with the question's words marked, and the lines of a hit that are worth showing first.
//
// Invariant: the lines are those of the file, less the indentation that they share; marks are elements around text.

import { html } from "../vendor/lit.js";
import { visible } from "../base/visible.js";

// Words that are in every question and in every file; marking them would hide the others.
const COMMON = new Set(
  "a an and are as at be by can do does for from has have how if in into is it its not of on or that the their then there these this to was what when where which who why will with".split(
    " ",
  ),
);
const SHORTEST = 3;

/** What to mark for a question: its words and the parts of its identifiers, plurals without their ending. */
export function wordsOf(query) {
  const parts = query.split(/[^\p{L}\p{N}]+|(?<=\p{Ll})(?=\p{Lu})/u).map(word => word.toLowerCase());
  const stems = parts.map(word => (word.length > SHORTEST + 1 && word.endsWith("s") ? word.slice(0, -1) : word));
  return [...new Set(stems)].filter(word => word.length >= SHORTEST && !COMMON.has(word));
}

/** A text with the words marked where one begins: `log` in `logIn` and `LogFile`, not in `catalog`. */
export function marked(text, words) {
  const shown = visible(text);
  const pieces = [];
  let end = 0;
  for (const [from, to] of matchesOf(shown, words)) {
    pieces.push(shown.slice(end, from), html`<mark>${shown.slice(from, to)}</mark>`);
    end = to;
  }
  pieces.push(shown.slice(end));
  return pieces;
}

export function matchesOf(text, words) {
  if (words.length === 0) {
    return [];
  }
  const longestFirst = [...words].sort((one, other) => other.length - one.length);
  const any = new RegExp(longestFirst.map(word => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("|"), "giu");
  return [...text.matchAll(any)]
    .filter(found => beginsWord(text, found.index))
    .map(found => [found.index, found.index + found[0].length]);
}

/** Where to begin so that `most` lines show most of the words; the first lines unless others say more. */
export function bestStart(lines, words, most) {
  const weights = lines.map(line => new Set(matchesOf(line, words).map(([from, to]) => line.slice(from, to))).size);
  let best = 0;
  let bestWeight = -1;
  for (let start = 0; start <= Math.max(0, lines.length - most); start += 1) {
    const weight = weights.slice(start, start + most).reduce((sum, one) => sum + one, start === 0 ? 1 : 0);
    if (weight > bestWeight) {
      [best, bestWeight] = [start, weight];
    }
  }
  return best;
}

export function dedented(lines) {
  const indents = lines.filter(line => line.trim()).map(line => /^[ \t]*/.exec(line)[0].length);
  const shared = indents.length > 0 ? Math.min(...indents) : 0;
  return lines.map(line => line.slice(shared));
}

function beginsWord(text, index) {
  const before = text[index - 1] ?? " ";
  return !/[\p{L}]/u.test(before) || (/\p{Ll}/u.test(before) && /\p{Lu}/u.test(text[index]));
}
