// Choosing and downloading the language model that writes answers.
//
// Command: surefoot.chooseModel. Requests: surefoot.models, surefoot.pullModel.
// Invariant: a model is downloaded only after a question that says size, licence and place; the setting changes only
// to a model that can be used.

import { ConfigurationTarget, commands, type QuickPickItem, QuickPickItemKind, window, workspace } from "vscode";
import type { ModelRow } from "../protocol";
import { sentenceOf } from "../server";
import { SECTION, setting } from "../settings";
import { howToGetCompiler } from "../setUp/compiler";
import { downloadIfAgreed } from "../setUp/downloads";
import { say, showLog, tell, writes } from "../setUp/messages";
import { addressFault, described, detailed, isAddress, isChosen, settingFor, shortTitle } from "../setUp/modelChoice";
import { offerDefaultModel } from "../setUp/modelOffer";
import { addLanguageModels, canCompile, hasLlama, onDidAddLanguageModels } from "../setUp/modelSupport";
import type { Surefoot } from "./feature";
import { lastCommand, sessionEnd } from "./setUp";

interface Choice extends QuickPickItem {
  /** Make it so. */
  take?(): Promise<unknown>;
}

export function activate(surefoot: Surefoot): void {
  const { context, server } = surefoot;
  const offer = () => void offerDefaultModel(context, server, lastCommand());
  context.subscriptions.push(
    commands.registerCommand("surefoot.chooseModel", () => chooseModel(surefoot)),
    server.onDidChangeState(state => state.kind === "running" && offer()),
    onDidAddLanguageModels(offer),
  );
}

async function chooseModel(surefoot: Surefoot): Promise<void> {
  const { server } = surefoot;
  try {
    const choices = listChoices(surefoot);
    const placeHolder = "The language model that writes answers";
    const chosen = await window.showQuickPick(choices, { placeHolder, matchOnDescription: true, matchOnDetail: true });
    await chosen?.take?.();
  } catch (error) {
    const help = server.state.kind === "absent" ? { "Set Up": () => commands.executeCommand("surefoot.setUp") } : {};
    tell("error", sentenceOf(error), { ...help, ...showLog });
  }
}

async function listChoices(surefoot: Surefoot): Promise<Choice[]> {
  const current = setting<string>("model", "default");
  const { models } = await surefoot.server.models();
  const named = models.some(row => isChosen(row, current));
  return [
    ...(await choicesWithoutLlama(surefoot)),
    ...models.map(row => rowChoice(surefoot, row, current)),
    { label: "", kind: QuickPickItemKind.Separator },
    {
      label: mark("No model: answers from the index", current === "none"),
      detail: "Shows the places that answer, without sentences of its own",
      take: () => use("none", "Answers now come from the index."),
    },
    {
      label: mark("A GGUF file…", !named && !isAddress(current) && current !== "none"),
      detail: !named && /\.gguf$/i.test(current) ? current : "A model that is on this machine already",
      take: chooseFile,
    },
    {
      label: mark("A server on this machine…", isAddress(current)),
      detail: isAddress(current) ? current : "Ollama, llama-server, LM Studio: any that speaks OpenAI's protocol",
      take: () => chooseServer(isAddress(current) ? current : "http://localhost:"),
    },
  ];
}

function rowChoice(surefoot: Surefoot, row: ModelRow, current: string): Choice {
  return {
    label: mark(shortTitle(row), isChosen(row, current)),
    description: described(row),
    detail: detailed(row),
    take: () => takeRow(surefoot, row),
  };
}

async function takeRow(surefoot: Surefoot, row: ModelRow): Promise<void> {
  const obstacle = await obstacleToLlama(surefoot);
  if (obstacle) {
    tell("warning", `${obstacle}.`, showLog);
    return;
  }
  const take = async () => {
    await use(settingFor(row), writes(shortTitle(row)));
    await addLlama(surefoot);
  };
  await (row.downloaded ? take() : downloadIfAgreed(surefoot.server, row, take));
}

/** What is to be known where the models of the list cannot be used yet. */
async function choicesWithoutLlama(surefoot: Surefoot): Promise<Choice[]> {
  if (await hasLlama(lastCommand())) {
    return [];
  }
  const obstacle = await obstacleToLlama(surefoot);
  if (obstacle) {
    return [{ label: "$(info) The models of this list cannot be used yet", detail: obstacle }];
  }
  const label = "$(info) Language models need llama.cpp, which is not installed";
  const detail = "Select this to compile it now; it takes 5 to 10 minutes, in the background";
  return [{ label, detail, take: () => addLlama(surefoot) }];
}

/** Why llama.cpp is neither there nor can be added, in one sentence without its full stop; "" where it is or can. */
async function obstacleToLlama({ context }: Surefoot): Promise<string> {
  if (await hasLlama(lastCommand())) {
    return "";
  }
  if (setting<unknown[]>("serverCommand", []).length) {
    return "llama.cpp is not installed where your own server is; run there: pip install 'surefoot[llm]'";
  }
  return (await canCompile(context))
    ? ""
    : `llama.cpp has to be compiled, and no C and C++ compiler was found; ${howToGetCompiler(process.platform)}`;
}

/** Compile llama.cpp if it is missing; the user asked for it. */
async function addLlama({ context, log }: Surefoot): Promise<void> {
  if (!(await hasLlama(lastCommand()))) {
    await addLanguageModels({ context, log, signal: sessionEnd, asked: true });
  }
}

async function chooseFile(): Promise<void> {
  const options = { title: "Choose a GGUF file", openLabel: "Choose", filters: { "GGUF models": ["gguf"] } };
  const [file] = (await window.showOpenDialog(options)) ?? [];
  if (file) {
    await use(file.fsPath, writes(file.fsPath));
  }
}

async function chooseServer(value: string): Promise<void> {
  const address = await window.showInputBox({
    title: "A server on this machine",
    prompt: "Its address, and after # the name of the model",
    placeHolder: "http://localhost:11434#qwen2.5-coder:7b",
    value,
    valueSelection: [value.length, value.length],
    validateInput: addressFault,
  });
  if (address) {
    await use(address.trim(), writes(address.trim()));
  }
}

/** Set the model for this machine: no workspace has a say in what is run. */
async function use(model: string, sentence: string): Promise<void> {
  await workspace.getConfiguration(SECTION).update("model", model, ConfigurationTarget.Global);
  say(sentence);
}

function mark(label: string, chosen: boolean): string {
  return chosen ? `$(check) ${label}` : label;
}
