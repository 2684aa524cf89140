// What was found, by whom, what the rules made of it, and what became of it.
//
// Invariant: everything comes from the trace; a fate is named only where a later stage says so.

import { fieldsOf, listOf, numberOf, numbersOf, textOf } from "../base/values.js";
import { claimsOf } from "./claims.js";
import { droppedOf, notedOf, overlap, placeOf } from "./places.js";
import { lastRun } from "./stages.js";

/** The order in which the retrievers are shown; others follow. */
const RETRIEVERS = ["lexical", "vector", "symbol", "place", "link"];

/** The numbered sources that fitted, and what was dropped with the reason. */
export function sourcesOf(trace) {
  const budget = lastRun(trace, "budget");
  const items = listOf(budget?.details.items).flatMap((value, index) => {
    const noted = notedOf(value);
    const symbol = noted?.place.symbol || noted?.rest || "";
    return noted ? [{ number: noted.number ?? index + 1, place: { ...noted.place, symbol } }] : [];
  });
  const dropped = listOf(budget?.details.dropped).flatMap(value => droppedOf(value) ?? []);
  return { items, dropped, tokens: budget?.counts.tokens };
}

export function candidatesOf(trace) {
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
export function retrieversOf(candidates) {
  const named = new Set(candidates.flatMap(candidate => Object.keys(candidate.ranks)));
  const known = RETRIEVERS.filter(name => named.has(name));
  return [...known, ...[...named].filter(name => !known.includes(name))];
}

/** The rules that did anything, in the order in which they ran. */
export function rulesOf(candidates) {
  const ordered = [];
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

/** One stage's ranking: { place, label, score }. Earlier versions kept the number of a chunk instead of its place. */
export function rankingOf(stage) {
  return listOf(stage?.details.ranking).map(value => {
    const place = placeOf(value);
    if (place) {
      return { place, label: "", score: numberOf(fieldsOf(value).score) };
    }
    const [chunk, score] = listOf(value);
    return { place: undefined, label: `chunk ${String(chunk ?? "")}`, score: numberOf(score) };
  });
}

function laterStages(trace) {
  const focus = lastRun(trace, "focus");
  const supported = claimsOf(trace).filter(claim => claim.isSupported);
  return {
    sources: sourcesOf(trace),
    cited: new Set(supported.flatMap(claim => claim.citations.filter(one => one.bears).map(one => one.number))),
    hits: focus && listOf(focus.details.hits).flatMap(value => placeOf(value) ?? []),
    isRefused: lastRun(trace, "floor")?.details.passed === false,
  };
}

function fateOf(place, later) {
  if (later.isRefused) {
    return { icon: "gone", kind: "refused", words: "refused by the floor" };
  }
  const source = sourceOf(place, later);
  if (source) {
    const isCited = later.cited.has(source.number);
    return {
      icon: "check",
      kind: isCited ? "cited" : "shown",
      words: `${isCited ? "cited" : "source"} [${source.number}]`,
    };
  }
  const dropped = later.sources.dropped.find(drop => overlap(drop.place, place));
  if (dropped) {
    return { icon: "close", kind: "dropped", words: `dropped: ${textOf(dropped.reason)}` };
  }
  if (later.hits?.some(hit => overlap(hit, place))) {
    return { icon: "check", kind: "hit", words: "among the hits" };
  }
  return later.hits
    ? { icon: "down", kind: "below", words: "ranked too low" }
    : { icon: "question", kind: "unknown", words: "not known" };
}

function sourceOf(place, later) {
  const shared = later.sources.items.filter(item => overlap(item.place, place));
  return shared.find(item => item.place.symbol === place.symbol) ?? shared[0];
}
