// What was struck out of a sentence of a model, and why: struck out for the eye, and said in words for everybody else.
//
// Invariant: it is never read or seen as part of the claim beside it.

import { html } from "../vendor/lit.js";
import { sentence } from "./sentence.js";
import { visible } from "./visible.js";

export function struckView({ text, reason }) {
  if (!text) {
    return html`<p class="struck secondary" data-testid="struck">Left out: a part that ${sentence(reason)}</p>`;
  }
  return html`<p class="struck secondary" data-testid="struck">
    Left out: <del title=${visible(`Left out: ${reason}`)}>${sentence(text)}</del> <span>(${sentence(reason)})</span>
  </p>`;
}
