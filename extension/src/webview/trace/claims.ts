// The draft as it was written, and what checking made of each of its sentences.
//
// Invariant: claims stand in the order in which they were checked, withheld ones among them.

import type { StageReply, StruckReply, TraceReply } from "../../protocol";
import type { TracePlace } from "../traceMessages";
import { notedOf } from "./places";
import { lastRun, runsOf } from "./stages";
import { fieldsOf, listOf, numberOf, textOf } from "./values";

const SUPPORTED = "supported";

export interface CheckedCitation {
  number: number;
  /** None where the model cited a number that no source had. */
  place: TracePlace | undefined;
  verdict: string;
  /** Whether it supports the claim; of several that were cited one may be enough. */
  bears: boolean;
}

export interface CheckedClaim {
  text: string;
  supported: boolean;
  /** Why it was withheld; empty where it was not. */
  reason: string;
  /** What was struck out of it, and why. */
  struck: StruckReply[];
  citations: CheckedCitation[];
}

export interface Draft {
  text: string;
  /** Whether a model wrote it; otherwise it was drawn from the sources. */
  byModel: boolean;
}

/** The drafts in the order in which they came: a model's, and what was drawn from the sources where that was no use. */
export function draftsOf(trace: TraceReply): Draft[] {
  return ["generate", "extract"].flatMap(name => {
    const draft = lastRun(trace, name)?.details.draft;
    return typeof draft === "string" ? [{ text: draft, byModel: name === "generate" }] : [];
  });
}

export function claimsOf(trace: TraceReply): CheckedClaim[] {
  const cites = runsOf(trace, "cite");
  return runsOf(trace, "verify").map((verify, index) => claimOf(verify, cites[index]));
}

function claimOf(verify: StageReply, cite: StageReply | undefined): CheckedClaim {
  const verdict = textOf(verify.details.verdict);
  const supported = verdict === SUPPORTED;
  const bearing = verify.details.citations;
  const numbers = new Set(listOf(bearing).map(value => notedOf(value)?.number));
  const citations = listOf(cite?.details.citations).map(value => {
    const citation = citationOf(value);
    // Earlier versions did not keep which of the citations were enough.
    return { ...citation, bears: supported && (!Array.isArray(bearing) || numbers.has(citation.number)) };
  });
  const struck = listOf(verify.details.struck).map(value => {
    const fields = fieldsOf(value);
    return { text: textOf(fields.text), reason: textOf(fields.reason) };
  });
  return { text: textOf(verify.details.claim), supported, reason: supported ? "" : verdict, struck, citations };
}

function citationOf(value: unknown): Omit<CheckedCitation, "bears"> {
  const fields = fieldsOf(value);
  const noted = notedOf(value);
  const number = noted?.number ?? numberOf(fields.id) ?? 0;
  const verdict = textOf(fields.verdict) || (noted?.rest ?? "");
  const place = noted && noted.place.start_line > 0 ? noted.place : undefined;
  return { number, place, verdict: verdict || "not_in_context" };
}
