// What the Ask view and the extension say to each other.

import type { Hindrance } from "../features/hindrance";
import type { ClaimReply, WithheldReply } from "../protocol";

export type TurnStatus = "running" | "done" | "stopped" | "failed";

/**
 * A place as it is shown; `label` is `path:12-30`, with the root's name in front where there are several. `symbol` is
 * what stands there, as people call it, and `icon` a codicon.
 */
export interface ShownPlace {
  label: string;
  symbol: string;
  icon: string;
  why: string[];
}

export interface ShownCitation {
  id: number;
  label: string;
  symbol: string;
  verdict: string;
  /** Of another source than code; empty for code. */
  icon: string;
  /** Whether it is a ticket with an address of the web. */
  hasAddress: boolean;
}

/** One question with what is known of its answer so far. */
export interface ShownTurn {
  id: string;
  question: string;
  status: TurnStatus;
  hits: ShownPlace[];
  claims: ClaimReply[];
  citations: ShownCitation[];
  withheld: WithheldReply[];
  /** Why no sentence is written yet; empty where one may be. */
  waiting: string;
  missing: string[];
  nearMisses: string[];
  notices: string[];
  /** Whether a model was wanted and there is none. */
  lacksModel: boolean;
  /** Whether nothing could be said, and where the answer comes from; both once it is done. */
  abstained: boolean;
  origin: string;
  error: string;
  traced: boolean;
  reported: boolean;
}

export interface AskState {
  turns: ShownTurn[];
  /** Why no question can be answered now, and what helps. */
  hindrance: Hindrance | undefined;
  history: string[];
  /** How far the first indexing is, for a question that waits for it. */
  indexing: string;
}

export type ToAskView =
  | { type: "state"; state: AskState }
  | { type: "turn"; turn: ShownTurn }
  | { type: "focus"; question?: string };

export type FromAskView =
  | { type: "ready" }
  | { type: "ask"; question: string }
  | { type: "stop" }
  | { type: "openHit"; turn: string; index: number }
  | { type: "openCitation" | "openAddress"; turn: string; id: number }
  | { type: "why" | "wrong" | "copy"; turn: string }
  | { type: "command"; command: string };
