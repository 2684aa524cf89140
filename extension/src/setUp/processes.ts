// Runs the programs that the set-up needs: Python, pip, compilers.
//
// Invariant: never through a shell, never in the workspace's folder, and stopping one stops what it has started.

import { spawn } from "node:child_process";
import { setPriority, constants as system } from "node:os";

const KILLED_AFTER_MS = 3000;
// Enough for every reason that pip and cmake give at their end.
const OUTPUT_KEPT = 64 * 1024;

export interface RunOptions {
  /** Where it runs: a folder of ours, since Python and pyenv look around in theirs. */
  cwd: string;
  env?: NodeJS.ProcessEnv | undefined;
  signal?: AbortSignal | undefined;
  timeoutMs?: number;
  /** Leave the processor to others, for work in the background. */
  gently?: boolean;
  onLine?(line: string): void;
}

export interface Finished {
  /** The exit code; null where it could not be started, or was stopped because it took too long. */
  code: number | null;
  /** The end of what it wrote, both streams together; why it could not be started, where it could not. */
  output: string;
  /** The whole of its standard output, as long as it is short. */
  answer: string;
}

export type Run = (command: string[], options: RunOptions) => Promise<Finished>;

/** The user, or the end of the session, stopped the work. */
export class StoppedError extends Error {
  override readonly name = "StoppedError";
}

/** Run a program to its end. Throws only StoppedError. */
export const run: Run = (command, options) =>
  new Promise((resolve, reject) => {
    const [program = "", ...args] = command;
    if (options.signal?.aborted) {
      reject(new StoppedError());
      return;
    }
    const child = spawn(program, args, {
      cwd: options.cwd,
      env: options.env ?? process.env,
      stdio: ["ignore", "pipe", "pipe"],
      windowsHide: true,
      // A group of its own, so that a compiler run can be stopped with all its children.
      detached: process.platform !== "win32",
    });
    const lines = lineReader(options.onLine);
    let output = "";
    let answer = "";
    const take = (text: string) => {
      output = (output + text).slice(-OUTPUT_KEPT);
      lines.take(text);
    };
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      answer = (answer + text).slice(0, OUTPUT_KEPT);
      take(text);
    });
    child.stderr.setEncoding("utf8").on("data", take);
    const stop = () => stopTree(child.pid);
    const timer = options.timeoutMs ? setTimeout(stop, options.timeoutMs) : undefined;
    options.signal?.addEventListener("abort", stop);
    if (options.gently && child.pid) {
      lowerPriority(child.pid);
    }
    const finish = (code: number | null, more = "") => {
      clearTimeout(timer);
      options.signal?.removeEventListener("abort", stop);
      lines.end();
      if (options.signal?.aborted) {
        reject(new StoppedError());
      } else {
        resolve({ code, output: output + more, answer });
      }
    };
    child.on("error", error => finish(null, error.message));
    child.on("close", code => finish(code));
  });

function lineReader(onLine: ((line: string) => void) | undefined) {
  let rest = "";
  return {
    take(text: string) {
      const lines = (rest + text).split(/\r\n|\r|\n/);
      rest = lines.pop() ?? "";
      for (const line of lines) {
        onLine?.(line);
      }
    },
    end() {
      if (rest) {
        onLine?.(rest);
        rest = "";
      }
    },
  };
}

function lowerPriority(pid: number): void {
  try {
    setPriority(pid, system.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    // It is only a courtesy, and some systems refuse it.
  }
}

function stopTree(pid: number | undefined): void {
  if (pid === undefined) {
    return;
  }
  if (process.platform === "win32") {
    spawn("taskkill", ["/pid", `${pid}`, "/t", "/f"], { stdio: "ignore", windowsHide: true }).on("error", () => {});
    return;
  }
  signalGroup(pid, "SIGTERM");
  setTimeout(() => signalGroup(pid, "SIGKILL"), KILLED_AFTER_MS).unref();
}

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // It is gone already.
  }
}
