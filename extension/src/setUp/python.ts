// Finds a Python that an environment can be made from.
//
// Invariant: a Python is known by what it says about itself, never by its name; nothing in the workspace is looked at.

import { join } from "node:path";
import type { Run } from "./processes";

const OLDEST = 11;
// The newest with ready-made packages of all that Surefoot needs. A newer one is taken where there is no other.
const NEWEST_KNOWN = 14;
const PROBE_MS = 15_000;

// Runs on any Python 3.4 or newer; an older one fails, which is an answer too.
const PROBE = `
import json, platform, sys, sysconfig
from importlib.util import find_spec
base = getattr(sys, "_base_executable", None) or sys.executable
try:
    import ctypes, ssl, zlib
    whole = True
except ImportError:
    whole = False
print(json.dumps({
    "executable": base, "version": list(sys.version_info[:3]), "implementation": platform.python_implementation(),
    "bits": 64 if sys.maxsize > 2**32 else 32, "freeThreaded": bool(sysconfig.get_config_var("Py_GIL_DISABLED")), "whole": whole,
    "venv": find_spec("venv") is not None and find_spec("ensurepip") is not None}))
`;

export interface Python {
  executable: string;
  version: [number, number, number];
  implementation: string;
  bits: number;
  freeThreaded: boolean;
  /** Whether it has what pip downloads with; some that were built at home, or need to be activated, have not. */
  whole: boolean;
  /** Whether it can make environments; Debian has that in a package of its own. */
  venv: boolean;
}

export type Fault = "silent" | "old" | "noVenv" | "unsuited";

export interface Rejected {
  command: string[];
  fault: Fault;
  python?: Python;
}

export interface Found {
  python: Python | undefined;
  rejected: Rejected[];
}

/** The first Python of `commands` that will do, and why those before it would not. */
export async function choosePython(commands: string[][], cwd: string, run: Run, signal?: AbortSignal): Promise<Found> {
  const rejected: Rejected[] = [];
  let tooNew: Python | undefined;
  for (const command of commands) {
    const python = await probe(command, cwd, run, signal);
    const fault = faultOf(python);
    if (!python || fault) {
      rejected.push({ command, fault: fault ?? "silent", ...(python ? { python } : {}) });
    } else if (python.version[1] <= NEWEST_KNOWN) {
      return { python, rejected };
    } else {
      tooNew ??= python;
    }
  }
  return { python: tooNew, rejected };
}

async function probe(command: string[], cwd: string, run: Run, signal?: AbortSignal): Promise<Python | undefined> {
  // Isolated: no variables, no user's packages, and nothing that lies in the current folder.
  const finished = await run([...command, "-I", "-c", PROBE], { cwd, signal, timeoutMs: PROBE_MS });
  if (finished.code !== 0) {
    return undefined;
  }
  try {
    return JSON.parse(finished.answer) as Python;
  } catch {
    return undefined;
  }
}

export function faultOf(python: Python | undefined): Fault | undefined {
  if (!python) {
    return "silent";
  }
  const [major, minor] = python.version;
  if (major !== 3 || minor < OLDEST) {
    return "old";
  }
  if (python.implementation !== "CPython" || python.bits !== 64 || python.freeThreaded || !python.whole) {
    return "unsuited";
  }
  return python.venv ? undefined : "noVenv";
}

/** Why there is no Python, in one sentence; `command` is what would help, where one command does. */
export function whyNoPython(rejected: Rejected[]): { sentence: string; command?: string } {
  const withoutVenv = rejected.find(one => one.fault === "noVenv")?.python;
  if (withoutVenv) {
    const name = `python3.${withoutVenv.version[1]}`;
    const command = `sudo apt install ${name}-venv`;
    return {
      sentence:
        `${withoutVenv.executable} cannot make environments, since its module venv is not installed; ` +
        `on Debian and Ubuntu that is: ${command}`,
      command,
    };
  }
  const unsuited = rejected.find(one => one.fault === "unsuited")?.python;
  const old = rejected.filter(one => one.fault === "old").map(one => one.python);
  const newestOld = old.sort((one, other) => minorOf(other) - minorOf(one))[0];
  const seen = unsuited ?? newestOld;
  const also = seen ? ` (${seen.executable} is ${describe(seen)})` : "";
  return { sentence: `No Python 3.11 or newer was found${also}; install one, or choose where it is.` };
}

/** Why the Python that somebody chose will not do, in one sentence. */
export function whyNotThis(rejected: Rejected): string {
  const path = rejected.command.join(" ");
  const { fault, python } = rejected;
  if (fault === "noVenv") {
    return `${whyNoPython([rejected]).sentence}`;
  }
  const is = python ? `is ${describe(python)}` : "could not be run as a Python";
  return `${path} ${is}; Surefoot needs a 64-bit CPython 3.11 or newer.`;
}

function minorOf(python: Python | undefined): number {
  return python ? python.version[0] * 100 + python.version[1] : 0;
}

function describe(python: Python): string {
  const version = python.version.join(".");
  const odd = [
    python.bits !== 64 ? "32-bit" : "",
    python.freeThreaded ? "free-threaded" : "",
    python.implementation !== "CPython" ? python.implementation : "",
    python.whole ? "" : "without ssl, zlib or ctypes",
  ].filter(Boolean);
  return ["Python", version, ...odd].join(" ");
}

/** The Python of an environment. */
export function pythonIn(environment: string, platform: NodeJS.Platform): string {
  return platform === "win32" ? join(environment, "Scripts", "python.exe") : join(environment, "bin", "python");
}
