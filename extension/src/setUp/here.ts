// What the set-up needs to know about this VS Code and this machine.
//
// Invariant: reads only; the workspace has no say in any of it.

import { readdirSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { type ExtensionContext, extensions, workspace } from "vscode";
import { setting } from "../settings";
import { type Environment, findEnvironment, type Place, readBundle } from "./environment";
import { pipVariables } from "./pip";
import type { Machine } from "./pythonPlaces";

const PYTHON_EXTENSION_MS = 10_000;

export function thisMachine(): Machine {
  const { platform, env } = process;
  return { platform, env, home: homedir(), list };
}

/** Where environments lie; undefined where the extension was packed without a server. */
export async function placeOf(context: ExtensionContext): Promise<Place | undefined> {
  const bundle = await readBundle(join(context.extensionPath, "server"));
  const { platform, arch } = process;
  return bundle && { storage: context.globalStorageUri.fsPath, bundle, platform, arch };
}

/** The extension's own environment, where it is what the server runs from. */
export async function ownEnvironment(
  context: ExtensionContext,
): Promise<{ place: Place; environment: Environment } | undefined> {
  const place = setting<unknown[]>("serverCommand", []).length ? undefined : await placeOf(context);
  const environment = place && (await findEnvironment(place));
  return environment && { place, environment };
}

export function variablesForPip(): NodeJS.ProcessEnv {
  return pipVariables(process.env, workspace.getConfiguration("http").get<string>("proxy", ""));
}

// The part of the Python extension's interface that is asked for; any of it may be missing.
interface PythonExtension {
  environments?: {
    getActiveEnvironmentPath?(): { path: string };
    resolveEnvironment?(environment: {
      path: string;
    }): Promise<{ executable?: { uri?: { fsPath: string } | undefined } } | undefined>;
  };
}

/** The interpreter that is chosen in the Python extension, where there is that extension. */
export async function activePython(): Promise<string | undefined> {
  try {
    return await Promise.race([askPythonExtension(), after(PYTHON_EXTENSION_MS)]);
  } catch {
    // That extension's failures are not ours: there are other places to look.
    return undefined;
  }
}

async function askPythonExtension(): Promise<string | undefined> {
  const environments = (await extensions.getExtension<PythonExtension>("ms-python.python")?.activate())?.environments;
  const active = environments?.getActiveEnvironmentPath?.();
  if (!active) {
    return undefined;
  }
  const resolved = await environments?.resolveEnvironment?.(active);
  return resolved?.executable?.uri?.fsPath;
}

function after(milliseconds: number): Promise<undefined> {
  return new Promise(resolve => setTimeout(resolve, milliseconds));
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
