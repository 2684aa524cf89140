// Places as traces have them: `path:12-30` with a symbol, as text or as an object.
//
// Invariant: lines are 1-based and inclusive; what is not a place is undefined, never a guess.

import { fieldsOf, numberOf, textOf } from "../base/values.js";
import { onlyRoot } from "../base/workspace.js";

// A citation of a number that no source has names no path and line 0.
const LINES = "(?<path>.*?):(?<start>\\d+)(?:-(?<end>\\d+))?";
const PLACE = new RegExp(`^(?:\\[(?<number>\\d+)\\] )?${LINES}(?: (?<rest>.*))?$`, "s");
const DROPPED = new RegExp(`^${LINES}: (?<reason>.*)$`, "s");

/** From `[1] path:12-30 name`, or from an object with `place`: { place, number, fields, rest }. */
export function notedOf(value) {
  const fields = fieldsOf(value);
  const matched = PLACE.exec(textOf(value) || textOf(fields.place));
  if (!matched) {
    return undefined;
  }
  const { rest = "", number } = matched.groups;
  return {
    place: placeFrom(matched.groups, fields),
    number: numberOf(fields.number) ?? numberOf(fields.id) ?? (number ? Number(number) : undefined),
    fields,
    rest,
  };
}

/** A place whose text names the symbol after it. */
export function placeOf(value) {
  const noted = notedOf(value);
  return noted && { ...noted.place, symbol: noted.place.symbol || noted.rest };
}

/** What was left out of the context and why, from `path:12-30: reason` or from an object. */
export function droppedOf(value) {
  const noted = notedOf(fieldsOf(value));
  if (noted) {
    return { place: noted.place, reason: textOf(noted.fields.reason) };
  }
  const matched = DROPPED.exec(textOf(value));
  return matched && { place: placeFrom(matched.groups, {}), reason: matched.groups.reason ?? "" };
}

/** Whether two places share lines: a hit is narrowed and cut on its way into the context. */
export function overlap(one, other) {
  const sameRoot = !one.root || !other.root || one.root === other.root;
  return sameRoot && one.path === other.path && one.start_line <= other.end_line && other.start_line <= one.end_line;
}

/** Whether two places of different traces are the same piece of code, whose lines may have moved. */
export function keyOf(place) {
  return place.symbol ? `${place.path}\n${place.symbol}` : `${place.path}\n${place.start_line}`;
}

function placeFrom(groups, fields) {
  const start = Number(groups.start);
  return {
    ...(numberOf(fields.line) ? { line: numberOf(fields.line) } : {}),
    root: textOf(fields.root) || onlyRoot(),
    path: groups.path ?? "",
    start_line: start,
    end_line: groups.end ? Number(groups.end) : start,
    symbol: textOf(fields.symbol),
    text: textOf(fields.text),
  };
}
