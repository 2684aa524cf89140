// The draft as it was written, beside what checking made of it.
//
// Invariant: a withheld claim is never shown like a verified one: it says so, and why, in words.

import { html, type TemplateResult } from "lit";
import { unsafeHTML } from "lit/directives/unsafe-html.js";
import { counted } from "../../numbers";
import { visible } from "../../visible";
import { icon, type Piece } from "../panelPieces";
import { struckView } from "../struck";
import { sentenceHtml } from "../text";
import { type CheckedCitation, type CheckedClaim, claimsOf, type Draft, draftsOf } from "./claims";
import type { TracePage } from "./page";
import { placeLink, section } from "./pieces";
import { verdictInWords } from "./words";

export function claimsView(page: TracePage): TemplateResult {
  const claims = claimsOf(page.trace);
  const drafts = draftsOf(page.trace);
  if (claims.length === 0 && drafts.length === 0) {
    return section("draft", "Draft and claims", html`<p>Nothing was written.</p>`);
  }
  return section(
    "draft",
    "Draft and claims",
    html`<div class="columns">
      <div>
        <h3>Draft, unchecked</h3>
        <div data-testid="trace-draft">
          ${drafts.length > 0 ? drafts.map(draftView) : html`<p>The trace has no draft.</p>`}
        </div>
      </div>
      <div>
        <h3>Claims, checked</h3>
        <p class="secondary">${sumOf(claims)}</p>
        <ol class="claims">
          ${claims.map(claim => html`<li>${claimView(page, claim)}</li>`)}
        </ol>
      </div>
    </div>`,
  );
}

function draftView(draft: Draft): Piece {
  return html`<p class="secondary">${draft.byModel ? "As the model wrote it:" : "Drawn from the sources:"}</p>
    <pre>${visible(draft.text)}</pre>`;
}

function sumOf(claims: CheckedClaim[]): string {
  const shown = claims.filter(claim => claim.supported).length;
  return `${counted(shown, "claim")} shown, ${claims.length - shown} withheld.`;
}

function claimView(page: TracePage, claim: CheckedClaim): TemplateResult {
  const shown = claim.struck.length > 0 ? "Supported in part" : "Supported";
  const verdict = claim.supported ? shown : `Withheld: ${claim.reason}`;
  return html`<div data-testid="trace-claim" data-supported=${claim.supported}>
    <p class="claim">${unsafeHTML(sentenceHtml(claim.text))}</p>
    ${claim.struck.map(struckView)}
    <p class="verdict ${claim.supported ? "supported" : "withheld"}">
      ${icon(claim.supported ? "pass" : "error")} ${visible(verdict)}
    </p>
    <ul class="plain">
      ${claim.citations.map(citation => html`<li>${citationView(page, citation, claim.supported)}</li>`)}
    </ul>
  </div>`;
}

function citationView(page: TracePage, citation: CheckedCitation, supported: boolean): Piece {
  const { place, number, verdict, bears } = citation;
  const role = supported && !bears ? ", not needed" : "";
  return html`[${number}] ${place ? placeLink(page, place) : ""}
    <span class="secondary">${visible(verdictInWords(verdict))}${role}</span>`;
}
