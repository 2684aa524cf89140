// One VS Code for a test file: a profile, the server process, a browser page, and the way into the extension host.
//
// Invariant: a failed test leaves its screenshot and logs in test/artifacts; a stopped one leaves nothing behind.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Page, chromium as playwright } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach } from "vitest";
import { type CodeServer, installExtensions, startServer } from "./codeServer.ts";
import { keepEvidence } from "./evidence.ts";
import { type HostFunction, hostReady, inHost } from "./host.ts";
import { COMPANION, chromium, PYTHON, present, VSIX } from "./places.ts";
import { environment, makeProfile, type Profile, type Settings, writeSettings } from "./profile.ts";
import { runCommand } from "./workbench.ts";

export interface CodeOptions {
  /** Names from evals/corpora.toml, or absolute folders. One is opened as a folder, several as a workspace. */
  readonly projects: readonly string[];
  readonly settings?: Settings;
  /** "checkout": the Python of this repository. "own": what the extension makes for itself. */
  readonly server?: "checkout" | "own";
  /** Further extensions; the product and the companion are always there. */
  readonly vsix?: readonly string[];
  /** Leaves the product out: the baseline of the start-up measurements. */
  readonly withoutProduct?: boolean;
  readonly env?: NodeJS.ProcessEnv;
  readonly size?: { readonly width: number; readonly height: number };
}

export interface Code {
  readonly profile: Profile;
  readonly server: CodeServer;
  readonly page: Page;
  /** The copy of the first project. */
  readonly folder: string;
  inHost<Value>(run: HostFunction<undefined, Value>): Promise<Value>;
  inHost<Argument, Value>(run: HostFunction<Argument, Value>, argument: Argument): Promise<Value>;
  /** Reloads the window as its command does, which saves what is kept. */
  reload(): Promise<void>;
  /** Screenshot and logs into test/artifacts/<name>. */
  keepEvidence(name: string): Promise<void>;
  stop(): Promise<void>;
}

const CHROMIUM_FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--disable-dev-shm-usage",
];
const SIZE = { width: 1400, height: 900 };
const RESTORES_WITHIN = 60_000;

/** Starts a VS Code for the tests of a file or `describe`, and stops it after them. */
export function useCode(options: CodeOptions): { readonly code: Code } {
  let code: Code | undefined;
  let begun = false;
  beforeAll(async () => {
    code = await startCode(options);
  }, 180_000);
  beforeEach(() => {
    begun = true;
  });
  afterEach(async ({ task }) => {
    if (task.result?.state === "fail") await code?.keepEvidence(task.name);
  });
  afterAll(async () => {
    // A hook of the file failed, for instance because nothing was indexed in time.
    if (!begun) await code?.keepEvidence("before-the-first-test");
    await code?.stop();
  }, 60_000);
  return {
    get code() {
      if (!code) throw new Error("VS Code has not been started.");
      return code;
    },
  };
}

export async function startCode(options: CodeOptions): Promise<Code> {
  const profile = makeProfile(options.projects);
  const cleanUp = [async () => profile.remove()];
  const stop = async () => {
    for (const step of cleanUp.splice(0).reverse())
      await step().catch(error => console.error(`While stopping: ${error}`));
  };
  try {
    writeSettings(profile, settingsOf(options, profile));
    const env = environment(profile, options.env);
    await installExtensions(profile, extensionsOf(options), env);
    const server = await startServer(profile, env);
    cleanUp.push(() => server.stop());
    const browser = await playwright.launch({ executablePath: chromium(), args: CHROMIUM_FLAGS });
    cleanUp.push(() => browser.close());
    // An answer is copied by the page, and the tests read it from there.
    const permissions = ["clipboard-read", "clipboard-write"];
    const page = await browser.newPage({ viewport: options.size ?? SIZE, permissions });
    await page.goto(addressOf(server, profile));
    await restored(page, profile);
    return {
      profile,
      server,
      page,
      folder: profile.folders[0] ?? profile.root,
      inHost: (run: HostFunction<never, never>, argument?: unknown) => inHost(profile.socket, run, argument as never),
      reload: () => reload(page, profile),
      keepEvidence: name => keepEvidence(name, page, profile, server.log),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

function settingsOf(options: CodeOptions, profile: Profile): Settings {
  const command = options.server === "own" ? [] : [present(PYTHON, "make ext-test"), "-m", "surefoot"];
  return {
    "surefoot.serverCommand": command,
    "surefoot.cacheDir": profile.cache,
    "surefoot.model": "none",
    ...options.settings,
  };
}

function extensionsOf(options: CodeOptions): string[] {
  const product = options.withoutProduct ? [] : [present(VSIX, "make vsix")];
  return [...product, present(COMPANION, "make ext-test"), ...(options.vsix ?? [])];
}

function addressOf(server: CodeServer, profile: Profile): string {
  const [first, ...others] = profile.folders;
  if (others.length === 0) return `${server.address}/?folder=${encodeURIComponent(first ?? profile.root)}`;
  const file = join(profile.root, "several.code-workspace");
  writeFileSync(file, JSON.stringify({ folders: profile.folders.map(path => ({ path })) }));
  return `${server.address}/?workspace=${encodeURIComponent(file)}`;
}

async function reload(page: Page, profile: Profile): Promise<void> {
  const loaded = page.waitForEvent("load", { timeout: RESTORES_WITHIN });
  await runCommand(page, "Developer: Reload Window");
  await loaded;
  await restored(page, profile);
}

async function restored(page: Page, profile: Profile): Promise<void> {
  await page.locator(".monaco-workbench").waitFor({ timeout: RESTORES_WITHIN });
  await page.locator(".statusbar-item").first().waitFor({ timeout: RESTORES_WITHIN });
  await hostReady(profile.socket);
}
