// VS Code as a process: installs the extensions into a profile, starts code-server, waits until it answers, stops it.
//
// Invariant: what was started here is stopped here, with all its children, also when a test or the runner dies.
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { createWriteStream } from "node:fs";
import { createServer } from "node:net";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { CODE_SERVER, NODE, present } from "./places.ts";
import type { Profile } from "./profile.ts";

const STARTS_WITHIN = 60_000;
const STOPS_WITHIN = 5_000;

export interface CodeServer {
  readonly address: string;
  readonly pid: number;
  readonly log: string;
  stop(): Promise<void>;
}

export async function installExtensions(
  profile: Profile,
  vsix: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<void> {
  const wanted = vsix.flatMap(file => ["--install-extension", file]);
  await promisify(execFile)(node(), [...command(profile), ...wanted, "--force"], {
    env: withNode(env),
    timeout: STARTS_WITHIN,
  });
}

export async function startServer(profile: Profile, env: NodeJS.ProcessEnv): Promise<CodeServer> {
  const port = await freePort();
  const log = join(profile.root, "code-server.log");
  const child = spawn(node(), [...command(profile), "--bind-addr", `127.0.0.1:${port}`, ...FLAGS], {
    env: withNode(env),
    detached: true, // a process group of its own, so that one signal reaches the extension host and its servers too
    stdio: ["ignore", "pipe", "pipe"],
  });
  const out = createWriteStream(log);
  child.stdout.pipe(out);
  child.stderr.pipe(out);
  const stopNow = () => signalGroup(child, "SIGKILL");
  process.once("exit", stopNow);
  const address = `http://127.0.0.1:${port}`;
  const stop = async () => {
    process.off("exit", stopNow);
    await stopGroup(child);
  };
  try {
    await answers(`${address}/healthz`, child);
  } catch (error) {
    await stop();
    throw error;
  }
  return { address, pid: child.pid as number, log, stop };
}

const FLAGS = [
  "--auth=none",
  "--disable-telemetry",
  "--disable-update-check",
  "--disable-getting-started-override",
  "--disable-file-downloads",
  "--ignore-last-opened",
];

const node = () => present(NODE, "make ext-test");

function command(profile: Profile): string[] {
  const entry = join(CODE_SERVER, "out", "node", "entry.js");
  return [entry, "--user-data-dir", profile.data, "--extensions-dir", profile.extensions];
}

// code-server starts further Nodes by name: they have to be this one too.
function withNode(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return { ...env, PATH: `${dirname(NODE)}:${env.PATH ?? ""}` };
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await new Promise(done => probe.once("listening", done));
  const address = probe.address();
  await new Promise(done => probe.close(done));
  if (address === null || typeof address === "string") throw new Error("No free port was found.");
  return address.port;
}

async function answers(url: string, child: ChildProcess): Promise<void> {
  const until = Date.now() + STARTS_WITHIN;
  while (Date.now() < until) {
    if (child.exitCode !== null) throw new Error(`code-server ended with ${child.exitCode} before it answered.`);
    const up = await fetch(url).then(
      response => response.ok,
      () => false,
    );
    if (up) return;
    await sleep(100);
  }
  throw new Error(`code-server did not answer within ${STARTS_WITHIN / 1000} seconds.`);
}

async function stopGroup(child: ChildProcess): Promise<void> {
  signalGroup(child, "SIGTERM");
  const until = Date.now() + STOPS_WITHIN;
  while (groupLives(child) && Date.now() < until) await sleep(50);
  signalGroup(child, "SIGKILL");
}

function groupLives(child: ChildProcess): boolean {
  return signalGroup(child, 0);
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(-(child.pid as number), signal);
  } catch {
    return false; // all of them are gone
  }
}
