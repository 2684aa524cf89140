// Sentences of a model or of a repository as safe HTML: names in backticks are code, and all else is text.
//
// Invariant: no character is lost. Emphasis would eat the underscores of `__init__`, and show a name that is not there.

import DOMPurify from "dompurify";
import MarkdownIt from "markdown-it";

const markdown = new MarkdownIt("zero", { html: false, linkify: false }).enable("backticks");

// Characters that steer the direction of text or cannot be seen are shown as what they are.
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}]/gu;

export function visible(text: string): string {
  return text.replace(INVISIBLE, char =>
    char === "\n" || char === "\t" ? char : `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}`,
  );
}

/** One sentence as HTML. */
export function sentenceHtml(text: string): string {
  return DOMPurify.sanitize(markdown.renderInline(visible(text)), {
    ALLOWED_TAGS: ["code"],
    ALLOWED_ATTR: [],
  });
}
