// What the user is told when setting up did not succeed, with buttons that help.
//
// Invariant: nobody waits for an answer; a message may stay unanswered for hours.

import { commands, env, type LogOutputChannel, Uri, window, workspace } from "vscode";
import { SECTION } from "../settings";
import { SetUpError } from "./failures";
import { run } from "./processes";
import { choosePython, whyNotThis } from "./python";

const DOWNLOADS = "https://www.python.org/downloads/";

const SAID_MS = 5000;

/** What the buttons of a message do, by their titles. */
export type Deeds = Record<string, () => unknown>;

/** No Python that will do. */
export class NoPythonError extends SetUpError {
  constructor(
    sentence: string,
    readonly command: string | undefined,
  ) {
    super("python", sentence);
  }
}

/** Show a sentence; a button does its deed. */
export function tell(how: "error" | "warning" | "information", sentence: string, deeds: Deeds): void {
  const show = {
    error: window.showErrorMessage,
    warning: window.showWarningMessage,
    information: window.showInformationMessage,
  }[how];
  void (async () => {
    const chosen = await show(sentence, ...Object.keys(deeds));
    await (chosen && deeds[chosen]?.());
  })();
}

export const showLog: Deeds = { "Show Log": () => commands.executeCommand("surefoot.showLog") };

export function openSetting(name: string): Deeds {
  const open = () => commands.executeCommand("workbench.action.openSettings", `@id:${SECTION}.${name}`);
  return { "Open Setting": open };
}

/** Say why there is no environment. `again` repeats what was tried. */
export function tellFailure(error: Error, log: LogOutputChannel, again: () => unknown): void {
  log.error(error.message);
  const choose = { "Choose Python…": () => choosePythonFile(log, again) };
  const tryAgain = { "Try Again": again };
  if (error instanceof NoPythonError) {
    const { command } = error;
    const get: Deeds = command
      ? { "Copy Command": () => copyCommand(command, again) }
      : { "Get Python": () => env.openExternal(Uri.parse(DOWNLOADS)) };
    tell("error", error.message, { ...choose, ...get, ...tryAgain });
    return;
  }
  const other = error instanceof SetUpError && ["package", "python"].includes(error.kind);
  tell("error", failureSentence(error), { ...tryAgain, ...(other ? choose : {}), ...showLog });
}

export function failureSentence(error: Error): string {
  return error instanceof NoPythonError ? error.message : `Surefoot could not be set up: ${error.message}`;
}

async function copyCommand(command: string, again: () => unknown): Promise<void> {
  await env.clipboard.writeText(command);
  tell("information", `Copied: ${command}. Run it in a terminal, then try again.`, { "Try Again": again });
}

async function choosePythonFile(log: LogOutputChannel, again: () => unknown): Promise<void> {
  const title = "Choose Python 3.11 or newer";
  const [chosen] = (await window.showOpenDialog({ title, openLabel: "Choose", canSelectMany: false })) ?? [];
  if (!chosen) {
    return;
  }
  const { python, rejected } = await choosePython([[chosen.fsPath]], env.appRoot, run);
  const [refused] = rejected;
  if (!python && refused) {
    tellFailure(new NoPythonError(whyNotThis(refused), undefined), log, again);
    return;
  }
  await workspace.getConfiguration(SECTION).update("pythonPath", chosen.fsPath, true);
  await again();
}

export function writes(name: string): string {
  return `${name} writes the answers now.`;
}

/** Say in passing what has been done. */
export function say(sentence: string): void {
  window.setStatusBarMessage(`$(check) ${sentence}`, SAID_MS);
}
