// What was found, by whom, what the rules made of it, and what became of it.
//
// Invariant: everything comes from the trace; a fate is named only where a later stage says so.

import type { StageReply, TraceReply } from "../../protocol";
import type { TracePlace } from "../traceMessages";
import { claimsOf } from "./claims";
import { overlap, placeOf } from "./places";
import { type Source, sourcesOf } from "./sources";
import { lastRun } from "./stages";
import { fieldsOf, listOf, numberOf, numbersOf } from "./values";

/** The order in which the retrievers are shown; others follow. */
const RETRIEVERS = ["lexical", "vector", "symbol", "place", "link"];

export type FateKind = "cited" | "shown" | "dropped" | "hit" | "refused" | "below" | "unknown";

export interface Fate {
  kind: FateKind;
  sentence: string;
}

export interface Candidate {
  place: TracePlace;
  score: number | undefined;
  ranks: Record<string, number>;
  rules: [name: string, factor: number][];
  fate: Fate;
}

export interface Ranking {
  retriever: string;
  found: number;
  milliseconds: number;
  entries: { place: TracePlace | undefined; label: string; score: number | undefined }[];
}

export function candidatesOf(trace: TraceReply): Candidate[] {
  const later = laterStages(trace);
  return listOf(lastRun(trace, "rerank")?.details.ranking).flatMap(value => {
    const place = placeOf(value);
    const fields = fieldsOf(value);
    if (!place) {
      return [];
    }
    const root = place.root || (sourceOf(place, later)?.place.root ?? "");
    return [
      {
        place: { ...place, root },
        score: numberOf(fields.score),
        ranks: Object.fromEntries(numbersOf(fields.retrievers)),
        rules: numbersOf(fields.rules),
        fate: fateOf(place, later),
      },
    ];
  });
}

/** The retrievers that ranked anything, in the order of their columns. */
export function retrieversOf(candidates: Candidate[]): string[] {
  const named = new Set(candidates.flatMap(candidate => Object.keys(candidate.ranks)));
  const known = RETRIEVERS.filter(name => named.has(name));
  return [...known, ...[...named].filter(name => !known.includes(name))];
}

/** The rules that did anything, in the order in which they ran. */
export function rulesOf(candidates: Candidate[]): string[] {
  const ordered: string[] = [];
  for (const { rules } of candidates) {
    // Each candidate has some of the rules, all in one order: one that is new stands before the next that is known.
    const names = rules.map(([name]) => name);
    names.forEach((name, index) => {
      if (!ordered.includes(name)) {
        const next = names.slice(index + 1).find(later => ordered.includes(later));
        ordered.splice(next ? ordered.indexOf(next) : ordered.length, 0, name);
      }
    });
  }
  return ordered;
}

export function rankingsOf(trace: TraceReply): Ranking[] {
  const reranked = ["rerank", "fuse"];
  const names = [...new Set(trace.stages.map(stage => stage.name))];
  return names.filter(name => !reranked.includes(name)).flatMap(name => rankingOf(lastRun(trace, name)));
}

function rankingOf(stage: StageReply | undefined): Ranking[] {
  if (!stage || !Array.isArray(stage.details.ranking)) {
    return [];
  }
  const entries = listOf(stage.details.ranking).map(entryOf);
  const found = stage.counts.found ?? entries.length;
  return [{ retriever: stage.name, found, milliseconds: stage.milliseconds, entries }];
}

/** Earlier versions kept the number of a chunk instead of its place. */
function entryOf(value: unknown): Ranking["entries"][number] {
  const place = placeOf(value);
  if (place) {
    return { place, label: "", score: numberOf(fieldsOf(value).score) };
  }
  const [chunk, score] = listOf(value);
  return { place: undefined, label: `chunk ${String(chunk ?? "")}`, score: numberOf(score) };
}

interface Later {
  sources: { items: Source[]; dropped: { place: TracePlace; reason: string }[] };
  cited: Set<number>;
  hits: TracePlace[] | undefined;
  isRefused: boolean;
}

function laterStages(trace: TraceReply): Later {
  const floor = lastRun(trace, "floor");
  const focus = lastRun(trace, "focus");
  const supported = claimsOf(trace).filter(claim => claim.supported);
  return {
    sources: sourcesOf(trace),
    cited: new Set(supported.flatMap(claim => claim.citations.filter(one => one.bears).map(one => one.number))),
    hits: focus && listOf(focus.details.hits).flatMap(value => placeOf(value) ?? []),
    isRefused: floor?.details.passed === false,
  };
}

function fateOf(place: TracePlace, later: Later): Fate {
  if (later.isRefused) {
    return { kind: "refused", sentence: "refused by the floor" };
  }
  const source = sourceOf(place, later);
  if (source) {
    const cited = later.cited.has(source.number);
    return { kind: cited ? "cited" : "shown", sentence: `${cited ? "cited" : "source"} [${source.number}]` };
  }
  const dropped = later.sources.dropped.find(drop => overlap(drop.place, place));
  if (dropped) {
    return { kind: "dropped", sentence: `dropped: ${dropped.reason}` };
  }
  if (later.hits?.some(hit => overlap(hit, place))) {
    return { kind: "hit", sentence: "among the hits" };
  }
  if (later.hits) {
    return { kind: "below", sentence: "ranked too low" };
  }
  return { kind: "unknown", sentence: "not known" };
}

function sourceOf(place: TracePlace, later: Later): Source | undefined {
  const shared = later.sources.items.filter(item => overlap(item.place, place));
  return shared.find(item => item.place.symbol === place.symbol) ?? shared[0];
}
