// Adds llama.cpp to the extension's own environment, in the background, where there is a compiler.
//
// Command (internal): _surefoot.stopCompiling.
// Invariant: tried once per environment unless somebody asks; the server looks for llama.cpp at each question, so
// nothing is restarted and no answer is interrupted.

import { basename, join } from "node:path";
import {
  commands,
  type Disposable,
  EventEmitter,
  type ExtensionContext,
  type LogOutputChannel,
  StatusBarAlignment,
  window,
} from "vscode";
import { setting } from "../settings";
import { hasCompiler, howToGetCompiler } from "./compiler";
import { type Environment, hasDistribution, type Place } from "./environment";
import { ownEnvironment, thisMachine, variablesForPip } from "./here";
import { installLanguageModels } from "./install";
import { tryLock } from "./lock";
import { showLog, tell } from "./messages";
import { needsLlama } from "./modelChoice";
import { prefixesOf } from "./ownCommand";
import { run, StoppedError } from "./processes";

const TRIED = "surefoot.languageModels.tried";
const STOP = "_surefoot.stopCompiling";

const added = new EventEmitter<void>();
/** llama.cpp has just been added. */
export const onDidAddLanguageModels = added.event;

export interface Addition {
  context: ExtensionContext;
  log: LogOutputChannel;
  signal: AbortSignal;
  /** Whether the user asked for it; otherwise it is tried once, and only for a model that needs it. */
  asked: boolean;
}

/** Whether the server of `command` has llama.cpp. */
export async function hasLlama(command: string[] | undefined): Promise<boolean> {
  const prefixes = await prefixesOf(command ?? []);
  const found = prefixes.map(prefix => hasDistribution(prefix, "llama_cpp_python", process.platform));
  return (await Promise.all(found)).includes(true);
}

/** Whether llama.cpp could be added here: the environment is the extension's own, and there is a compiler. */
export async function canCompile(context: ExtensionContext): Promise<boolean> {
  const own = await ownEnvironment(context);
  return own !== undefined && hasCompiler(thisMachine(), own.place.storage, run);
}

/** Let llama.cpp be tried again. */
export async function forgetTry(context: ExtensionContext): Promise<void> {
  await context.globalState.update(TRIED, undefined);
}

/** Add llama.cpp if it is missing and can be had. Never throws. */
export async function addLanguageModels(addition: Addition): Promise<void> {
  const { context, log, asked } = addition;
  const own = await ownEnvironment(context);
  if (!own || (await hasDistribution(own.environment.folder, "llama_cpp_python", own.place.platform))) {
    return;
  }
  const tried = context.globalState.get<string>(TRIED) === basename(own.environment.folder);
  if (!asked && (tried || !needsLlama(setting("model", "default")))) {
    return;
  }
  if (!(await hasCompiler(thisMachine(), own.place.storage, run))) {
    withoutCompiler(addition);
    return;
  }
  const mine = await tryLock(join(own.place.storage, "language-models.lock"));
  if (!mine) {
    log.info("llama.cpp is being compiled already, here or in another window.");
    return;
  }
  try {
    await compile(addition, own.place, own.environment);
  } finally {
    await mine.release();
  }
}

function withoutCompiler({ log, asked }: Addition): void {
  const sentence = "No C and C++ compiler was found, so answers come from the index without a language model";
  log.info(`${sentence}.`);
  if (asked) {
    tell("warning", `${sentence}; ${howToGetCompiler(process.platform)}.`, showLog);
  }
}

async function compile(addition: Addition, place: Place, environment: Environment): Promise<void> {
  const { context, log, signal } = addition;
  const stopped = new AbortController();
  const bar = statusOf(stopped);
  try {
    // Remembered before it is known: a session that ends in the middle is not to begin again at each start.
    await context.globalState.update(TRIED, basename(environment.folder));
    await installLanguageModels(place, environment, {
      run,
      env: variablesForPip(),
      signal: AbortSignal.any([signal, stopped.signal]),
      onLine: line => log.info(line),
      onStep: bar.show,
    });
    log.info("llama.cpp is there: language models can be used.");
    added.fire();
  } catch (error) {
    if (!(error instanceof StoppedError)) {
      tellFailure(addition, error);
    }
  } finally {
    bar.dispose();
  }
}

function tellFailure(addition: Addition, error: unknown): void {
  const why = error instanceof Error ? error.message : String(error);
  addition.log.error(why);
  const sentence = `Surefoot answers from the index, without a language model: ${why}`;
  tell("warning", sentence, { "Try Again": () => addLanguageModels({ ...addition, asked: true }), ...showLog });
}

/** A line in the status bar that says what is done, and stops it when it is clicked. */
function statusOf(stopped: AbortController): Disposable & { show(step: string): void } {
  const item = window.createStatusBarItem("surefoot.languageModels", StatusBarAlignment.Right, 9);
  const command = commands.registerCommand(STOP, async () => {
    const question = "Stop adding language model support? “Choose Language Model” starts it again.";
    if ((await window.showInformationMessage(question, "Stop")) === "Stop") {
      stopped.abort();
    }
  });
  item.name = "Surefoot Language Models";
  item.command = STOP;
  return {
    show(step) {
      item.text = "$(sync~spin) Surefoot: language models";
      item.tooltip = `Surefoot: ${step}. Everything else works meanwhile; click to stop.`;
      item.accessibilityInformation = { label: `Surefoot: ${step}`, role: "button" };
      item.show();
    },
    dispose() {
      item.dispose();
      command.dispose();
    },
  };
}
