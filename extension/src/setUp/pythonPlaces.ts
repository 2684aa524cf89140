// Where a Python may be on this machine.
//
// Invariant: only absolute folders are looked into, so nothing that lies in a workspace is ever run by its name.

import { posix, win32 } from "node:path";

/** What a machine looks like, as far as finding a Python goes. */
export interface Machine {
  platform: NodeJS.Platform;
  env: NodeJS.ProcessEnv;
  home: string;
  /** The names in a folder; empty where there is no such folder. */
  list(folder: string): string[];
}

const MINORS = [14, 13, 12, 11];

/** Commands that may start a Python, the likeliest first. */
export function pythonCommands(machine: Machine): string[][] {
  const found = machine.platform === "win32" ? onWindows(machine) : onPosix(machine);
  const keys = found.map(command => command.join("\0"));
  return found.filter((_, index) => keys.indexOf(keys[index] ?? "") === index);
}

function onPosix(machine: Machine): string[][] {
  const mac = machine.platform === "darwin";
  const usual = [
    "/opt/homebrew/bin",
    "/usr/local/bin",
    "/home/linuxbrew/.linuxbrew/bin",
    posix.join(machine.home, ".local/bin"),
    "/usr/bin",
  ];
  const folders = [...pathFolders(machine), ...usual]
    // macOS offers to install developer tools where its own Python is called and is not there; it is too old anyway.
    .filter(folder => !(mac && folder === "/usr/bin"));
  const names = [...MINORS.map(minor => `python3.${minor}`), "python3", "python"];
  const pyenv = machine.env.PYENV_ROOT ?? posix.join(machine.home, ".pyenv");
  return [
    ...executables(machine, folders, names),
    ...inVersions(machine, posix.join(pyenv, "versions"), "bin/python3"),
    ...inVersions(machine, posix.join(machine.home, ".local/share/uv/python"), "bin/python3"),
    ...(mac ? inVersions(machine, "/Library/Frameworks/Python.framework/Versions", "bin/python3") : []),
  ].map(path => [path]);
}

function onWindows(machine: Machine): string[][] {
  const { env } = machine;
  const folders = pathFolders(machine);
  const store = win32.join(env.LOCALAPPDATA ?? "", "Microsoft", "WindowsApps");
  const isStore = (folder: string) => folder.toLowerCase().startsWith(store.toLowerCase());
  const launcher = executables(machine, [...folders, env.WINDIR ?? "C:\\Windows"], ["py.exe"])[0];
  const launched = launcher ? ["-3", ...MINORS.map(minor => `-3.${minor}`)].map(which => [launcher, which]) : [];
  const programs = [
    win32.join(env.LOCALAPPDATA ?? "", "Programs", "Python"),
    env.ProgramFiles ?? "C:\\Program Files",
    win32.join(machine.home, ".pyenv", "pyenv-win", "versions"),
    win32.join(env.APPDATA ?? "", "uv", "python"),
  ];
  const names = [...MINORS.map(minor => `python3.${minor}.exe`), "python3.exe", "python.exe"];
  const paths = [
    ...executables(
      machine,
      folders.filter(folder => !isStore(folder)),
      names,
    ),
    ...programs.flatMap(folder => inVersions(machine, folder, "python.exe")),
    // Last, since what these write into the user's folders is kept elsewhere.
    ...executables(machine, [store], names),
  ];
  return [...launched, ...paths.map(path => [path])];
}

/** The absolute folders of PATH, without pyenv's, whose programs depend on the folder that they are run in. */
function pathFolders(machine: Machine): string[] {
  const { isAbsolute, delimiter, normalize } = machine.platform === "win32" ? win32 : posix;
  const path = machine.env.PATH ?? machine.env.Path ?? "";
  return path
    .split(delimiter)
    .map(folder => folder.replace(/^"|"$/g, ""))
    .filter(folder => folder && isAbsolute(folder))
    .map(folder => normalize(folder).replace(/(?<=.)[\\/]$/, ""))
    .filter(folder => !/[\\/]shims$/.test(folder));
}

/** `names` in `folders`: all folders for the first name, then all for the next. */
function executables(machine: Machine, folders: string[], names: string[]): string[] {
  const { join: joined } = machine.platform === "win32" ? win32 : posix;
  const fold = (name: string) => (machine.platform === "win32" ? name.toLowerCase() : name);
  const listed = folders.map(folder => ({ folder, there: new Set(machine.list(folder).map(fold)) }));
  return names.flatMap(name => listed.filter(one => one.there.has(fold(name))).map(one => joined(one.folder, name)));
}

/** `program` in every folder of `versions` that is named like a Python 3, the newest first. */
function inVersions(machine: Machine, versions: string, program: string): string[] {
  const { join: joined } = machine.platform === "win32" ? win32 : posix;
  return machine
    .list(versions)
    .filter(name => /^(?:python|cpython-)?3[.\d]/i.test(name))
    .sort((one, other) => other.localeCompare(one, "en", { numeric: true }))
    .map(name => joined(versions, name, program));
}

/** Where `name` is on PATH, if it is. */
export function onPath(machine: Machine, name: string): string | undefined {
  const endings = machine.platform === "win32" && !/\.exe$/i.test(name) ? [".exe"] : [""];
  return executables(
    machine,
    pathFolders(machine),
    endings.map(ending => name + ending),
  )[0];
}
