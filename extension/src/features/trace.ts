// Why this answer? One page per trace, with everything that led to the answer.
//
// Command: surefoot.showTrace, with the id of a trace or without one for a choice of the latest. Request: surefoot.trace.
// Invariant: at most one page per trace; what it shows is what the server has kept, and nothing is made up for it.

import { commands, env, type QuickPickItem, Uri, type WebviewPanel, window, workspace } from "vscode";
import { duration, moment } from "../numbers";
import type { TraceReply, TraceRow } from "../protocol";
import { type Server, sentenceOf } from "../server";
import { setting } from "../settings";
import type { FromTracePage, KeptTrace, ToTracePage, TracePlace } from "../webview/traceMessages";
import type { Surefoot } from "./feature";
import { hindranceOf } from "./hindrance";
import { newPanel, runHelp, showPage, tellFailure } from "./panel";
import { openPlace } from "./places";

const VIEW = "surefoot.trace";
const TITLE = "Trace";
const TITLE_LENGTH = 40;
const OFFERED = 50;

export function activate(surefoot: Surefoot): void {
  const { context, server } = surefoot;
  const shown = new Map<string, TracePanel>();
  const adopt = (id: string, panel: WebviewPanel) => {
    shown.set(id, new TracePanel(surefoot, panel, id));
    panel.onDidDispose(() => shown.delete(id));
  };
  const show = (id: string) => {
    const open = shown.get(id);
    if (open) {
      open.reveal();
    } else {
      adopt(id, newPanel(VIEW, TITLE));
    }
  };
  context.subscriptions.push(
    commands.registerCommand("surefoot.showTrace", async (argument?: unknown) => {
      const id = typeof argument === "string" && argument ? argument : await pickTrace(server);
      if (id) {
        show(id);
      }
    }),
    window.registerWebviewPanelSerializer(VIEW, {
      deserializeWebviewPanel: async (panel, kept?: Partial<KeptTrace>) => {
        if (typeof kept?.id === "string" && !shown.has(kept.id)) {
          adopt(kept.id, panel);
        } else {
          panel.dispose();
        }
      },
    }),
    server.onDidChangeState(() => {
      for (const panel of shown.values()) {
        panel.takeState();
      }
    }),
  );
}

class TracePanel {
  private readonly server: Server;
  private trace: TraceReply | undefined;

  constructor(
    surefoot: Surefoot,
    private readonly panel: WebviewPanel,
    private readonly id: string,
  ) {
    this.server = surefoot.server;
    showPage<FromTracePage>(panel, surefoot, {
      name: "trace",
      title: TITLE,
      receive: message => this.receive(message),
    });
  }

  reveal(): void {
    this.panel.reveal();
  }

  /** A page that waits for its trace has it as soon as the server is back. */
  takeState(): void {
    if (!this.trace) {
      void this.show();
    }
  }

  private async receive(message: FromTracePage): Promise<void> {
    switch (message.type) {
      case "ready":
      case "retry":
        return this.show();
      case "copy":
        return this.copy();
      case "others":
        return commands.executeCommand("surefoot.showTrace");
      case "open":
        return openTraced(this.server, message.place, message.products);
      case "command":
        return runHelp(message.command);
    }
  }

  private async show(): Promise<void> {
    const hindrance = hindranceOf(this.server.state);
    if (!this.trace && hindrance) {
      const { sentence, help, busy } = hindrance;
      this.post(busy ? { type: "waiting", id: this.id, sentence } : { type: "failed", id: this.id, sentence, help });
      return;
    }
    try {
      this.trace ??= await this.server.trace(this.id);
      this.panel.title = titleOf(this.trace.question);
      this.post({ type: "trace", id: this.id, trace: this.trace });
    } catch (error) {
      this.post({ type: "failed", id: this.id, sentence: sentenceOf(error), help: [] });
    }
  }

  private async copy(): Promise<void> {
    await env.clipboard.writeText(JSON.stringify(this.trace, null, 2));
    window.setStatusBarMessage("The trace is on the clipboard as JSON.", 4000);
  }

  private post(message: ToTracePage): void {
    void this.panel.webview.postMessage(message);
  }
}

/** The question on a tab: one line, without characters that cannot be seen. */
function titleOf(question: string): string {
  const line = question.replace(/[\p{C}\s]+/gu, " ").trim();
  return `${TITLE}: ${line.length > TITLE_LENGTH ? `${line.slice(0, TITLE_LENGTH)}…` : line}`;
}

// --- the choice of the latest traces -------------------------------------------------------------------------------

interface TraceItem extends QuickPickItem {
  id: string;
}

async function pickTrace(server: Server): Promise<string | undefined> {
  try {
    const { traces } = await server.traces(OFFERED);
    if (traces.length === 0) {
      await tellNone();
      return undefined;
    }
    const options = { placeHolder: "Which question's trace?", matchOnDescription: true, matchOnDetail: true };
    return (await window.showQuickPick(traces.map(itemOf), options))?.id;
  } catch (error) {
    await tellFailure(server, error);
    return undefined;
  }
}

function itemOf(row: TraceRow): TraceItem {
  return {
    // A question about a shell's $(...) is not about an icon.
    label: row.question.replace(/\s+/g, " ").replaceAll("$(", "\\$("),
    description: `${row.kind}, ${duration(row.milliseconds)}`,
    detail: `${moment(row.started_at)}: ${row.outcome}`,
    id: row.trace_id,
  };
}

async function tellNone(): Promise<void> {
  if (!setting("trace", true)) {
    const open = "Open Setting";
    const off = "No trace is kept, because the setting surefoot.trace is off.";
    if ((await window.showInformationMessage(off, open)) === open) {
      await commands.executeCommand("workbench.action.openSettings", "surefoot.trace");
    }
    return;
  }
  const ask = "Ask the Codebase";
  const none = "No question has been asked yet, so there is no trace.";
  if ((await window.showInformationMessage(none, ask)) === ask) {
    await commands.executeCommand("surefoot.askCodebase");
  }
}

// --- places --------------------------------------------------------------------------------------------------------

async function openTraced(server: Server, place: TracePlace, products: string[]): Promise<void> {
  const root = place.root || (await rootThatHas(place.path, products));
  if (root) {
    await openPlace(server, { ...place, root });
  } else {
    void window.showWarningMessage(`${place.path} is in none of the open folders any more.`);
  }
}

/** Traces of earlier versions don't say which folder a path belongs to. */
async function rootThatHas(path: string, products: string[]): Promise<string | undefined> {
  const folders = [...(workspace.workspaceFolders ?? [])];
  folders.sort((one, other) => Number(products.includes(other.name)) - Number(products.includes(one.name)));
  for (const folder of folders) {
    try {
      await workspace.fs.stat(Uri.joinPath(folder.uri, path));
      return folder.uri.fsPath;
    } catch {
      // Not in this one.
    }
  }
  return undefined;
}
