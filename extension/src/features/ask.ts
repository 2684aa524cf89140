// Ask the Codebase: the Ask view in the side bar, and the commands that ask.
//
// Commands: surefoot.askCodebase, surefoot.askSelection, surefoot.explainSymbol, surefoot.newConversation,
// surefoot.stopAnswer, surefoot.copyAnswer, surefoot.reportWrongAnswer.
// Requests: surefoot.ask, surefoot.explain (streamed by surefoot/answer), surefoot.permalinks.
// Context keys: surefoot.answering, surefoot.answered.
// Invariant: the conversation lives here; the page only shows it, so that it survives the page.

import {
  CancellationError,
  CancellationTokenSource,
  commands,
  env,
  type Uri,
  type WebviewView,
  type WebviewViewProvider,
  window,
  workspace,
} from "vscode";
import { localRoots, pageOf } from "../page";
import type { AskReply, ExplainArguments, Streamed } from "../protocol";
import { fileOf, type Server, sentenceOf } from "../server";
import type { AskState, FromAskView, ToAskView } from "../webview/askMessages";
import {
  addPiece,
  finish,
  KEPT_QUESTIONS,
  KEPT_TURNS,
  newTurn,
  previousTrace,
  shownTurn,
  type Turn,
} from "./conversation";
import { asMarkdown } from "./copied";
import type { Surefoot } from "./feature";
import { hindranceOf } from "./hindrance";
import { runHelp } from "./panel";
import { openPlace } from "./places";
import { reportWrongAnswer } from "./report";

const VIEW = "surefoot.askView";
const TURNS_KEY = "surefoot.turns";
const HISTORY_KEY = "surefoot.questions";

type Request = (onPiece: (piece: Streamed) => void, cancel: CancellationTokenSource) => Promise<AskReply>;

export function activate(surefoot: Surefoot): void {
  const conversation = new Conversation(surefoot);
  const asked = (argument?: { question?: string }) => conversation.open(argument?.question);
  surefoot.context.subscriptions.push(
    conversation,
    window.registerWebviewViewProvider(VIEW, conversation),
    commands.registerCommand("surefoot.askCodebase", asked),
    commands.registerCommand("surefoot.askSelection", () => conversation.prefill(aboutSelection())),
    commands.registerCommand("surefoot.explainSymbol", () => conversation.explain(atCursor())),
    commands.registerCommand("surefoot.newConversation", () => conversation.clear()),
    commands.registerCommand("surefoot.stopAnswer", () => conversation.stop()),
    commands.registerCommand("surefoot.copyAnswer", () => conversation.copy()),
    commands.registerCommand("surefoot.reportWrongAnswer", () => conversation.reportWrong()),
    surefoot.server.onDidAskToExplain(place => conversation.explain(place)),
  );
}

class Conversation implements WebviewViewProvider {
  private turns: Turn[];
  private readonly history: string[];
  private readonly server: Server;
  private readonly extension: Uri;
  private view: WebviewView | undefined;
  private pageIsReady = false;
  private waiting: ToAskView | undefined; // what the page is told as soon as it is there
  private running: CancellationTokenSource | undefined;
  private readonly stateChange;

  constructor(private readonly surefoot: Surefoot) {
    this.server = surefoot.server;
    this.extension = surefoot.context.extensionUri;
    const { workspaceState } = surefoot.context;
    this.turns = workspaceState.get<Turn[]>(TURNS_KEY, []);
    this.history = workspaceState.get<string[]>(HISTORY_KEY, []);
    this.stateChange = this.server.onDidChangeState(() => this.show());
    this.noteContext();
  }

  dispose(): void {
    this.stateChange.dispose();
    this.stop();
  }

  // --- the view ---------------------------------------------------------------------------------------------------

  resolveWebviewView(view: WebviewView): void {
    this.view = view;
    this.pageIsReady = false;
    view.webview.options = { enableScripts: true, localResourceRoots: localRoots(this.extension) };
    view.webview.onDidReceiveMessage((message: FromAskView) => this.receive(message));
    view.onDidDispose(() => {
      this.view = undefined;
      this.pageIsReady = false;
    });
    view.webview.html = pageOf(view.webview, this.extension, "ask", "Ask the Codebase");
  }

  private async receive(message: FromAskView): Promise<void> {
    switch (message.type) {
      case "ready":
        return this.pageCame();
      case "ask":
        return this.ask(message.question);
      case "stop":
        return this.stop();
      case "openHit":
        return this.openHit(message.turn, message.index);
      case "openCitation":
        return this.openCitation(message.turn, message.id);
      case "why":
        return this.why(message.turn);
      case "wrong":
        return this.reportWrong(message.turn);
      case "copy":
        return this.copy(message.turn);
      case "command":
        return runHelp(message.command);
    }
  }

  private pageCame(): void {
    this.pageIsReady = true;
    this.show();
    if (this.waiting) {
      this.post(this.waiting);
      this.waiting = undefined;
    }
  }

  private show(): void {
    const state: AskState = {
      turns: this.turns.map(turn => shownTurn(turn, rootPaths())),
      hindrance: hindranceOf(this.server.state),
      history: this.history,
    };
    this.post({ type: "state", state });
  }

  private showTurn(turn: Turn): void {
    this.post({ type: "turn", turn: shownTurn(turn, rootPaths()) });
  }

  private post(message: ToAskView): void {
    if (this.view && this.pageIsReady) {
      void this.view.webview.postMessage(message);
    }
  }

  /** Bring the view to the front with the cursor in the question box, which may be filled. */
  private async focus(question?: string): Promise<void> {
    const message: ToAskView = question === undefined ? { type: "focus" } : { type: "focus", question };
    await commands.executeCommand(`${VIEW}.focus`);
    if (this.pageIsReady) {
      this.post(message);
    } else {
      this.waiting = message;
    }
  }

  // --- asking -----------------------------------------------------------------------------------------------------

  async open(question?: string): Promise<void> {
    await this.focus();
    if (question?.trim()) {
      await this.ask(question);
    }
  }

  prefill(question: string): Promise<void> {
    return this.focus(question);
  }

  async ask(text: string): Promise<void> {
    const question = text.trim();
    if (!question) {
      return;
    }
    this.remember(question);
    const after = previousTrace(this.turns);
    const open = window.activeTextEditor?.document.uri;
    const argument = {
      question,
      ...(after ? { after } : {}),
      ...(open?.scheme === "file" ? { open: open.toString() } : {}),
    };
    await this.run(question, (onPiece, cancel) => this.server.ask(argument, onPiece, cancel.token));
  }

  async explain(place: ExplainArguments | undefined): Promise<void> {
    if (!place) {
      void window.showInformationMessage("Put the cursor on a name in a file, then explain it.");
      return;
    }
    await this.focus();
    await this.run("Explain the symbol at the cursor", (onPiece, cancel) =>
      this.server.explain(place, onPiece, cancel.token),
    );
  }

  private async run(question: string, request: Request): Promise<void> {
    this.stop();
    const cancel = new CancellationTokenSource();
    this.running = cancel;
    const turn = newTurn(crypto.randomUUID(), question);
    this.turns.push(turn);
    this.noteContext();
    this.show();
    try {
      await this.serverIsUp(cancel);
      const reply = await request(piece => {
        if (!cancel.token.isCancellationRequested) {
          addPiece(turn, piece);
          this.showTurn(turn);
        }
      }, cancel);
      finish(turn, reply);
    } catch (error) {
      turn.status = error instanceof CancellationError ? "stopped" : "failed";
      turn.error = error instanceof CancellationError ? "" : sentenceOf(error);
    } finally {
      cancel.dispose();
      if (this.running === cancel) {
        this.running = undefined;
      }
      this.noteContext();
      this.showTurn(turn);
      await this.keep();
    }
  }

  /** A question that comes while the server starts waits for it. */
  private serverIsUp(cancel: CancellationTokenSource): Promise<void> {
    if (this.server.state.kind !== "starting") {
      return Promise.resolve();
    }
    return new Promise((resolve, reject) => {
      const listeners = [
        this.server.onDidChangeState(state => {
          if (state.kind !== "starting") {
            settle(resolve);
          }
        }),
        cancel.token.onCancellationRequested(() => settle(() => reject(new CancellationError()))),
      ];
      const settle = (how: () => void) => {
        for (const listener of listeners) {
          listener.dispose();
        }
        how();
      };
    });
  }

  stop(): void {
    this.running?.cancel();
    this.running = undefined;
  }

  async clear(): Promise<void> {
    this.stop();
    this.turns = [];
    this.noteContext();
    this.show();
    await this.keep();
    await this.focus("");
  }

  // --- what can be done with an answer ----------------------------------------------------------------------------

  private async openHit(turnId: string, index: number): Promise<void> {
    const hit = this.find(turnId)?.hits[index];
    if (hit) {
      await openPlace(this.server, hit);
    }
  }

  private async openCitation(turnId: string, id: number): Promise<void> {
    const citation = this.find(turnId)?.citations.find(candidate => candidate.id === id);
    if (citation) {
      await openPlace(this.server, citation);
    }
  }

  private async why(turnId: string): Promise<void> {
    const trace = this.find(turnId)?.reply?.trace_id;
    if (trace) {
      await commands.executeCommand("surefoot.showTrace", trace);
    }
  }

  async reportWrong(turnId?: string): Promise<void> {
    const turn = this.find(turnId);
    if (turn?.reply && (await reportWrongAnswer(this.server, turn.reply))) {
      turn.reported = true;
      this.showTurn(turn);
      await this.keep();
    }
  }

  async copy(turnId?: string): Promise<void> {
    const turn = this.find(turnId);
    if (!turn) {
      return;
    }
    const places = turn.citations.map(({ root, path, start_line, end_line }) => {
      return { path: fileOf({ root, path }).fsPath, start_line, end_line };
    });
    let links: string[] = [];
    try {
      links = places.length > 0 ? (await this.server.permalinks(places)).links : [];
    } catch (error) {
      this.surefoot.log.warn(`No permalinks: ${sentenceOf(error)}`); // the answer is copied without them
    }
    await env.clipboard.writeText(asMarkdown(turn, links, rootPaths(), new Date()));
    window.setStatusBarMessage("The answer was copied as Markdown.", 4000);
  }

  /** The turn of that id, or the last one that was answered. */
  private find(turnId?: string): Turn | undefined {
    return turnId === undefined
      ? this.turns.findLast(turn => turn.status === "done")
      : this.turns.find(turn => turn.id === turnId);
  }

  // --- memory -----------------------------------------------------------------------------------------------------

  private remember(question: string): void {
    const rest = this.history.filter(earlier => earlier !== question);
    this.history.splice(0, this.history.length, ...rest.slice(1 - KEPT_QUESTIONS), question);
  }

  private async keep(): Promise<void> {
    const { workspaceState } = this.surefoot.context;
    this.turns = this.turns.slice(-KEPT_TURNS);
    await workspaceState.update(
      TURNS_KEY,
      this.turns.filter(turn => turn.status !== "running"),
    );
    await workspaceState.update(HISTORY_KEY, this.history);
  }

  private noteContext(): void {
    void commands.executeCommand("setContext", "surefoot.answering", this.running !== undefined);
    const answered = this.turns.some(turn => turn.status === "done");
    void commands.executeCommand("setContext", "surefoot.answered", answered);
  }
}

function rootPaths(): string[] {
  return (workspace.workspaceFolders ?? []).map(folder => folder.uri.fsPath);
}

function atCursor(): ExplainArguments | undefined {
  const editor = window.activeTextEditor;
  if (editor?.document.uri.scheme !== "file") {
    return undefined;
  }
  const { line, character } = editor.selection.active;
  return { textDocument: { uri: editor.document.uri.toString() }, position: { line, character } };
}

/** A question about what is selected: a name is asked for by its name, lines by their place. */
function aboutSelection(): string {
  const editor = window.activeTextEditor;
  if (!editor || editor.selection.isEmpty) {
    return "";
  }
  const text = editor.document.getText(editor.selection).trim();
  if (/^[\w$.:#]+$/.test(text)) {
    return `What does \`${text}\` do?`;
  }
  const path = workspace.asRelativePath(editor.document.uri, false);
  const { start, end } = editor.selection;
  return `In \`${path}\`, lines ${start.line + 1} to ${end.line + 1}: `;
}
