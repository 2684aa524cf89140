// Index Health: what is indexed and what is not, and the command that indexes again.
//
// Commands: surefoot.showHealth, surefoot.reindexWorkspace. Requests: surefoot.status, surefoot.reindex.
// Notification: surefoot/statusChanged.
// Invariant: at most one page; it counts only while somebody can see it.

import { CancellationError, commands, ProgressLocation, type WebviewPanel, window } from "vscode";
import { counted, duration, whole } from "../numbers";
import type { IndexReply, StatusChanged } from "../protocol";
import { fileOf, type Server, sentenceOf } from "../server";
import type { FromHealthPage, HealthState, ToHealthPage } from "../webview/healthMessages";
import type { Surefoot } from "./feature";
import { hindranceOf } from "./hindrance";
import { newPanel, runHelp, showPage, tellFailure } from "./panel";
import { StatusPull } from "./statusPull";

const VIEW = "surefoot.health";
const TITLE = "Index Health";

export function activate(surefoot: Surefoot): void {
  const { context, server } = surefoot;
  let shown: HealthPanel | undefined;
  const adopt = (panel: WebviewPanel) => {
    const opened = new HealthPanel(surefoot, panel);
    shown = opened;
    panel.onDidDispose(() => {
      opened.dispose();
      shown = shown === opened ? undefined : shown;
    });
  };
  context.subscriptions.push(
    commands.registerCommand("surefoot.showHealth", () => (shown ? shown.reveal() : adopt(newPanel(VIEW, TITLE)))),
    commands.registerCommand("surefoot.reindexWorkspace", () => reindex(server)),
    window.registerWebviewPanelSerializer(VIEW, {
      deserializeWebviewPanel: async panel => (shown ? panel.dispose() : adopt(panel)),
    }),
    server.onDidChangeState(() => shown?.takeState()),
    server.onDidChangeStatus(progress => shown?.takeProgress(progress)),
  );
}

class HealthPanel {
  private readonly server: Server;
  private readonly pull: StatusPull;
  private state: HealthState;

  constructor(
    surefoot: Surefoot,
    private readonly panel: WebviewPanel,
  ) {
    this.server = surefoot.server;
    this.state = {
      hindrance: hindranceOf(this.server.state),
      counting: false,
      status: undefined,
      problem: "",
      progress: undefined,
    };
    this.pull = new StatusPull({
      pull: () => this.count(),
      onStatus: status => this.learn({ status, problem: "", counting: false }),
      onProblem: error => this.learn({ problem: sentenceOf(error), counting: false }),
    });
    showPage<FromHealthPage>(panel, surefoot, {
      name: "health",
      title: TITLE,
      receive: message => this.receive(message),
    });
  }

  reveal(): void {
    this.panel.reveal();
  }

  dispose(): void {
    this.pull.dispose();
  }

  takeState(): void {
    this.learn({ hindrance: hindranceOf(this.server.state), problem: "", progress: undefined });
    this.countIfSeen();
  }

  takeProgress(progress: StatusChanged): void {
    this.state = { ...this.state, progress };
    this.post({ type: "progress", progress });
    if (!progress.indexing) {
      this.countIfSeen();
    }
  }

  private async receive(message: FromHealthPage): Promise<void> {
    switch (message.type) {
      case "ready":
        this.learn({});
        return this.countIfSeen();
      case "refresh":
        return this.pull.now();
      case "reindex":
        return commands.executeCommand("surefoot.reindexWorkspace");
      case "chooseModel":
        return commands.executeCommand("surefoot.chooseModel");
      case "openTrace":
        return commands.executeCommand("surefoot.showTrace");
      case "openFile":
        return openFile(message);
      case "command":
        return runHelp(message.command);
    }
  }

  /** A page that is hidden is gone; it asks again when it is shown. */
  private countIfSeen(): void {
    if (this.panel.visible && this.server.state.kind === "running") {
      this.pull.want();
    }
  }

  private count() {
    this.learn({ counting: true });
    return this.server.status(true);
  }

  private learn(news: Partial<HealthState>): void {
    this.state = { ...this.state, ...news };
    this.post({ type: "state", state: this.state });
  }

  private post(message: ToHealthPage): void {
    void this.panel.webview.postMessage(message);
  }
}

/** With VS Code's own opener, because much of what is skipped is not text. */
async function openFile(file: { root: string; path: string }): Promise<void> {
  try {
    await commands.executeCommand("vscode.open", fileOf(file));
  } catch (error) {
    void window.showWarningMessage(`${file.path} could not be opened: ${sentenceOf(error)}`);
  }
}

async function reindex(server: Server): Promise<void> {
  try {
    tellIndexed(await reindexWithProgress(server));
  } catch (error) {
    if (error instanceof CancellationError) {
      window.setStatusBarMessage("Re-indexing was stopped; what was indexed until then is kept.", 8000);
    } else {
      await tellFailure(server, error);
    }
  }
}

function reindexWithProgress(server: Server): Thenable<IndexReply> {
  const options = { location: ProgressLocation.Notification, title: "Surefoot: indexing", cancellable: true };
  return window.withProgress(options, async (progress, token) => {
    const listening = server.onDidChangeStatus(({ done, total }) => {
      if (total > 0) {
        progress.report({ message: `${whole(done)} of ${counted(total, "file")}` });
      }
    });
    try {
      return await server.reindex(token);
    } finally {
      listening.dispose();
    }
  });
}

function tellIndexed(reply: IndexReply): void {
  const took = `in ${duration(reply.seconds * 1000)}`;
  const read = `${counted(reply.indexed, "file")} read again ${took}, ${whole(reply.unchanged)} unchanged.`;
  const sentence = [`Surefoot's index is up to date: ${read}`, ...reply.notices].join(" ");
  if (reply.failed.length === 0) {
    void window.showInformationMessage(sentence);
    return;
  }
  const look = "Show Index Health";
  const failed = `${counted(reply.failed.length, "file")} could not be read. ${read}`;
  void window.showWarningMessage(failed, look).then(chosen => {
    return chosen === look ? commands.executeCommand("surefoot.showHealth") : undefined;
  });
}
