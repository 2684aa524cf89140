// What the parts of the trace page are given.

import type { TraceReply } from "../../protocol";
import type { Folding } from "../panelPieces";
import type { TracePlace } from "../traceMessages";

export interface TracePage {
  trace: TraceReply;
  folding: Folding;
  open(place: TracePlace): void;
}
