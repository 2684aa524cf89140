// The status bar: how far indexing is, what has drifted, and the way to Index Health.
//
// Command (internal): _surefoot.statusHelp. Request: surefoot.status. Notification: surefoot/statusChanged.
// Invariant: nothing is polled; the index is counted when a pass ends, when the server comes or has counted something
// else by itself, and when the window is looked at again after a while.

import { commands, MarkdownString, StatusBarAlignment, type StatusBarItem, ThemeColor, window } from "vscode";
import type { StatusChanged, StatusReply } from "../protocol";
import { type Server, type ServerState, sentenceOf } from "../server";
import type { Surefoot } from "./feature";
import { type Help, hindranceOf } from "./hindrance";
import { type Click, isOutdated, type Known, type Shown, shownOf } from "./statusBarText";
import { StatusPull } from "./statusPull";

const STALE_AFTER_MS = 60_000;
const PRIORITY = 10;
const HELP_COMMAND = "_surefoot.statusHelp";
const COMMANDS: Record<Click, string> = { health: "surefoot.showHealth", help: HELP_COMMAND };

export function activate({ context, server }: Surefoot): void {
  const bar = new StatusBar(server);
  context.subscriptions.push(
    bar,
    commands.registerCommand(HELP_COMMAND, () => offerHelp(server)),
    server.onDidChangeState(state => bar.takeState(state)),
    server.onDidChangeStatus(progress => bar.takeProgress(progress)),
    window.onDidChangeWindowState(state => state.focused && bar.lookAgain()),
  );
}

class StatusBar {
  private readonly item: StatusBarItem;
  private readonly pull: StatusPull;
  private known: Known;

  constructor(server: Server) {
    this.item = window.createStatusBarItem("surefoot.status", StatusBarAlignment.Right, PRIORITY);
    this.item.name = "Surefoot";
    this.known = { state: server.state };
    this.pull = new StatusPull({
      pull: () => server.status(false),
      onStatus: status => this.takeStatus(status),
      onProblem: error => this.learn({ problem: sentenceOf(error) }),
    });
    this.takeState(server.state);
    this.item.show();
  }

  takeState(state: ServerState): void {
    // What another server was doing is of no interest to this one.
    this.learn({ state, progress: undefined, problem: undefined });
    if (state.kind === "running") {
      this.pull.want();
    }
  }

  takeProgress(progress: StatusChanged): void {
    const { progress: before, status } = this.known;
    this.learn({ progress });
    // After a pass, and where the server has counted again by itself and found something else.
    if (!progress.indexing && (before?.indexing !== false || isOutdated(status, progress.drift))) {
      this.pull.want();
    }
  }

  lookAgain(): void {
    const measured = (this.known.status?.measured_at ?? 0) * 1000;
    if (this.known.state.kind === "running" && Date.now() - measured > STALE_AFTER_MS) {
      this.pull.want();
    }
  }

  dispose(): void {
    this.pull.dispose();
    this.item.dispose();
  }

  private takeStatus(status: StatusReply): void {
    this.learn({ status, problem: undefined });
  }

  private learn(news: Partial<Known>): void {
    this.known = { ...this.known, ...news };
    this.show(shownOf(this.known, new Date()));
  }

  private show(shown: Shown): void {
    this.item.text = shown.text;
    this.item.tooltip = tooltipOf(shown);
    this.item.accessibilityInformation = { label: shown.label, role: "button" };
    this.item.command = COMMANDS[shown.click];
    this.item.backgroundColor = shown.background
      ? new ThemeColor(`statusBarItem.${shown.background}Background`)
      : undefined;
  }
}

function tooltipOf(shown: Shown): MarkdownString {
  const tooltip = new MarkdownString();
  tooltip.appendMarkdown("**Surefoot**");
  for (const paragraph of shown.tooltip) {
    tooltip.appendMarkdown("\n\n").appendText(paragraph);
  }
  return tooltip;
}

async function offerHelp(server: Server): Promise<void> {
  const hindrance = hindranceOf(server.state);
  if (!hindrance) {
    await commands.executeCommand("surefoot.showHealth");
    return;
  }
  const items = hindrance.help.map((help: Help) => ({ label: help.title, command: help.command }));
  const chosen = items.length === 1 ? items[0] : await window.showQuickPick(items, { placeHolder: hindrance.sentence });
  if (chosen) {
    await commands.executeCommand(chosen.command);
  }
}
