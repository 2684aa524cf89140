// Which Pythons are looked for, which are taken, and what is said where none will do.
import { expect, test } from "vitest";
import type { Run } from "../../src/setUp/processes.ts";
import { run } from "../../src/setUp/processes.ts";
import { choosePython, type Python, pythonIn, whyNoPython, whyNotThis } from "../../src/setUp/python.ts";
import { type Machine, onPath, pythonCommands } from "../../src/setUp/pythonPlaces.ts";

const GOOD: Python = {
  executable: "/usr/bin/python3.12",
  version: [3, 12, 4],
  implementation: "CPython",
  bits: 64,
  freeThreaded: false,
  whole: true,
  venv: true,
};

/** A Run that answers for known commands and fails for others. */
function answering(known: Record<string, Python>): Run {
  return async command => {
    const python = known[command.slice(0, command.indexOf("-I")).join(" ")];
    return { code: python ? 0 : 1, output: "", answer: python ? JSON.stringify(python) : "" };
  };
}

function machine(platform: NodeJS.Platform, env: NodeJS.ProcessEnv, folders: Record<string, string[]>): Machine {
  const home = platform === "win32" ? "C:\\Users\\me" : "/home/me";
  return { platform, env, home, list: folder => folders[folder] ?? [] };
}

test("the first one that will do is taken, and those before it are remembered with their fault", async () => {
  const run = answering({
    old: { ...GOOD, version: [3, 10, 1] },
    pypy: { ...GOOD, implementation: "PyPy" },
    good: GOOD,
  });
  const found = await choosePython([["absent"], ["old"], ["pypy"], ["good"], ["never"]], "/", run);
  expect(found.python).toEqual(GOOD);
  expect(found.rejected.map(one => one.fault)).toEqual(["silent", "old", "unsuited"]);
});

test.each([
  ["a 32-bit one", { bits: 32 }],
  ["a free-threaded one", { freeThreaded: true }],
  ["one without ssl", { whole: false }],
])("%s is not taken", async (_, odd) => {
  const found = await choosePython([["odd"]], "/", answering({ odd: { ...GOOD, ...odd } }));
  expect(found.python).toBeUndefined();
  expect(found.rejected.map(one => one.fault)).toEqual(["unsuited"]);
});

test("one that is newer than the packages known is taken only where there is no other", async () => {
  const next: Python = { ...GOOD, version: [3, 15, 0] };
  const run = answering({ next, good: GOOD });
  expect((await choosePython([["next"], ["good"]], "/", run)).python).toEqual(GOOD);
  expect((await choosePython([["next"]], "/", run)).python).toEqual(next);
});

test("Debian's missing venv gets its own sentence and command", async () => {
  const run = answering({ python3: { ...GOOD, venv: false } });
  const { rejected } = await choosePython([["python3"]], "/", run);
  const why = whyNoPython(rejected);
  expect(why.command).toBe("sudo apt install python3.12-venv");
  expect(why.sentence).toContain("/usr/bin/python3.12 cannot make environments");
});

test("without any, the sentence names the newest that is too old", async () => {
  const run = answering({
    a: { ...GOOD, executable: "/a", version: [3, 8, 1] },
    b: { ...GOOD, executable: "/b", version: [3, 10, 2] },
  });
  const { rejected } = await choosePython([["a"], ["b"]], "/", run);
  expect(whyNoPython(rejected).sentence).toBe(
    "No Python 3.11 or newer was found (/b is Python 3.10.2); install one, or choose where it is.",
  );
  expect(whyNoPython([]).sentence).toBe("No Python 3.11 or newer was found; install one, or choose where it is.");
});

test("a chosen one that will not do is named with what it is", () => {
  const odd: Python = { ...GOOD, bits: 32, implementation: "PyPy" };
  expect(whyNotThis({ command: ["/x"], fault: "unsuited", python: odd })).toBe(
    "/x is Python 3.12.4 32-bit PyPy; Surefoot needs a 64-bit CPython 3.11 or newer.",
  );
  expect(whyNotThis({ command: ["/x"], fault: "silent" })).toContain("/x could not be run as a Python");
});

test("a program that is no Python is refused, really run", async () => {
  const found = await choosePython([[process.execPath], ["/nowhere/python"]], "/", run);
  expect(found).toEqual({
    python: undefined,
    rejected: [
      { command: [process.execPath], fault: "silent" },
      { command: ["/nowhere/python"], fault: "silent" },
    ],
  });
});

test("on Linux: PATH and the usual folders by version, then pyenv and uv, newest first", () => {
  const folders = {
    "/opt/py": ["python3.11", "python3"],
    "/usr/bin": ["python3.13", "python3"],
    "/home/me/.pyenv/versions": ["3.9.1", "3.13.0", "3.12.10", "2.7.18", "old-venv"],
    "/home/me/.local/share/uv/python": ["cpython-3.12.3-linux"],
  };
  const env = { PATH: "/opt/py:/home/me/.pyenv/shims:.:relative" };
  const listed = { ...folders, ".": ["python3.14"], relative: ["python3"], "/home/me/.pyenv/shims": ["python3.14"] };
  expect(pythonCommands(machine("linux", env, listed)).map(command => command.join(" "))).toEqual([
    "/usr/bin/python3.13",
    "/opt/py/python3.11",
    "/opt/py/python3",
    "/usr/bin/python3",
    "/home/me/.pyenv/versions/3.13.0/bin/python3",
    "/home/me/.pyenv/versions/3.12.10/bin/python3",
    "/home/me/.pyenv/versions/3.9.1/bin/python3",
    "/home/me/.local/share/uv/python/cpython-3.12.3-linux/bin/python3",
  ]);
});

test("on macOS the system's own python3 is not called, since that may open a dialog", () => {
  const folders = { "/usr/bin": ["python3"], "/opt/homebrew/bin": ["python3.12"] };
  expect(pythonCommands(machine("darwin", { PATH: "/usr/bin" }, folders))).toEqual([["/opt/homebrew/bin/python3.12"]]);
});

test("on Windows: the launcher first, the store's last", () => {
  const env = {
    Path: '"C:\\Python311\\";C:\\Users\\me\\AppData\\Local\\Microsoft\\WindowsApps',
    LOCALAPPDATA: "C:\\Users\\me\\AppData\\Local",
    WINDIR: "C:\\Windows",
  };
  const folders = {
    "C:\\Windows": ["PY.EXE"],
    "C:\\Python311": ["python.exe"],
    "C:\\Users\\me\\AppData\\Local\\Programs\\Python": ["Launcher", "Python39", "Python313"],
    "C:\\Users\\me\\AppData\\Local\\Microsoft\\WindowsApps": ["python3.12.exe"],
  };
  expect(pythonCommands(machine("win32", env, folders)).map(command => command.join(" "))).toEqual([
    "C:\\Windows\\py.exe -3",
    "C:\\Windows\\py.exe -3.14",
    "C:\\Windows\\py.exe -3.13",
    "C:\\Windows\\py.exe -3.12",
    "C:\\Windows\\py.exe -3.11",
    "C:\\Python311\\python.exe",
    "C:\\Users\\me\\AppData\\Local\\Programs\\Python\\Python313\\python.exe",
    "C:\\Users\\me\\AppData\\Local\\Programs\\Python\\Python39\\python.exe",
    "C:\\Users\\me\\AppData\\Local\\Microsoft\\WindowsApps\\python3.12.exe",
  ]);
});

test("a program's name is looked up on PATH, with its ending on Windows", () => {
  expect(onPath(machine("linux", { PATH: "/a:/b" }, { "/b": ["surefoot"] }), "surefoot")).toBe("/b/surefoot");
  expect(onPath(machine("win32", { Path: "C:\\b" }, { "C:\\b": ["Surefoot.exe"] }), "surefoot")).toBe(
    "C:\\b\\surefoot.exe",
  );
  expect(onPath(machine("linux", { PATH: "." }, { ".": ["surefoot"] }), "surefoot")).toBeUndefined();
});

test("the Python of an environment", () => {
  expect(pythonIn("/e", "linux")).toBe("/e/bin/python");
  expect(pythonIn("/e", "win32").replaceAll("\\", "/")).toBe("/e/Scripts/python.exe");
});
