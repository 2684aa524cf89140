// Programs are run to their end or stopped with all that they started; one window at a time sets up.
import { existsSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { hasCompiler } from "../../src/setUp/compiler.ts";
import { lock, tryLock } from "../../src/setUp/lock.ts";
import { type Run, run, StoppedError } from "../../src/setUp/processes.ts";

let temporary: string;
beforeEach(() => {
  temporary = mkdtempSync(join(tmpdir(), "surefoot-processes-"));
});
afterEach(() => rmSync(temporary, { recursive: true, force: true }));

const node = (code: string) => [process.execPath, "-e", code];

test("code, output and lines come back, both streams", async () => {
  const lines: string[] = [];
  const code = 'process.stdout.write("one\\r\\ntwo");process.stderr.write("bad\\n",()=>process.exit(3))';
  const finished = await run(node(code), { cwd: temporary, onLine: line => lines.push(line) });
  expect(finished.code).toBe(3);
  expect(finished.answer).toBe("one\r\ntwo");
  expect(finished.output).toContain("bad");
  expect(lines.join("|")).toContain("one");
});

test("a program that is not there is an answer, not a fault", async () => {
  const finished = await run(["/nowhere/program"], { cwd: temporary });
  expect(finished.code).toBeNull();
  expect(finished.output).toContain("ENOENT");
});

test("no shell reads the arguments", async () => {
  const finished = await run([...node("console.log(process.argv[1])"), "$HOME; echo 'x'"], { cwd: temporary });
  expect(finished.answer.trim()).toBe("$HOME; echo 'x'");
});

test("what takes too long is stopped", async () => {
  const finished = await run(node("setInterval(() => {}, 1000)"), { cwd: temporary, timeoutMs: 300 });
  expect(finished.code).toBeNull();
});

test("stopping stops the children too", async () => {
  const file = join(temporary, "pid");
  const child = `require("fs").writeFileSync(${JSON.stringify(file)}, String(process.pid)); setInterval(() => {}, 1000)`;
  const parent = `require("child_process").spawn(process.execPath, ["-e", ${JSON.stringify(child)}]); setInterval(() => {}, 1000)`;
  const stopping = new AbortController();
  const running = run(node(parent), { cwd: temporary, signal: stopping.signal });
  await vi.waitFor(() => expect(existsSync(file) && readFileSync(file, "utf8")).toBeTruthy(), { timeout: 20_000 });
  stopping.abort();
  await expect(running).rejects.toBeInstanceOf(StoppedError);
  const pid = Number(readFileSync(file, "utf8"));
  await vi.waitFor(() => expect(() => process.kill(pid, 0)).toThrow(), { timeout: 20_000 });
}, 60_000);

test("what is stopped already is not started", async () => {
  const file = join(temporary, "started");
  const code = `require("fs").writeFileSync(${JSON.stringify(file)}, "")`;
  await expect(run(node(code), { cwd: temporary, signal: AbortSignal.abort() })).rejects.toBeInstanceOf(StoppedError);
  expect(existsSync(file)).toBe(false);
});

test("a lock is held by one, and free for the next when it is released", async () => {
  const path = join(temporary, "storage", "set-up.lock");
  const first = await tryLock(path);
  expect(first).toBeDefined();
  expect(await tryLock(path)).toBeUndefined();
  const onWait = vi.fn();
  const second = lock(path, new AbortController().signal, onWait);
  await vi.waitFor(() => expect(onWait).toHaveBeenCalledOnce());
  await first?.release();
  await (await second).release();
  expect(existsSync(path)).toBe(false);
});

test("waiting for a lock can be stopped", async () => {
  const path = join(temporary, "set-up.lock");
  const first = await tryLock(path);
  const stopping = new AbortController();
  const waiting = lock(path, stopping.signal, () => stopping.abort());
  await expect(waiting).rejects.toBeInstanceOf(StoppedError);
  await first?.release();
});

test("a lock of a dead or silent owner is taken over, one of a living owner is not", async () => {
  const path = join(temporary, "set-up.lock");
  const write = (content: object) => writeFileSync(path, JSON.stringify(content));
  const gone = await run(node("console.log(process.pid)"), { cwd: temporary });
  write({ host: "another-machine", pid: Number(gone.answer) });
  expect(await tryLock(path)).toBeUndefined();
  write({ host: hostname(), pid: Number(gone.answer) });
  await (await tryLock(path))?.release();
  expect(existsSync(path)).toBe(false);
  write({ host: "another-machine", pid: 1 });
  const before = new Date(Date.now() - 60_000);
  utimesSync(path, before, before);
  const taken = await tryLock(path);
  expect(taken).toBeDefined();
  await taken?.release();
});

test.each([
  ["linux", { CC: "clang", CXX: "clang++" }, ["clang", "clang++"], true],
  ["linux", {}, ["cc"], false],
  ["darwin", {}, ["cc", "c++"], false],
  ["darwin", {}, ["/usr/bin/xcode-select", "cc", "c++"], true],
])("a compiler on %s with %o and %o: %s", async (platform, env, there, expected) => {
  const pretend: Run = async ([program = ""]) => ({ code: there.includes(program) ? 0 : 1, output: "", answer: "" });
  const machine = { platform: platform as NodeJS.Platform, env, home: "/", list: () => [] };
  expect(await hasCompiler(machine, "/", pretend)).toBe(expected);
});

test("on Windows a compiler is what Visual Studio's finder says", async () => {
  const machine = { platform: "win32" as const, env: {}, home: "C:\\", list: () => [] };
  const saying =
    (answer: string): Run =>
    async () => ({ code: 0, output: "", answer });
  expect(await hasCompiler(machine, "/", saying("C:\\VS\r\n"))).toBe(true);
  expect(await hasCompiler(machine, "/", saying("\r\n"))).toBe(false);
});
