// The context: which sources fitted into it, what was dropped and why, and the words that the model was given.
//
// Invariant: what is shown as the model's context stood in its prompt; where no model was asked, there is none.

import type { TraceReply } from "../../protocol";
import type { TracePlace } from "../traceMessages";
import { droppedOf, notedOf } from "./places";
import { lastRun } from "./stages";
import { listOf, textOf } from "./values";

export interface Source {
  number: number;
  place: TracePlace;
}

export interface Sources {
  items: Source[];
  dropped: { place: TracePlace; reason: string }[];
  tokens: number | undefined;
}

export interface Prompt {
  system: string;
  user: string;
  grammar: string;
}

export function sourcesOf(trace: TraceReply): Sources {
  const budget = lastRun(trace, "budget");
  const items = listOf(budget?.details.items).flatMap((value, index) => {
    const noted = notedOf(value);
    const symbol = noted?.place.symbol || noted?.rest || "";
    return noted ? [{ number: noted.number ?? index + 1, place: { ...noted.place, symbol } }] : [];
  });
  const dropped = listOf(budget?.details.dropped).flatMap(value => droppedOf(value) ?? []);
  return { items, dropped, tokens: budget?.counts.tokens };
}

export function promptOf(trace: TraceReply): Prompt | undefined {
  const details = lastRun(trace, "prompt")?.details;
  if (!details) {
    return undefined;
  }
  return { system: textOf(details.system), user: textOf(details.user), grammar: textOf(details.grammar) };
}
