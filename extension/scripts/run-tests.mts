// Runs the extension's tests, quickest kind first, and ends with one line that counts them all.
// Usage: node scripts/run-tests.mts [unit|host|browser|bench]... [part of a file's name]...
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";

const TESTS = ["unit", "host", "browser"];
const KINDS = [...TESTS, "bench"];
const EXTENSION = resolve(import.meta.dirname, "..");

interface Count {
  passed: number;
  failed: number;
  skipped: number;
}

const { positionals } = parseArgs({ allowPositionals: true });
const named = positionals.filter(word => KINDS.includes(word));
const files = positionals.filter(word => !KINDS.includes(word));

rmSync(join(EXTENSION, "test", "artifacts", "failures"), { recursive: true, force: true });
const counts = (named.length > 0 ? named : TESTS).map(run);
const total = (name: keyof Count) => counts.reduce((sum, count) => sum + count[name], 0);
const skipped = total("skipped") > 0 ? `, ${total("skipped")} skipped` : "";
console.log(`${total("passed")} passed, ${total("failed")} failed${skipped}`);
process.exitCode = total("failed") > 0 || total("passed") === 0 ? 1 : 0;

function run(kind: string): Count {
  const folder = mkdtempSync(join(tmpdir(), "surefoot-report-"));
  const report = join(folder, "report.json");
  const vitest = join(EXTENSION, "node_modules", "vitest", "vitest.mjs");
  const reporters = ["--reporter=tree", "--reporter=json", `--outputFile.json=${report}`];
  const args = [vitest, "run", `--project=${kind}`, "--passWithNoTests", ...reporters, ...files];
  const { status } = spawnSync(process.execPath, args, { cwd: EXTENSION, stdio: "inherit" });
  try {
    return counted(report, status);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

// A file that cannot be loaded has no tests to fail, so the exit status counts too.
function counted(report: string, status: number | null): Count {
  const { numPassedTests: passed, numFailedTests: failed, numPendingTests: skipped } = read(report);
  return { passed, failed: status === 0 ? failed : Math.max(failed, 1), skipped };
}

function read(report: string): { numPassedTests: number; numFailedTests: number; numPendingTests: number } {
  try {
    return JSON.parse(readFileSync(report, "utf8"));
  } catch {
    return { numPassedTests: 0, numFailedTests: 0, numPendingTests: 0 }; // it ended before it could write
  }
}
