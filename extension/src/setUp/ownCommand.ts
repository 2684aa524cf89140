// The setting surefoot.serverCommand: an installation that the user keeps.
//
// Invariant: a program that is not there is told by the name of the setting, before anything is started.

import { realpath, stat } from "node:fs/promises";
import { dirname, isAbsolute, join } from "node:path";
import { type Machine, onPath } from "./pythonPlaces";

export type Checked = { command: string[] } | { why: string };

/** The command with its program found, or why there is none. */
export async function checkOwnCommand(command: unknown[], machine: Machine): Promise<Checked> {
  if (!command.every(part => typeof part === "string")) {
    return { why: "The setting surefoot.serverCommand has to be a list of strings; correct it, or empty it." };
  }
  const [given = "", ...args] = command as string[];
  const program = given.startsWith("~/") ? join(machine.home, given.slice(2)) : given;
  const found = isAbsolute(program)
    ? await fileOrNothing(program)
    : /[\\/]/.test(program)
      ? undefined
      : onPath(machine, program);
  if (found === undefined) {
    return {
      why:
        `The setting surefoot.serverCommand names “${given}”, and there is no such program; ` +
        "correct it, or empty it to use the extension's own environment.",
    };
  }
  return { command: [found, ...args] };
}

/** The folders that may hold the packages of a command: an environment's, also behind a link such as pipx makes. */
export async function prefixesOf(command: string[]): Promise<string[]> {
  const program = command[0] ?? "";
  const real = await realpath(program).catch(() => program);
  return [...new Set([dirname(dirname(program)), dirname(program), dirname(dirname(real))])];
}

async function fileOrNothing(path: string): Promise<string | undefined> {
  try {
    return (await stat(path)).isFile() ? path : undefined;
  } catch {
    return undefined;
  }
}
