// Makes the extension's own environment, with progress that can be cancelled.
//
// Invariant: one window at a time makes one; the others wait for it and use the same.

import { join } from "node:path";
import { type CancellationToken, type LogOutputChannel, type Progress, ProgressLocation, window } from "vscode";
import { setting } from "../settings";
import { type Environment, findEnvironment, type Place } from "./environment";
import { activePython, thisMachine, variablesForPip } from "./here";
import { asSetUpError, makeEnvironment, type Tools } from "./install";
import { lock } from "./lock";
import { NoPythonError } from "./messages";
import { run } from "./processes";
import { choosePython, type Found, type Python, whyNoPython, whyNotThis } from "./python";
import { pythonCommands } from "./pythonPlaces";

export interface FirstRun {
  place: Place;
  log: LogOutputChannel;
  /** Stops the work at the end of the session. */
  signal: AbortSignal;
  /** Make one even where one stands. */
  anew: boolean;
  /** Told each step, beside the progress bar. */
  say(step: string): void;
}

/** Make an environment, or wait for the window that does. Throws SetUpError, or StoppedError. */
export function setUpWithProgress(first: FirstRun): Promise<Environment> {
  const options = { location: ProgressLocation.Notification, title: "Setting up Surefoot", cancellable: true };
  return Promise.resolve(
    window.withProgress(options, (progress, token) => {
      const tools = toolsOf(first, signalOf(token, first.signal), progress);
      return setUp(first, tools).catch(error => {
        throw asSetUpError(error);
      });
    }),
  );
}

async function setUp(first: FirstRun, tools: Tools): Promise<Environment> {
  const { place, anew, log } = first;
  const onWait = () => tools.onStep("another window is setting it up", 0);
  const mine = await lock(join(place.storage, "set-up.lock"), tools.signal, onWait);
  try {
    const standing = anew ? undefined : await findEnvironment(place);
    if (standing) {
      return standing;
    }
    tools.onStep("looking for Python", 0);
    const python = await findPython(first, tools.signal);
    log.info(`Using ${python.executable}, Python ${python.version.join(".")}`);
    const started = Date.now();
    const made = await makeEnvironment(place, python, tools);
    log.info(`Made ${made.folder} in ${((Date.now() - started) / 1000).toFixed(1)} s`);
    return made;
  } finally {
    await mine.release();
  }
}

async function findPython({ place, log }: FirstRun, signal: AbortSignal): Promise<Python> {
  const chosen = setting("pythonPath", "").trim();
  const found = chosen
    ? await choosePython([[chosen]], place.storage, run, signal)
    : await lookAround(place.storage, signal);
  for (const { command, fault } of found.rejected) {
    log.info(`Not used: ${command.join(" ")} (${fault})`);
  }
  if (found.python) {
    return found.python;
  }
  const [refused] = found.rejected;
  if (chosen && refused) {
    throw new NoPythonError(`The setting surefoot.pythonPath will not do: ${whyNotThis(refused)}`, undefined);
  }
  const { sentence, command } = whyNoPython(found.rejected);
  throw new NoPythonError(sentence, command);
}

async function lookAround(storage: string, signal: AbortSignal): Promise<Found> {
  const active = await activePython();
  const commands = pythonCommands(thisMachine());
  return choosePython(active ? [[active], ...commands] : commands, storage, run, signal);
}

/** What the installation needs, telling its steps to a progress bar and its output to the log. */
function toolsOf(
  { log, say }: FirstRun,
  signal: AbortSignal,
  progress: Progress<{ message?: string; increment?: number }>,
): Tools {
  let reached = 0;
  return {
    run,
    env: variablesForPip(),
    signal,
    onLine: line => log.info(line),
    onStep(message, percent) {
      say(`Setting up: ${message}`);
      progress.report({ message, increment: Math.max(0, percent - reached) });
      reached = Math.max(reached, percent);
    },
  };
}

/** Aborted when the user cancels, or when `other` is. */
export function signalOf(token: CancellationToken, other: AbortSignal): AbortSignal {
  const cancelled = new AbortController();
  token.onCancellationRequested(() => cancelled.abort());
  return AbortSignal.any([cancelled.signal, other]);
}
