// Sentences of a model or of a repository as safe HTML: names in backticks are code, and all else is text.
//
// Invariant: no character is lost. Emphasis would eat the underscores of `__init__`, and show a name that is not there.

import DOMPurify from "dompurify";
import MarkdownIt from "markdown-it";
import { visible } from "../visible";

const markdown = new MarkdownIt("zero", { html: false, linkify: false }).enable("backticks");

/** One sentence as HTML. */
export function sentenceHtml(text: string): string {
  return DOMPurify.sanitize(markdown.renderInline(visible(text)), {
    ALLOWED_TAGS: ["code"],
    ALLOWED_ATTR: [],
  });
}
