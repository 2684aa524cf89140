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
  type Disposable,
  env,
  type Uri,
  type WebviewView,
  type WebviewViewProvider,
  window,
  workspace,
} from "vscode";
import { counted, whole } from "../numbers";
import { localRoots, pageOf } from "../page";
import type { AskReply, ExplainArguments, ReportedPlace, StatusChanged, Streamed } from "../protocol";
import { roots } from "../roots";
import { fileOf, type Server, sentenceOf } from "../server";
import { isCommit } from "../sources";
import type { AskState, FromAskView, ToAskView } from "../webview/askMessages";
import {
  addPiece,
  finish,
  KEPT_QUESTIONS,
  KEPT_TURNS,
  newTurn,
  previousTrace,
  restate,
  shownTurn,
  type Turn,
} from "./conversation";
import { asMarkdown } from "./copied";
import type { Surefoot } from "./feature";
import { hindranceOf } from "./hindrance";
import { runHelp } from "./panel";
import { openAddress, openPlace, rechecked, selectedLines } from "./places";
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
  private readonly listeners: Disposable[];
  private indexing = "";

  constructor(private readonly surefoot: Surefoot) {
    this.server = surefoot.server;
    this.extension = surefoot.context.extensionUri;
    const { workspaceState } = surefoot.context;
    this.turns = workspaceState.get<Turn[]>(TURNS_KEY, []);
    this.history = workspaceState.get<string[]>(HISTORY_KEY, []);
    this.listeners = [
      this.server.onDidChangeState(() => this.show()),
      this.server.onDidChangeStatus(status => this.takeProgress(status)),
    ];
    this.noteContext();
  }

  dispose(): void {
    for (const listener of this.listeners) {
      listener.dispose();
    }
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
      case "openAddress":
        return openAddress(this.find(message.turn)?.citations.find(({ id }) => id === message.id)?.url);
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
      turns: this.turns.map(turn => shownTurn(turn, prefixOf)),
      hindrance: hindranceOf(this.server.state),
      history: this.history,
      indexing: this.indexing,
    };
    this.post({ type: "state", state });
  }

  /** A question that waits for the first indexing says how far that is. */
  private takeProgress({ indexing, done, total }: StatusChanged): void {
    this.indexing = indexing && total > 0 ? `Indexing first: ${whole(done)} of ${counted(total, "file")}…` : "";
    if (this.turns.some(turn => turn.status === "running" && turn.hits.length === 0)) {
      this.show();
    }
  }

  private showTurn(turn: Turn): void {
    this.post({ type: "turn", turn: shownTurn(turn, prefixOf) });
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
      ...(after === undefined ? {} : { after }),
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
    const turn = await this.run("Explain the symbol at the cursor", (onPiece, cancel) =>
      this.server.explain(place, onPiece, cancel.token),
    );
    if (turn.error) {
      this.turns = this.turns.filter(other => other !== turn); // nothing was asked, so nothing stays
      this.show();
      void window.showInformationMessage(turn.error);
    }
  }

  private async run(question: string, request: Request): Promise<Turn> {
    this.stop();
    const cancel = new CancellationTokenSource();
    this.running = cancel;
    const turn = newTurn(crypto.randomUUID(), question);
    this.turns.push(turn);
    this.noteContext();
    this.show();
    void this.keep(); // a reload in the middle of an answer must not lose the question
    try {
      await this.server.settled(cancel.token);
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
    return turn;
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
    await this.focus();
  }

  // --- what can be done with an answer ----------------------------------------------------------------------------

  private async openHit(turnId: string, index: number): Promise<void> {
    const hit = this.find(turnId)?.hits[index];
    if (hit) {
      await openPlace(this.server, hit);
    }
  }

  private async openCitation(turnId: string, id: number): Promise<void> {
    const turn = this.find(turnId);
    const citation = turn?.citations.find(candidate => candidate.id === id);
    const now = turn && citation && (await openPlace(this.server, citation));
    if (now) {
      restate(turn, id, now);
      this.showTurn(turn);
      await this.keep();
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
    const links = await this.links(turn);
    await env.clipboard.writeText(asMarkdown(turn, links, prefixOf, new Date()));
    this.showTurn(turn);
    window.setStatusBarMessage("The answer was copied as Markdown.", 4000);
  }

  /** The addresses of the cited lines as they stand now: only of those that are still what was cited. */
  private async links(turn: Turn): Promise<string[]> {
    try {
      await Promise.all(
        turn.citations.map(async citation =>
          restate(turn, citation.id, await this.server.recheck(rechecked(citation))),
        ),
      );
      const standing = turn.citations.filter(
        citation => ["valid", "moved"].includes(citation.verdict) && !isCommit(citation),
      );
      const { links } = await this.server.permalinks(
        standing.map(citation => ({ ...citation, path: fileOf(citation).fsPath })).map(reported),
      );
      return turn.citations.map(citation => citation.url || (links[standing.indexOf(citation)] ?? ""));
    } catch (error) {
      this.surefoot.log.warn(`No permalinks: ${sentenceOf(error)}`); // the answer is copied without them
      return [];
    }
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
    await workspaceState.update(TURNS_KEY, this.turns.slice(-KEPT_TURNS).map(asKept));
    await workspaceState.update(HISTORY_KEY, this.history);
  }

  private noteContext(): void {
    void commands.executeCommand("setContext", "surefoot.answering", this.running !== undefined);
    const answered = this.turns.some(turn => turn.status === "done");
    void commands.executeCommand("setContext", "surefoot.answered", answered);
  }
}

/** A turn as it is remembered: what was running when the window went is stopped. */
function asKept(turn: Turn): Turn {
  return turn.status === "running" ? { ...turn, status: "stopped" } : turn;
}

const prefixOf = (root: string) => roots.prefixOf(root);

/** The arguments of `surefoot.permalinks`, and nothing else of a citation. */
function reported({ path, start_line, end_line }: ReportedPlace): ReportedPlace {
  return { path, start_line, end_line };
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
  const { first, last } = selectedLines(editor.selection);
  return `In \`${path}\`, lines ${first} to ${last}: `;
}
