// The draft as it was written, and what checking made of each of its sentences.
//
// Invariant: claims stand in the order in which they were checked, withheld ones among them.

import { fieldsOf, listOf, numberOf, textOf } from "../base/values.js";
import { notedOf } from "./places.js";
import { lastRun, runsOf } from "./stages.js";

const SUPPORTED = "supported";

/** The drafts in the order in which they came: a model's, and what was drawn from the sources where that was no use. */
export function draftsOf(trace) {
  return ["generate", "extract"].flatMap(name => {
    const draft = lastRun(trace, name)?.details.draft;
    return typeof draft === "string" ? [{ text: draft, byModel: name === "generate" }] : [];
  });
}

/** Each as { text, isSupported, reason, struck: [{ text, reason }], citations: [{ number, place, verdict, bears }] }. */
export function claimsOf(trace) {
  const cites = runsOf(trace, "cite");
  return runsOf(trace, "verify").map((verify, index) => claimOf(verify, cites[index]));
}

function claimOf(verify, cite) {
  const verdict = textOf(verify.details.verdict);
  const isSupported = verdict === SUPPORTED;
  const bearing = verify.details.citations;
  const numbers = new Set(listOf(bearing).map(value => notedOf(value)?.number));
  const citations = listOf(cite?.details.citations).map(value => {
    const citation = citationOf(value);
    // Earlier versions did not keep which of the citations were enough.
    return { ...citation, bears: isSupported && (!Array.isArray(bearing) || numbers.has(citation.number)) };
  });
  const struck = listOf(verify.details.struck).map(value => {
    const fields = fieldsOf(value);
    return { text: textOf(fields.text), reason: textOf(fields.reason) };
  });
  return { text: textOf(verify.details.claim), isSupported, reason: isSupported ? "" : verdict, struck, citations };
}

function citationOf(value) {
  const fields = fieldsOf(value);
  const noted = notedOf(value);
  const verdict = textOf(fields.verdict) || (noted?.rest ?? "");
  return {
    number: noted?.number ?? numberOf(fields.id) ?? 0,
    place: noted && noted.place.start_line > 0 ? noted.place : undefined,
    verdict: verdict || "not_in_context",
  };
}
