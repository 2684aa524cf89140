// What the trace page and the index health page share as webview panels.
//
// Invariant: a page may run a command only if it is one of those that help a server that does not run.

import { CancellationError, commands, ViewColumn, type WebviewPanel, window } from "vscode";
import { localRoots, type PageName, pageOf } from "../page";
import { type Server, sentenceOf } from "../server";
import type { Surefoot } from "./feature";
import { HELPING_COMMANDS, hindranceOf } from "./hindrance";

export function newPanel(viewType: string, title: string): WebviewPanel {
  return window.createWebviewPanel(viewType, title, ViewColumn.Active);
}

/** Fill a new panel, or one that VS Code brought back after a reload. */
export function showPage<FromPage>(
  panel: WebviewPanel,
  { context }: Surefoot,
  page: { name: PageName; title: string; receive(message: FromPage): unknown },
): void {
  panel.webview.options = { enableScripts: true, localResourceRoots: localRoots(context.extensionUri) };
  panel.webview.onDidReceiveMessage((message: FromPage) => page.receive(message));
  panel.webview.html = pageOf(panel.webview, context.extensionUri, page.name, page.title);
}

export async function runHelp(command: string): Promise<void> {
  if (HELPING_COMMANDS.has(command)) {
    await commands.executeCommand(command);
  }
}

/** Say why something failed, with the buttons that help. What the user stopped did not fail. */
export async function tellFailure(server: Server, error: unknown): Promise<void> {
  if (error instanceof CancellationError) {
    return;
  }
  const help = hindranceOf(server.state)?.help ?? [{ title: "Show Log", command: "surefoot.showLog" }];
  const chosen = await window.showErrorMessage(sentenceOf(error), ...help);
  if (chosen) {
    await commands.executeCommand(chosen.command);
  }
}
