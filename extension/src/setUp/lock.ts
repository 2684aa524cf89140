// One window at a time does a piece of set-up.
//
// Invariant: a lock whose owner has gone away is taken over, so a crash never blocks the next start.

import { mkdir, readFile, rm, stat, utimes, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { dirname } from "node:path";
import { StoppedError } from "./processes";

const BEAT_MS = 5000;
const DEAD_AFTER_MS = 6 * BEAT_MS;
const POLL_MS = 500;

export interface Lock {
  release(): Promise<void>;
}

/** Take the lock `path`; undefined where another window has it. */
export async function tryLock(path: string): Promise<Lock | undefined> {
  await mkdir(dirname(path), { recursive: true });
  for (const attempt of ["first", "after a dead owner"]) {
    try {
      await writeFile(path, JSON.stringify({ host: hostname(), pid: process.pid }), { flag: "wx" });
      return held(path);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") {
        throw error;
      }
    }
    if (attempt !== "first" || !(await isDead(path))) {
      return undefined;
    }
    await rm(path, { force: true });
  }
  return undefined;
}

/** Take the lock `path` as soon as it is free. `onWait` is called once, when another window has it. */
export async function lock(path: string, signal: AbortSignal, onWait: () => void): Promise<Lock> {
  let waiting = false;
  for (;;) {
    const mine = await tryLock(path);
    if (mine) {
      return mine;
    }
    if (!waiting) {
      waiting = true;
      onWait();
    }
    await pause(signal);
  }
}

function held(path: string): Lock {
  const beat = setInterval(() => {
    const now = new Date();
    utimes(path, now, now).catch(() => {});
  }, BEAT_MS);
  beat.unref();
  return {
    async release() {
      clearInterval(beat);
      await rm(path, { force: true });
    },
  };
}

async function isDead(path: string): Promise<boolean> {
  try {
    const silent = Date.now() - (await stat(path)).mtimeMs > DEAD_AFTER_MS;
    return silent || isGone(await readFile(path, "utf8"));
  } catch {
    return true;
  }
}

/** Whether the owner is a process of this machine that is no more. */
function isGone(content: string): boolean {
  try {
    const { host, pid } = JSON.parse(content);
    if (host === hostname()) {
      process.kill(pid, 0);
    }
    return false;
  } catch (error) {
    // What cannot be read yet is being written at this moment.
    return (error as NodeJS.ErrnoException).code === "ESRCH";
  }
}

function pause(signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(new StoppedError());
    };
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", stop);
      resolve();
    }, POLL_MS);
    signal.addEventListener("abort", stop, { once: true });
    if (signal.aborted) {
      stop();
    }
  });
}
