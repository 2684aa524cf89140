// What was struck out of a sentence of a model, and why: struck out for the eye, and said in words for everybody else.
//
// Invariant: it is never read or seen as part of the claim beside it.

import { html, type TemplateResult } from "lit";
import { unsafeHTML } from "lit/directives/unsafe-html.js";
import type { StruckReply } from "../protocol";
import { visible } from "../visible";
import { sentenceHtml } from "./text";

export function struckView({ text, reason }: StruckReply): TemplateResult {
  if (!text) {
    return html`<p class="struck secondary" data-testid="struck">Left out: a part that ${unsafeHTML(sentenceHtml(reason))}</p>`;
  }
  return html`<p class="struck secondary" data-testid="struck">
    Left out: <del title=${visible(`Left out: ${reason}`)}>${unsafeHTML(sentenceHtml(text))}</del>
    <span>(${unsafeHTML(sentenceHtml(reason))})</span>
  </p>`;
}
