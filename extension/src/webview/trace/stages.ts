// The stages of a trace as rows: one per name, however often it ran, with a bar for each run.
//
// Invariant: no run is left out, and a row stands where its first run began.

import type { StageReply, TraceReply } from "../../protocol";

export interface StageRow {
  name: string;
  runs: StageReply[];
  milliseconds: number;
}

/** Where a bar begins and how wide it is, in thousandths of the whole time. */
export interface Bar {
  x: number;
  width: number;
}

export const BAR_SCALE = 1000;
const NARROWEST = 5; // even the shortest run shows

/** Twenty claims are cited and verified in turn; as forty rows nobody would see the rest. */
export function rowsOf(trace: TraceReply): StageRow[] {
  const rows = new Map<string, StageRow>();
  for (const run of [...trace.stages].sort((one, other) => one.started_ms - other.started_ms)) {
    const row = rows.get(run.name) ?? { name: run.name, runs: [], milliseconds: 0 };
    row.runs.push(run);
    row.milliseconds += run.milliseconds;
    rows.set(run.name, row);
  }
  return [...rows.values()];
}

export function barsOf(row: StageRow, whole: number): Bar[] {
  return row.runs.map(run => barOf(run, whole));
}

/** The last run of a stage: where a changed file made the search begin again, the one that counted. */
export function lastRun(trace: TraceReply, name: string): StageReply | undefined {
  return trace.stages.filter(stage => stage.name === name).at(-1);
}

export function runsOf(trace: TraceReply, name: string): StageReply[] {
  return trace.stages.filter(stage => stage.name === name);
}

function barOf(run: StageReply, whole: number): Bar {
  const scale = whole > 0 ? BAR_SCALE / whole : 0;
  const width = Math.min(BAR_SCALE, Math.max(NARROWEST, run.milliseconds * scale));
  return { x: Math.min(run.started_ms * scale, BAR_SCALE - width), width };
}
