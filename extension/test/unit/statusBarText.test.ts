import { describe, expect, it } from "vitest";
import { HELPING_COMMANDS, hindranceOf } from "../../src/features/hindrance.ts";
import { isOutdated, type Known, shownOf } from "../../src/features/statusBarText.ts";
import type { StatusChanged } from "../../src/protocol.ts";
import type { ServerState } from "../../src/server.ts";
import { rootStatus, statusOf } from "./healthSamples.ts";

const COUNTED = new Date(2026, 10, 25, 14, 5, 33);
const MEASURED = COUNTED.getTime() / 1000;
const GOOD = statusOf([rootStatus({ files: 1204, chunks: 9000 })], { measured_at: MEASURED });
const PROGRESS: StatusChanged = {
  indexing: true,
  done: 1204,
  total: 3515,
  files_per_second: 212.3,
  seconds_left: 10.9,
  drift: null,
};
const STATES: ServerState[] = [
  { kind: "untrusted" },
  { kind: "noFolder" },
  { kind: "starting", what: "Starting" },
  { kind: "absent", why: "No Python 3.11 was found." },
  { kind: "failed", why: "The server stops again and again." },
  { kind: "stopped" },
];

function shown(known: Partial<Known>) {
  return shownOf({ state: { kind: "running" }, ...known }, COUNTED);
}

describe("while all is well", () => {
  it("says what was counted and when", () => {
    const { text, tooltip, label, background, click } = shown({ status: GOOD });
    expect([text, background, click]).toEqual(["$(check) Surefoot", "", "health"]);
    expect(tooltip[0]).toBe("All 1,204 files are indexed as on disk. Counted at 14:05:33.");
    expect(tooltip).toContain("1,204 files, 9,000 chunks, 0 drifted");
    expect(tooltip).toContain("Model: default (ready)");
    expect(label).toContain("Counted at 14:05:33.");
  });

  it.each([
    [0, "There is no file to index here."],
    [1, "1 file is indexed as on disk."],
  ])("counts %i files in words", (files, sentence) => {
    expect(shown({ status: statusOf([rootStatus({ files })]) }).tooltip[0]).toContain(sentence);
  });

  it("does not claim all of them where some could not be read", () => {
    const failed = [{ path: "locked.py", error: "Permission denied." }];
    const { text, label } = shown({ status: statusOf([rootStatus({ files: 23, failed })]) });
    expect(text).toBe("$(check) Surefoot");
    expect(label).toContain("Surefoot: 23 files are indexed as on disk; 1 more could not be read.");
  });

  it("says that a look at everything waits for power", () => {
    const status = { ...GOOD, waits_for_power: true };
    expect(shown({ status }).tooltip.join(" ")).toContain("waits for power");
    expect(shown({ status: GOOD }).tooltip.join(" ")).not.toContain("power");
  });

  it("does not claim anything before it has been counted", () => {
    expect(shown({}).text).toBe("$(loading~spin) Surefoot");
    expect(shown({}).tooltip[0]).toBe("Counting what is indexed.");
  });
});

describe("while indexing", () => {
  it("says how far", () => {
    const { text, label } = shown({ progress: PROGRESS, status: GOOD });
    expect(text).toBe("$(sync~spin) Surefoot 1,204/3,515");
    expect(label).toContain("Indexing: 1,204 of 3,515 files, 212 a second, about 11 s left.");
  });

  it("says that it looks for files as long as there is no total", () => {
    const { text, tooltip } = shown({ progress: { ...PROGRESS, done: 0, total: 0 } });
    expect(text).toBe("$(sync~spin) Surefoot");
    expect(tooltip[0]).toBe("Indexing: looking for files.");
  });

  it("does not guess what is left", () => {
    const { label } = shown({ progress: { ...PROGRESS, files_per_second: 0, seconds_left: null } });
    expect(label).toContain("Indexing: 1,204 of 3,515 files. Click");
  });

  it("is over when the pass is", () => {
    expect(shown({ progress: { ...PROGRESS, indexing: false }, status: GOOD }).text).toBe("$(check) Surefoot");
  });
});

describe("where the index differs from disk", () => {
  const root = rootStatus({ files: 90, drifted_files: ["a.py", "b.py"], unindexed_files: 1 });

  it("warns with the number of files, and says which kind they are", () => {
    const { text, background, label } = shown({ status: statusOf([root], { measured_at: MEASURED }) });
    expect([text, background]).toEqual(["$(warning) Surefoot 3", "warning"]);
    expect(label).toContain(
      "3 files are not indexed as on disk: 2 changed or gone since, 1 not indexed yet. Counted at",
    );
  });

  it("adds up the roots", () => {
    expect(shown({ status: statusOf([root, root]) }).text).toBe("$(warning) Surefoot 6");
  });

  it("warns where it could not be counted, with the last count as what it is", () => {
    const { text, tooltip } = shown({ problem: "The index is damaged.", status: GOOD });
    expect(text).toBe("$(warning) Surefoot");
    expect(tooltip[0]).toBe("The index could not be counted: The index is damaged.");
    expect(tooltip.at(-2)).toBe("Last counted: 25 Nov 2026, 14:05:33");
  });
});

describe("what the server has counted by itself", () => {
  const drift = { measured_at: MEASURED, files: 90, drifted_files: 2, drifted_chunks: 7, unindexed_files: 1 };
  const status = statusOf([rootStatus({ files: 90, drifted_files: ["a.py", "b.py"], unindexed_files: 1 })]);

  it("is of interest where it differs from what is shown", () => {
    expect(isOutdated(undefined, drift)).toBe(true);
    expect(isOutdated(status, { ...drift, drifted_files: 3 })).toBe(true);
    expect(isOutdated(status, { ...drift, unindexed_files: 0 })).toBe(true);
    expect(isOutdated(status, { ...drift, files: 91 })).toBe(true);
  });

  it("is none where it is the same, or where nothing was counted", () => {
    expect(isOutdated(status, drift)).toBe(false);
    expect(isOutdated(status, null)).toBe(false);
  });
});

describe("where the server does not run", () => {
  it.each(STATES)("says what is the matter and what a click does: $kind", state => {
    const { text, label, tooltip, click } = shown({ state, progress: PROGRESS, status: GOOD });
    expect(text).toMatch(/^\$\([a-z~-]+\) Surefoot$/);
    expect(label).toMatch(/^Surefoot: .+Click for .+\.$/);
    expect(tooltip).toHaveLength(2);
    expect(click).toBe(state.kind === "starting" ? "health" : "help");
  });

  it("gives the reason that the server gave", () => {
    expect(shown({ state: { kind: "absent", why: "No Python 3.11 was found." } }).tooltip).toEqual([
      "No Python 3.11 was found.",
      "Click for Set Up, Restart Server or Show Log.",
    ]);
  });

  it("offers only commands that a page may run", () => {
    const offered = STATES.flatMap(state => hindranceOf(state)?.help ?? []);
    expect(offered.length).toBeGreaterThan(STATES.length);
    expect(offered.filter(help => !HELPING_COMMANDS.has(help.command))).toEqual([]);
    expect(hindranceOf({ kind: "running" })).toBeUndefined();
  });
});
