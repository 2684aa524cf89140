import { describe, expect, it } from "vitest";
import { BAR_SCALE, barsOf, lastRun, rowsOf } from "../../src/webview/trace/stages.ts";
import { NOW, stage, traceOf } from "./traceSamples.ts";

describe("the waterfall", () => {
  it("has one row per stage in the order of their first runs, and no run is lost", () => {
    const rows = rowsOf(NOW);
    expect(rows.map(row => row.name)).toEqual([
      ...["resolve", "lexical", "rerank", "floor", "focus", "budget", "prompt", "generate", "cite", "verify"],
    ]);
    expect(rows.reduce((sum, row) => sum + row.runs.length, 0)).toBe(NOW.stages.length);
  });

  it("makes two rows of twenty claims, and adds up their time", () => {
    const claims = Array.from({ length: 20 }, (_, index) => [stage("cite", index * 4), stage("verify", index * 4 + 2)]);
    const rows = rowsOf(traceOf(claims.flat()));
    expect(rows.map(row => [row.name, row.runs.length, row.milliseconds])).toEqual([
      ["cite", 20, 40],
      ["verify", 20, 40],
    ]);
  });

  it("draws a bar where and as long as the run was", () => {
    const run = { ...stage("generate", 25), milliseconds: 50 };
    const [row] = rowsOf(traceOf([run]));
    expect(row && barsOf(row, 100)).toEqual([{ x: BAR_SCALE / 4, width: BAR_SCALE / 2 }]);
  });

  it("shows even the shortest run, within the track", () => {
    const run = { ...stage("prompt", 100), milliseconds: 0 };
    const [row] = rowsOf(traceOf([run]));
    const [bar] = row ? barsOf(row, 100) : [];
    expect(bar?.width).toBeGreaterThan(0);
    expect((bar?.x ?? 0) + (bar?.width ?? 0)).toBe(BAR_SCALE);
  });

  it("stands a trace that took no time", () => {
    const [row] = rowsOf(traceOf([{ ...stage("resolve", 0), milliseconds: 0 }]));
    expect(row && barsOf(row, 0)[0]?.x).toBe(0);
  });

  it("knows the run that counted", () => {
    const trace = traceOf([stage("floor", 0, { passed: false }), stage("floor", 9, { passed: true })]);
    expect(lastRun(trace, "floor")?.details.passed).toBe(true);
    expect(lastRun(trace, "none")).toBeUndefined();
  });
});
