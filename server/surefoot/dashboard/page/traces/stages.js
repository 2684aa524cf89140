// The stages of a trace as rows: one per name, however often it ran, with a bar for each run.
//
// Invariant: no run is left out, and a row stands where its first run began.

const SCALE = 1000;
const NARROWEST = 5; // even the shortest run shows

/** Twenty claims are cited and verified in turn; as forty rows nobody would see the rest. */
export function rowsOf(trace) {
  const rows = new Map();
  for (const run of [...trace.stages].sort((one, other) => one.started_ms - other.started_ms)) {
    const row = rows.get(run.name) ?? { name: run.name, runs: [], milliseconds: 0 };
    row.runs.push(run);
    row.milliseconds += run.milliseconds;
    rows.set(run.name, row);
  }
  return [...rows.values()];
}

/** Where each bar begins and how wide it is, in thousandths of the whole time. */
export function barsOf(row, whole) {
  const scale = whole > 0 ? SCALE / whole : 0;
  return row.runs.map(run => {
    const width = Math.min(SCALE, Math.max(NARROWEST, run.milliseconds * scale));
    const kind = "error" in run.details ? "bad" : "";
    return { x: Math.min(run.started_ms * scale, SCALE - width), width, kind };
  });
}

/** The last run of a stage: where a changed file made the search begin again, the one that counted. */
export function lastRun(trace, name) {
  return trace.stages.findLast(stage => stage.name === name);
}

export function runsOf(trace, name) {
  return trace.stages.filter(stage => stage.name === name);
}
