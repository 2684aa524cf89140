// The temporary folder of one VS Code: home, settings, extensions, workspace. Removed with `remove`.
//
// Invariant: nothing of the user's own profile is read or written; only the package caches are shared.
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { basename, join } from "node:path";
import { CORPORA, present } from "./places.ts";

export type Settings = Record<string, unknown>;

export interface Profile {
  readonly root: string;
  readonly home: string;
  readonly data: string;
  readonly extensions: string;
  readonly socket: string;
  readonly cache: string;
  /** The copies of the projects, in the order that they were asked for. */
  readonly folders: readonly string[];
  remove(): void;
}

// Quiet, and the same on every run: nothing that phones home, pops up or animates.
const QUIET: Settings = {
  "workbench.startupEditor": "none",
  "workbench.secondarySideBar.defaultVisibility": "hidden",
  "workbench.enableExperiments": false,
  "workbench.colorTheme": "Dark 2026",
  "workbench.reduceMotion": "on",
  "window.autoDetectColorScheme": false,
  "chat.disableAIFeatures": true,
  "telemetry.telemetryLevel": "off",
  "extensions.autoUpdate": false,
  "extensions.autoCheckUpdates": false,
  "extensions.ignoreRecommendations": true,
  "security.workspace.trust.enabled": false,
  "update.mode": "none",
  "git.enabled": false,
  "editor.minimap.enabled": false,
  "files.hotExit": "off",
};

/** Makes the folder. `projects` are names from evals/corpora.toml or absolute folders; each is copied. */
export function makeProfile(projects: readonly string[]): Profile {
  const root = mkdtempSync(join(tmpdir(), "surefoot-"));
  const under = (...names: string[]) => {
    const path = join(root, ...names);
    mkdirSync(path, { recursive: true });
    return path;
  };
  under("data", "User");
  under("data", "Machine");
  return {
    root,
    home: under("home"),
    data: under("data"),
    extensions: under("extensions"),
    cache: under("cache"),
    socket: join(root, "host.sock"),
    folders: projects.map(project => copyProject(project, under("projects"))),
    remove: () => rmSync(root, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 }),
  };
}

/** User settings, and once more as the machine's: only there does a remote window look for settings of machine scope. */
export function writeSettings(profile: Profile, settings: Settings): void {
  const machine = Object.entries(settings).filter(([name]) => name.startsWith("surefoot."));
  const write = (kind: string, values: Settings) =>
    writeFileSync(join(profile.data, kind, "settings.json"), JSON.stringify(values, null, 2));
  write("User", { ...QUIET, ...settings });
  write("Machine", Object.fromEntries(machine));
}

function copyProject(project: string, into: string): string {
  const source = project.startsWith("/") ? project : present(join(CORPORA, project), "make ext-test");
  const target = join(into, basename(source));
  cpSync(source, target, { recursive: true, verbatimSymlinks: true });
  return target;
}

/** What is handed to the programs: a home of their own, but the caches of pip and npm, which hold no settings. */
export function environment(profile: Profile, more: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  return {
    ...withoutSurefoot(process.env),
    PIP_CACHE_DIR: process.env.PIP_CACHE_DIR ?? join(homedir(), ".cache", "pip"),
    HOME: profile.home,
    XDG_CONFIG_HOME: join(profile.home, ".config"),
    XDG_CACHE_HOME: join(profile.home, ".cache"),
    XDG_DATA_HOME: join(profile.home, ".local", "share"),
    EXTENSIONS_GALLERY: "{}",
    COMPANION_SOCKET: profile.socket,
    VITEST: undefined,
    NODE_OPTIONS: undefined,
    ...more,
  };
}

// A developer's own SUREFOOT_MODEL must not decide what a test sees.
function withoutSurefoot(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith("SUREFOOT_")));
}
