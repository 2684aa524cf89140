// Sentences of a model or of a repository: what stands in backticks is code, `[n]` may be a citation, all else is text.
//
// Invariant: no character is lost, and none of them becomes markup; emphasis would eat the underscores of `__init__`.

import { html } from "../vendor/lit.js";
import { visible } from "./visible.js";

const CODE = /(`+)(?!`)([\s\S]*?[^`])\1(?!`)/g;
const MARK = /\[(\d{1,4})\]/g;

/** One sentence. `markOf(number)` is what a citation mark becomes, or undefined where that number is none. */
export function sentence(text, markOf = () => undefined) {
  const pieces = [];
  let end = 0;
  const shown = visible(text);
  for (const found of shown.matchAll(CODE)) {
    pieces.push(
      ...withMarks(shown.slice(end, found.index), markOf),
      html`<code>${found[2].replace(/^ (.+) $/s, "$1")}</code>`,
    );
    end = found.index + found[0].length;
  }
  return [...pieces, ...withMarks(shown.slice(end), markOf)];
}

function withMarks(text, markOf) {
  const pieces = [];
  let end = 0;
  for (const found of text.matchAll(MARK)) {
    const mark = markOf(Number(found[1]));
    if (mark !== undefined) {
      pieces.push(text.slice(end, found.index), mark);
      end = found.index + found[0].length;
    }
  }
  return [...pieces, text.slice(end)];
}
