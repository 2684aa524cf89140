// What differs between two traces, stage by stage: times, and the places whose rank is another one.
//
// Invariant: a place is found again by its symbol, or where it has none by its line; nothing is paired by guess.

import { listOf, lookUp } from "../base/values.js";
import { keyOf, placeOf } from "./places.js";
import { lastRun, rowsOf } from "./stages.js";

/** The details of a stage that are lists of places. */
const LISTS = { focus: "hits", budget: "items" };

/** Each stage that one of the two has: { name, one, other } with milliseconds, undefined where it didn't run. */
export function stagesOf(one, other) {
  const [ones, others] = [one, other].map(trace => new Map(rowsOf(trace).map(row => [row.name, row.milliseconds])));
  const names = [...new Set([...ones.keys(), ...others.keys()])];
  return names.map(name => ({ name, one: ones.get(name), other: others.get(name) }));
}

/** How the places of a stage's list moved, or undefined where it has none in either trace. */
export function movesOf(name, one, other) {
  const [before, after] = [one, other].map(trace => ranksOf(name, trace));
  if (!before && !after) {
    return undefined;
  }
  const keys = [...new Set([...(after ?? new Map()).keys(), ...(before ?? new Map()).keys()])];
  const moves = keys.map(key => {
    const [was, is] = [before?.get(key), after?.get(key)];
    return { place: (is ?? was).place, was: was?.rank, is: is?.rank };
  });
  return { moves, moved: moves.filter(({ was, is }) => was !== is) };
}

function ranksOf(name, trace) {
  const list = lastRun(trace, name)?.details[lookUp(LISTS, name) ?? "ranking"];
  if (!Array.isArray(list)) {
    return undefined;
  }
  const ranks = new Map();
  listOf(list).forEach((value, index) => {
    const place = placeOf(value);
    if (place && !ranks.has(keyOf(place))) {
      ranks.set(keyOf(place), { place, rank: index + 1 });
    }
  });
  return ranks;
}
