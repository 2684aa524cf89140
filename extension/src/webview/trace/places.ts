// Places as traces have them: `path:12-30` with a symbol, as text or as an object.
//
// Invariant: lines are 1-based and inclusive; what is not a place is undefined, never a guess.

import { isCommit, shortCommit } from "../../sources";
import type { TracePlace } from "../traceMessages";
import { type Fields, fieldsOf, numberOf, textOf } from "./values";

// A citation of a number that no source has names no path and line 0.
const LINES = "(?<path>.*?):(?<start>\\d+)(?:-(?<end>\\d+))?";
const PLACE = new RegExp(`^(?:\\[(?<number>\\d+)\\] )?${LINES}(?: (?<rest>.*))?$`, "s");
const DROPPED = new RegExp(`^${LINES}: (?<reason>.*)$`, "s");

const CUT = " …"; // as `answer/answerer.py` ends a text that is too long for the trace

/** A place with the number that the model knew it by, if it had one, and what else was said of it. */
export interface Noted {
  place: TracePlace;
  number: number | undefined;
  fields: Fields;
  /** What followed the place in a text: a symbol, a verdict. */
  rest: string;
}

/** `path:12-30`, as editors and terminals write it; of what is read in a file the line there; a commit's digits. */
export function labelOf(place: TracePlace): string {
  if (isCommit(place)) {
    return shortCommit(place.path);
  }
  if (place.line) {
    return `${place.path}:${place.line}`;
  }
  const lines = place.start_line === place.end_line ? `${place.start_line}` : `${place.start_line}-${place.end_line}`;
  return `${place.path}:${lines}`;
}

/** From `[1] path:12-30 name`, or from an object with `place`. */
export function notedOf(value: unknown): Noted | undefined {
  const fields = fieldsOf(value);
  const matched = PLACE.exec(textOf(value) || textOf(fields.place));
  if (!matched?.groups) {
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
export function placeOf(value: unknown): TracePlace | undefined {
  const noted = notedOf(value);
  return noted && { ...noted.place, symbol: noted.place.symbol || noted.rest };
}

/** What was left out of the context and why, from `path:12-30: reason` or from an object. */
export function droppedOf(value: unknown): { place: TracePlace; reason: string } | undefined {
  const noted = notedOf(fieldsOf(value));
  if (noted) {
    return { place: noted.place, reason: textOf(noted.fields.reason) };
  }
  const matched = DROPPED.exec(textOf(value));
  return matched?.groups && { place: placeFrom(matched.groups, {}), reason: matched.groups.reason ?? "" };
}

/** What to open: a text that was cut for the trace can't be found again in its file. */
export function toOpen({ line, ...place }: TracePlace): TracePlace {
  const text = place.text.endsWith(CUT) ? "" : place.text;
  return line ? { ...place, start_line: line, end_line: line, text } : { ...place, text };
}

/** Whether two places share lines: a hit is narrowed and cut on its way into the context. */
export function overlap(one: TracePlace, other: TracePlace): boolean {
  const sameRoot = !one.root || !other.root || one.root === other.root;
  return sameRoot && one.path === other.path && one.start_line <= other.end_line && other.start_line <= one.end_line;
}

function placeFrom(groups: Record<string, string | undefined>, fields: Fields): TracePlace {
  const start = Number(groups.start);
  const line = numberOf(fields.line);
  return {
    ...(line === undefined ? {} : { line }),
    root: textOf(fields.root),
    path: groups.path ?? "",
    start_line: start,
    end_line: groups.end ? Number(groups.end) : start,
    symbol: textOf(fields.symbol),
    text: textOf(fields.text),
  };
}
