// The extension's own environments on disk: named by version, content and machine, complete only with their stamp.
//
// Invariant: the stamp is written last, so an interrupted set-up is never taken for an environment; one that is in use
// is never removed.

import { mkdir, readdir, readFile, rm, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pythonIn } from "./python";

const STAMP = "stamp.json";
const IN_USE = "in-use";
/** How often a running window says that it uses its environment. */
export const IN_USE_EVERY_MS = 10 * 60 * 1000;
const UNUSED_AFTER_MS = 3 * IN_USE_EVERY_MS;
const NAME = /^\d[\w.+]*-[0-9a-f]{8}-[a-z0-9]+-[a-z0-9]+-(\d+)$/;

/** The server as the extension brings it along. */
export interface Bundle {
  version: string;
  /** The sha256 of the wheel and its requirements together. */
  key: string;
  wheel: string;
  requirements: string;
}

export interface Place {
  /** The folder that the environments lie in. */
  storage: string;
  bundle: Bundle;
  platform: NodeJS.Platform;
  arch: string;
}

export interface Environment {
  folder: string;
  python: string;
}

/** What lies in the extension's folder `server`; undefined where it was packed without one. */
export async function readBundle(folder: string): Promise<Bundle | undefined> {
  try {
    const read = JSON.parse(await readFile(join(folder, "bundle.json"), "utf8"));
    const wheel = join(folder, read.wheel);
    await stat(wheel);
    return { version: read.version, key: read.key, wheel, requirements: join(folder, "requirements") };
  } catch {
    return undefined;
  }
}

/** The environment that stands for this version on this machine, if there is one. */
export async function findEnvironment(place: Place): Promise<Environment | undefined> {
  const names = (await listed(place.storage)).filter(name => name.startsWith(prefixOf(place)) && NAME.test(name));
  for (const name of names.sort((one, other) => numberOf(other) - numberOf(one))) {
    const folder = join(place.storage, name);
    if (await isComplete(folder, place)) {
      return { folder, python: pythonIn(folder, place.platform) };
    }
  }
  return undefined;
}

/** A folder for a new environment. Each try has one of its own, so that no remains are ever built upon. */
export async function newFolder(place: Place): Promise<string> {
  await mkdir(place.storage, { recursive: true });
  const numbers = (await listed(place.storage)).filter(name => name.startsWith(prefixOf(place))).map(numberOf);
  return join(place.storage, `${prefixOf(place)}${Math.max(0, ...numbers) + 1}`);
}

/** Say that an environment is complete. */
export async function stampEnvironment(folder: string, place: Place, basePython: string): Promise<void> {
  await writeFile(join(folder, STAMP), JSON.stringify({ key: place.bundle.key, python: basePython }));
}

/** Say that an environment is in use now. */
export async function markInUse(folder: string): Promise<void> {
  const marker = join(folder, IN_USE);
  await writeFile(marker, "");
  const now = new Date();
  await utimes(marker, now, now);
}

/** Remove the environments of other versions and interrupted tries; returns what was removed. */
export async function removeOthers(place: Place, keep: string): Promise<string[]> {
  const others = (await listed(place.storage))
    .filter(name => NAME.test(name))
    .map(name => join(place.storage, name))
    .filter(folder => folder !== keep);
  const removed = [];
  for (const folder of others) {
    if (!(await isInUse(folder))) {
      await removeEnvironment(folder);
      removed.push(folder);
    }
  }
  return removed;
}

/** Remove one. The stamp goes first: what is left after an interruption is no environment. */
export async function removeEnvironment(folder: string): Promise<void> {
  await rm(join(folder, STAMP), { force: true });
  await rm(folder, { recursive: true, force: true, maxRetries: 3 });
}

/** Whether a distribution (by its name with underscores) is installed under a prefix such as an environment. */
export async function hasDistribution(prefix: string, name: string, platform: NodeJS.Platform): Promise<boolean> {
  const packages =
    platform === "win32"
      ? [join(prefix, "Lib", "site-packages")]
      : (await listed(join(prefix, "lib"))).map(python => join(prefix, "lib", python, "site-packages"));
  const found = await Promise.all(packages.map(listed));
  return found.flat().some(entry => entry.startsWith(`${name}-`) && entry.endsWith(".dist-info"));
}

function prefixOf(place: Place): string {
  return `${place.bundle.version}-${place.bundle.key.slice(0, 8)}-${place.platform}-${place.arch}-`;
}

function numberOf(name: string): number {
  return Number(NAME.exec(name)?.[1] ?? 0);
}

async function isComplete(folder: string, place: Place): Promise<boolean> {
  try {
    const stamp = JSON.parse(await readFile(join(folder, STAMP), "utf8"));
    // The Python that it was made from may have been removed, which leaves a link that leads nowhere.
    await stat(pythonIn(folder, place.platform));
    return stamp.key === place.bundle.key;
  } catch {
    return false;
  }
}

async function isInUse(folder: string): Promise<boolean> {
  try {
    return Date.now() - (await stat(join(folder, IN_USE))).mtimeMs < UNUSED_AFTER_MS;
  } catch {
    return false;
  }
}

async function listed(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch {
    return [];
  }
}
