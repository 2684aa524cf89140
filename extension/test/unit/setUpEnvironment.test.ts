// Environments on disk: complete only with their stamp, one per try, removed when nothing uses them.
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import {
  findEnvironment,
  hasDistribution,
  markInUse,
  newFolder,
  type Place,
  readBundle,
  removeOthers,
  stampEnvironment,
} from "../../src/setUp/environment.ts";
import { installLanguageModels, makeEnvironment, type Tools } from "../../src/setUp/install.ts";
import { checkOwnCommand, prefixesOf } from "../../src/setUp/ownCommand.ts";
import { type Run, StoppedError } from "../../src/setUp/processes.ts";
import type { Python } from "../../src/setUp/python.ts";

let temporary: string;
let place: Place;
const key = "0123456789abcdef".repeat(4);
const PYTHON = { executable: "/usr/bin/python3.12", version: [3, 12, 4] } as Python;

beforeEach(() => {
  temporary = mkdtempSync(join(tmpdir(), "surefoot-set-up-"));
  const server = join(temporary, "server");
  mkdirSync(join(server, "requirements"), { recursive: true });
  writeFileSync(join(server, "requirements", "base.txt"), "a==1 \\\n  --hash=x\nb==2 \\\n  --hash=y\n");
  const bundle = { version: "1.2.0", key, wheel: join(server, "s.whl"), requirements: join(server, "requirements") };
  place = { storage: join(temporary, "storage"), bundle, platform: "linux", arch: "x64" };
});
afterEach(() => rmSync(temporary, { recursive: true, force: true }));

function putPython(folder: string): void {
  mkdirSync(join(folder, "bin"), { recursive: true });
  writeFileSync(join(folder, "bin", "python"), "");
}

/** As the real run, without Python: venv makes the folder, pip says what it does; `failing` has a program fail. */
function pretend(
  commands: string[][],
  failing?: (command: string[]) => string | undefined,
): Tools & { steps: string[] } {
  const steps: string[] = [];
  const run: Run = async (command, { onLine }) => {
    commands.push(command);
    if (command.includes("venv")) {
      putPython(command.at(-1) ?? "");
    }
    for (const line of ["Collecting a==1", "Collecting b==2", "Installing collected packages: a, b"]) {
      onLine?.(line);
    }
    const output = failing?.(command);
    return { code: output === undefined ? 0 : 1, output: output ?? "", answer: "" };
  };
  const onStep = (what: string, percent: number) => steps.push(`${Math.round(percent)} ${what}`);
  return { run, env: {}, signal: new AbortController().signal, onLine: () => {}, onStep, steps };
}

test("an environment is made in order, pinned by hash, and found again", async () => {
  const commands: string[][] = [];
  const tools = pretend(commands);
  const made = await makeEnvironment(place, PYTHON, tools);
  expect(made.folder).toBe(join(place.storage, "1.2.0-01234567-linux-x64-1"));
  const [venv, packages, server] = commands.map(command => command.join(" "));
  expect(venv).toBe(`/usr/bin/python3.12 -I -m venv ${made.folder}`);
  expect(packages).toContain("install --require-hashes --only-binary=:all: -r");
  expect(server).toContain(`install --no-deps --no-index ${place.bundle.wheel}`);
  expect(tools.steps).toEqual([
    "0 making an environment with Python 3.12",
    "10 collecting packages",
    "35 collecting packages (1 of 2)",
    "60 collecting packages (2 of 2)",
    "60 installing packages",
    "95 installing the server",
  ]);
  expect(await findEnvironment(place)).toEqual(made);
});

test("nothing is left of one that failed, and the error is a sentence", async () => {
  const fails = pretend([], command => (command.includes("--require-hashes") ? "No space left on device" : undefined));
  await expect(makeEnvironment(place, PYTHON, fails)).rejects.toMatchObject({ name: "SetUpError", kind: "disk" });
  expect(readdirSync(place.storage)).toEqual([]);
});

test("a storage that cannot be made is a sentence too", async () => {
  writeFileSync(join(temporary, "file"), "");
  const inFile = { ...place, storage: join(temporary, "file", "storage") };
  await expect(makeEnvironment(inFile, PYTHON, pretend([]))).rejects.toMatchObject({ name: "SetUpError" });
});

test("being stopped stays what it is", async () => {
  const stopping: Run = async () => {
    throw new StoppedError();
  };
  await expect(makeEnvironment(place, PYTHON, { ...pretend([]), run: stopping })).rejects.toBeInstanceOf(StoppedError);
});

test("a Python that writes elsewhere is told", async () => {
  const elsewhere: Run = async () => ({ code: 0, output: "", answer: "" });
  const made = makeEnvironment(place, PYTHON, { ...pretend([]), run: elsewhere });
  await expect(made).rejects.toThrow("does not write where VS Code can read");
});

test("llama.cpp is compiled with the pinned tools of the environment", async () => {
  const commands: string[][] = [];
  const tools = { ...pretend(commands), env: { PATH: "/usr/bin" } };
  const paths: (string | undefined)[] = [];
  const run: Run = (command, options) => {
    paths.push(options.env?.PATH);
    expect(options.gently).toBe(true);
    return tools.run(command, options);
  };
  const python = join(place.storage, "e", "bin", "python");
  await installLanguageModels(place, { folder: join(place.storage, "e"), python }, { ...tools, run });
  expect(commands.map(command => command.slice(7).join(" "))).toEqual([
    `install --require-hashes --only-binary=:all: -r ${join(place.bundle.requirements, "build.txt")}`,
    `install --require-hashes --no-build-isolation -r ${join(place.bundle.requirements, "llm.txt")}`,
  ]);
  expect(paths[1]?.startsWith(dirname(python))).toBe(true);
});

test("without its stamp, or with another's, or without its Python, it is none", async () => {
  const folder = await newFolder(place);
  putPython(folder);
  expect(await findEnvironment(place)).toBeUndefined();
  writeFileSync(join(folder, "stamp.json"), JSON.stringify({ key: "other" }));
  expect(await findEnvironment(place)).toBeUndefined();
  writeFileSync(join(folder, "stamp.json"), "{");
  expect(await findEnvironment(place)).toBeUndefined();
  await stampEnvironment(folder, place, "/usr/bin/python3");
  expect((await findEnvironment(place))?.folder).toBe(folder);
  rmSync(join(folder, "bin", "python"));
  symlinkSync("/nowhere/python", join(folder, "bin", "python"));
  expect(await findEnvironment(place)).toBeUndefined();
});

test("each try has a folder of its own, and the newest complete one counts", async () => {
  for (const last of ["-1", "-2", "-3"]) {
    const folder = await newFolder(place);
    expect(folder.endsWith(last)).toBe(true);
    putPython(folder);
    if (last !== "-3") {
      await stampEnvironment(folder, place, "/usr/bin/python3");
    }
  }
  expect((await findEnvironment(place))?.folder.endsWith("-2")).toBe(true);
});

test("an update removes the old ones, but not one in use and nothing else", async () => {
  const names = [
    "1.1.0-aaaaaaaa-linux-x64-1",
    "1.1.0-bbbbbbbb-linux-x64-2",
    "1.2.0-01234567-linux-x64-1",
    "models",
    "a.json",
  ];
  for (const name of names) {
    mkdirSync(join(place.storage, name), { recursive: true });
  }
  const used = join(place.storage, "1.1.0-bbbbbbbb-linux-x64-2");
  const keep = join(place.storage, "1.2.0-01234567-linux-x64-1");
  await markInUse(used);
  expect(await removeOthers(place, keep)).toEqual([join(place.storage, "1.1.0-aaaaaaaa-linux-x64-1")]);
  expect(readdirSync(place.storage)).toEqual(names.slice(1).sort());
  const longAgo = new Date(Date.now() - 24 * 60 * 60 * 1000);
  utimesSync(join(used, "in-use"), longAgo, longAgo);
  expect(await removeOthers(place, keep)).toEqual([used]);
});

test("the bundle is read, and is none without its wheel", async () => {
  const server = join(temporary, "server");
  expect(await readBundle(server)).toBeUndefined();
  writeFileSync(join(server, "bundle.json"), JSON.stringify({ version: "1.2.0", wheel: "s.whl", key }));
  expect(await readBundle(server)).toBeUndefined();
  writeFileSync(join(server, "s.whl"), "");
  expect(await readBundle(server)).toEqual(place.bundle);
});

test("a distribution counts once it is installed whole, on any system", async () => {
  const posix = join(temporary, "p", "lib", "python3.12", "site-packages");
  mkdirSync(join(posix, "llama_cpp"), { recursive: true });
  expect(await hasDistribution(join(temporary, "p"), "llama_cpp_python", "linux")).toBe(false);
  mkdirSync(join(posix, "llama_cpp_python-0.3.36.dist-info"));
  expect(await hasDistribution(join(temporary, "p"), "llama_cpp_python", "linux")).toBe(true);
  mkdirSync(join(temporary, "w", "Lib", "site-packages", "llama_cpp_python-0.3.36.dist-info"), { recursive: true });
  expect(await hasDistribution(join(temporary, "w"), "llama_cpp_python", "win32")).toBe(true);
});

test("an own command is checked before it is started, and told by the name of its setting", async () => {
  const program = join(temporary, "bin", "surefoot");
  mkdirSync(dirname(program));
  writeFileSync(program, "");
  const list = (folder: string) => (folder === dirname(program) ? ["surefoot"] : []);
  const machine = { platform: process.platform, env: { PATH: dirname(program) }, home: temporary, list };
  const check = (...command: unknown[]) => checkOwnCommand(command, machine);
  expect(await check(program, "-v")).toEqual({ command: [program, "-v"] });
  expect(await check("surefoot")).toEqual({ command: [program] });
  expect(await check("~/bin/surefoot")).toEqual({ command: [program] });
  expect(await prefixesOf([program])).toContain(temporary);
  for (const wrong of ["/nowhere/x", "absent", "./bin/surefoot", dirname(program), ""]) {
    expect(await check(wrong)).toMatchObject({ why: expect.stringContaining("surefoot.serverCommand") });
  }
  expect(await check(program, 3)).toMatchObject({ why: expect.stringContaining("list of strings") });
});

test("a program behind a link, as pipx makes one, belongs to the environment that it leads to", async () => {
  const real = join(temporary, "environment", "bin", "surefoot");
  const link = join(temporary, "local", "bin", "surefoot");
  for (const path of [real, link]) {
    mkdirSync(dirname(path), { recursive: true });
  }
  writeFileSync(real, "");
  symlinkSync(real, link);
  expect(await prefixesOf([link])).toContain(join(realpathSync(temporary), "environment"));
  expect(await prefixesOf([join(temporary, "nowhere", "bin", "python")])).toContain(join(temporary, "nowhere"));
});
