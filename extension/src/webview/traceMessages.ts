// What the trace page and the extension say to each other.

import type { Help } from "../features/hindrance";
import type { TraceReply } from "../protocol";

/** A place in a trace. `root` and `text` are empty where the trace has none. */
export interface TracePlace {
  root: string;
  path: string;
  start_line: number;
  end_line: number;
  symbol: string;
  text: string;
  /** The line of the file, where the others are those of what is read in it. */
  line?: number;
}

export type ToTracePage =
  | { type: "trace"; id: string; trace: TraceReply }
  | { type: "waiting"; id: string; sentence: string }
  | { type: "failed"; id: string; sentence: string; help: Help[] };

export type FromTracePage =
  | { type: "ready" | "retry" | "copy" | "others" }
  /** `products`: names of the roots that the question is about, which are looked in first. */
  | { type: "open"; place: TracePlace; products: string[] }
  | { type: "command"; command: string };

/** What the page keeps across reloads: which trace it shows, and which stages are unfolded. */
export interface KeptTrace {
  id: string;
  open: string[];
}
