// What the index health page and the extension say to each other.

import type { Hindrance } from "../features/hindrance";
import type { StatusChanged, StatusReply } from "../protocol";

export interface HealthState {
  /** Why the server cannot be asked; none while it runs. */
  hindrance: Hindrance | undefined;
  /** Whether the index is being counted. */
  counting: boolean;
  /** The last count, also while the next one is under way. */
  status: StatusReply | undefined;
  /** Why the last count failed; empty where it did not. */
  problem: string;
  progress: StatusChanged | undefined;
}

export type ToHealthPage =
  | { type: "state"; state: HealthState }
  // Several times a second, so without the rest.
  | { type: "progress"; progress: StatusChanged };

export type FromHealthPage =
  | { type: "ready" | "refresh" | "reindex" | "chooseModel" | "openTrace" }
  | { type: "openFile"; root: string; path: string }
  | { type: "command"; command: string };

/** What the page keeps across reloads: the keys of what is unfolded. */
export interface KeptHealth {
  open: string[];
}
