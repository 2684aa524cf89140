import { describe, expect, it } from "vitest";
import type { RootStatusReply } from "../../src/protocol.ts";
import { coverageOf, coverageOfAll, languagesOf, skippedOf } from "../../src/webview/health/coverage.ts";
import { rootStatus, statusOf } from "./healthSamples.ts";

const ROOT: RootStatusReply = rootStatus({
  files: 90,
  drifted_files: ["gone.py", "changed.py"],
  unindexed_files: 5,
  failed: [{ path: "locked.py", error: "The file could not be read." }],
  languages: { python: 80, go: 5, c: 5 },
  skipped: { "lock file": 1, binary: 300 },
  skipped_files: [
    { path: "a.png", reason: "binary" },
    { path: "package-lock.json", reason: "lock file" },
    { path: "b.png", reason: "binary" },
  ],
});

describe("coverage", () => {
  it("counts what is as on disk, of everything that should be", () => {
    expect(coverageOf(ROOT)).toEqual({ current: 88, wanted: 96 });
  });

  it("does not miss what is skipped on purpose", () => {
    expect(coverageOf(rootStatus({ files: 3, skipped: { binary: 9 } }))).toEqual({ current: 3, wanted: 3 });
  });

  it("of several roots is their sum", () => {
    expect(coverageOfAll(statusOf([ROOT, rootStatus({ files: 4 })]))).toEqual({ current: 92, wanted: 100 });
    expect(coverageOfAll(statusOf([]))).toEqual({ current: 0, wanted: 0 });
  });
});

describe("lists", () => {
  it("have the largest language first, equal ones by name", () => {
    expect(languagesOf(ROOT).map(([name]) => name)).toEqual(["python", "c", "go"]);
  });

  it("have true counts per reason, and the files that were sent behind each", () => {
    expect(skippedOf(ROOT)).toEqual([
      { reason: "binary", count: 300, files: ["a.png", "b.png"] },
      { reason: "lock file", count: 1, files: ["package-lock.json"] },
    ]);
  });
});
