// First run and repair: where the server comes from, and the environment that the extension makes for it.
//
// Command: surefoot.setUp.
// Invariant: where an environment stands, no network is asked and nothing is run; what fails is told in one sentence.

import { join } from "node:path";
import { commands, type ExtensionContext, type LogOutputChannel, window } from "vscode";
import type { Launch, Server } from "../server";
import { setting } from "../settings";
import { type Environment, findEnvironment, IN_USE_EVERY_MS, markInUse, removeOthers } from "../setUp/environment";
import { setUpWithProgress } from "../setUp/firstRun";
import { ownEnvironment, placeOf, thisMachine } from "../setUp/here";
import { tryLock } from "../setUp/lock";
import { type Deeds, failureSentence, openSetting, showLog, tell, tellFailure } from "../setUp/messages";
import { addLanguageModels, forgetTry } from "../setUp/modelSupport";
import { checkOwnCommand } from "../setUp/ownCommand";
import { StoppedError } from "../setUp/processes";
import type { Surefoot } from "./feature";

const NOT_YET = "Surefoot is not set up yet; run the command Set Up when it suits you.";
const NO_BUNDLE =
  "This copy of the extension was packed without its server; install the extension again, " +
  "or name an installation in the setting surefoot.serverCommand.";

/** Aborted at the end of the session, so that no pip outlives it. */
const session = new AbortController();
export const sessionEnd = session.signal;
let launched: string[] | undefined;

/** The command of the server that was started last. */
export function lastCommand(): string[] | undefined {
  return launched;
}

/** What starts the server: the user's own command, or the extension's environment, which is made if there is none. */
export async function findServer(
  context: ExtensionContext,
  log: LogOutputChannel,
  say: (step: string) => void,
): Promise<Launch> {
  const own = setting<unknown[]>("serverCommand", []);
  const launch = own.length ? await ownInstallation(own) : await fromEnvironment(context, log, say);
  launched = launch.kind === "command" ? launch.command : undefined;
  return launch;
}

async function ownInstallation(command: unknown[]): Promise<Launch> {
  const checked = await checkOwnCommand(command, thisMachine());
  if ("why" in checked) {
    tell("error", checked.why, openSetting("serverCommand"));
    return { kind: "none", why: checked.why };
  }
  return { kind: "command", command: checked.command };
}

async function fromEnvironment(
  context: ExtensionContext,
  log: LogOutputChannel,
  say: (step: string) => void,
): Promise<Launch> {
  const place = await placeOf(context);
  if (!place) {
    tell("error", NO_BUNDLE, openSetting("serverCommand"));
    return { kind: "none", why: NO_BUNDLE };
  }
  try {
    const environment =
      (await findEnvironment(place)) ?? (await setUpWithProgress({ place, log, signal: sessionEnd, anew: false, say }));
    say("Starting");
    // Isolated: what lies in the workspace must not be imported in place of the server's own packages.
    return { kind: "command", command: [environment.python, "-I", "-m", "surefoot"] };
  } catch (error) {
    return { kind: "none", why: whyNot(error, log, "surefoot.restartServer") };
  }
}

function whyNot(error: unknown, log: LogOutputChannel, again: string): string {
  if (error instanceof StoppedError) {
    return NOT_YET;
  }
  const failure = error instanceof Error ? error : new Error(String(error));
  tellFailure(failure, log, () => commands.executeCommand(again));
  return failureSentence(failure);
}

export function activate(surefoot: Surefoot): void {
  const { context, server } = surefoot;
  const keeper = new Keeper(surefoot);
  context.subscriptions.push(
    keeper,
    { dispose: () => session.abort() },
    commands.registerCommand("surefoot.setUp", () => repair(surefoot)),
    server.onDidChangeState(state => state.kind === "running" && void keeper.look()),
  );
}

async function repair({ context, server, log }: Surefoot): Promise<void> {
  const place = await placeOf(context);
  const standing = place && (await findEnvironment(place));
  const obstacle = obstacleTo(server, standing !== undefined);
  if (obstacle) {
    tell("information", obstacle.sentence, obstacle.help);
    return;
  }
  if (!place) {
    tell("error", NO_BUNDLE, openSetting("serverCommand"));
    return;
  }
  if (standing && !(await confirmed())) {
    return;
  }
  try {
    await forgetTry(context);
    await setUpWithProgress({ place, log, signal: sessionEnd, anew: standing !== undefined, say: () => undefined });
    await server.restart();
  } catch (error) {
    whyNot(error, log, "surefoot.setUp");
  }
}

/** Why nothing is to be set up now. */
function obstacleTo(server: Server, standing: boolean): { sentence: string; help: Deeds } | undefined {
  if (setting<unknown[]>("serverCommand", []).length) {
    const sentence = "Surefoot runs from the setting surefoot.serverCommand; empty it to have an environment set up.";
    return { sentence, help: openSetting("serverCommand") };
  }
  if (server.state.kind === "untrusted") {
    const manage = () => commands.executeCommand("workbench.trust.manage");
    return { sentence: "Surefoot is set up once this folder is trusted.", help: { "Manage Workspace Trust": manage } };
  }
  if (server.state.kind === "starting" && !standing) {
    return { sentence: "Surefoot is being set up already.", help: showLog };
  }
  return undefined;
}

async function confirmed(): Promise<boolean> {
  const detail =
    "Its Python environment is made anew: packages are installed again, from the network unless pip has them. " +
    "Settings, indexes and models stay, and the server goes on until the new environment is there.";
  return (await window.showWarningMessage("Set up Surefoot again?", { modal: true, detail }, "Set Up")) === "Set Up";
}

/** Looks after the environment once the server runs: says that it is in use, removes old ones, adds llama.cpp. */
class Keeper {
  private used: Environment | undefined;
  private readonly beat = setInterval(() => this.used && void markInUse(this.used.folder), IN_USE_EVERY_MS);

  constructor(private readonly surefoot: Surefoot) {}

  dispose(): void {
    clearInterval(this.beat);
  }

  async look(): Promise<void> {
    const { context, log } = this.surefoot;
    const own = await ownEnvironment(context);
    if (!own || own.environment.folder === this.used?.folder) {
      return;
    }
    this.used = own.environment;
    try {
      await markInUse(own.environment.folder);
      await this.removeOld();
    } catch (error) {
      log.warn(`Old environments could not be removed: ${error}`);
    }
    await addLanguageModels({ ...this.surefoot, signal: sessionEnd, asked: false });
  }

  private async removeOld(): Promise<void> {
    const own = await ownEnvironment(this.surefoot.context);
    // Another window that makes an environment has the lock: then the next start removes.
    const mine = own && (await tryLock(join(own.place.storage, "set-up.lock")));
    try {
      const removed = mine ? await removeOthers(own.place, own.environment.folder) : [];
      for (const folder of removed) {
        this.surefoot.log.info(`Removed ${folder}`);
      }
    } finally {
      await mine?.release();
    }
  }
}
