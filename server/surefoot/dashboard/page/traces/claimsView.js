// The draft as it was written, beside what checking made of it.
//
// Invariant: a withheld claim is never shown like a verified one: it says so, and why, in words.

import { html, nothing } from "../vendor/lit.js";
import { icon } from "../base/icons.js";
import { counted } from "../base/numbers.js";
import { longText, placeLink } from "../base/pieces.js";
import { sentence } from "../base/sentence.js";
import { struckView } from "../base/struck.js";
import { visible } from "../base/visible.js";
import { verdictOf } from "../base/words.js";
import { claimsOf, draftsOf } from "./claims.js";

/** Both side by side; nothing where the trace is of a search. */
export function draftAndClaims(trace) {
  const claims = claimsOf(trace);
  const drafts = draftsOf(trace);
  if (claims.length === 0 && drafts.length === 0) {
    return nothing;
  }
  return html`<div class="columns">
    <div>
      <h3>Draft, unchecked</h3>
      <div data-testid="trace-draft">
        ${drafts.length > 0 ? drafts.map(draftView) : html`<p class="secondary">The trace has no draft.</p>`}
      </div>
    </div>
    <div>
      <h3>Claims, checked</h3>
      ${claimList(claims)}
    </div>
  </div>`;
}

export function claimList(claims) {
  const shown = claims.filter(claim => claim.isSupported).length;
  return html`<p class="secondary">${counted(shown, "claim")} shown, ${claims.length - shown} withheld.</p>
    <ol class="trace-claims">
      ${claims.map(claim => html`<li>${claimView(claim)}</li>`)}
    </ol>`;
}

function draftView({ text, byModel }) {
  return html`<p class="secondary">${byModel ? "As the model wrote it:" : "Drawn from the sources:"}</p>
    ${longText(text)}`;
}

function claimView(claim) {
  const shown = claim.struck.length > 0 ? "Supported in part" : "Supported";
  const verdict = claim.isSupported ? shown : `Withheld: ${claim.reason}`;
  return html`<div data-testid="trace-claim" data-supported=${claim.isSupported}>
    <p class="claim-text">${sentence(claim.text)}</p>
    ${claim.struck.map(struckView)}
    <p class="verdict ${claim.isSupported ? "good-text" : "bad-text"}">
      ${icon(claim.isSupported ? "check" : "gone")} <span>${sentence(verdict)}</span>
    </p>
    <ul class="plain">
      ${claim.citations.map(citation => html`<li>${citationView(citation, claim.isSupported)}</li>`)}
    </ul>
  </div>`;
}

function citationView({ place, number, verdict, bears }, isSupported) {
  const role = isSupported && !bears ? ", not needed" : "";
  return html`[${number}] ${place ? placeLink(place) : nothing}
    <span class="secondary">${verdictOf(verdict).word || visible(verdict)}${role}</span>`;
}
