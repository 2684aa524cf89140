// The server as the features see it: whether it runs and why not, and its commands as typed functions.
//
// Invariant: at most one server process per window; features never see the connection, only this class.

import {
  CancellationError,
  type CancellationToken,
  type Disposable,
  type Event,
  EventEmitter,
  type LogOutputChannel,
  Uri,
  window,
  workspace,
} from "vscode";
import type { Connection, WorkDone } from "./client";
import { hindranceOf } from "./features/hindrance";
import {
  type AskArguments,
  type AskReply,
  Command,
  type ExplainArguments,
  type IndexReply,
  type ModelsReply,
  type PermalinksReply,
  type PullReply,
  type RecheckArguments,
  type RecheckReply,
  type ReportArguments,
  type ReportedPlace,
  type ReportReply,
  type SearchArguments,
  type SearchReply,
  type SourceArguments,
  type SourceReply,
  type StatusChanged,
  type StatusReply,
  type Streamed,
  type TraceListReply,
  type TraceReply,
} from "./protocol";
import { roots } from "./roots";
import { SECTION, serverSettings } from "./settings";

/** What starts a server, or why there is none to start. */
export type Launch = { kind: "command"; command: string[] } | { kind: "none"; why: string };

export type ServerState =
  | { kind: "untrusted" }
  | { kind: "noFolder" }
  | { kind: "starting"; what: string }
  | { kind: "running" }
  | { kind: "absent"; why: string } // nothing is installed, and setting it up did not succeed
  | { kind: "failed"; why: string }
  | { kind: "stopped" };

// A server that keeps dying is not started for ever: the user is told instead.
const RESTARTS = 3;
const RESTARTS_WITHIN_MS = 3 * 60 * 1000;

const LOST = "Surefoot's server stopped in the middle of this; ask again when it is back.";

export class Server implements Disposable {
  private readonly changed = new EventEmitter<ServerState>();
  private readonly indexed = new EventEmitter<StatusChanged>();
  private readonly explained = new EventEmitter<ExplainArguments>();
  private readonly streams = new Map<string, (piece: Streamed) => void>();
  private readonly disposables: Disposable[] = [this.changed, this.indexed, this.explained];
  private connection: Connection | undefined;
  private turn: Promise<void> = Promise.resolve();
  private readonly deaths: number[] = [];
  private nextToken = 1;
  private current: ServerState = { kind: "stopped" };

  /** The server runs, stopped, or waits for something. */
  readonly onDidChangeState = this.changed.event;
  /** An indexing pass goes on, or is over. */
  readonly onDidChangeStatus = this.indexed.event;
  /** A code action or a lens of the server asks to explain what stands at a position. */
  readonly onDidAskToExplain = this.explained.event;

  constructor(
    private readonly log: LogOutputChannel,
    private readonly cwd: string,
    private readonly launch: (say: (what: string) => void) => Promise<Launch>,
  ) {
    this.disposables.push(
      workspace.onDidGrantWorkspaceTrust(() => this.start()),
      workspace.onDidChangeWorkspaceFolders(() => {
        if (this.current.kind === "noFolder") {
          void this.start();
        }
      }),
      workspace.onDidChangeConfiguration(event => {
        if (event.affectsConfiguration(`${SECTION}.serverCommand`)) {
          void this.restart();
        } else if (event.affectsConfiguration(SECTION)) {
          void this.inTurn(() => this.tellSettings());
        }
      }),
    );
  }

  get state(): ServerState {
    return this.current;
  }

  /** What the server says that it can do beyond the standard protocol. */
  get abilities(): Record<string, unknown> {
    return this.connection?.abilities ?? {};
  }

  /** Resolves when the server has started, or is known not to: its state says which. */
  async settled(token?: CancellationToken): Promise<void> {
    while (this.current.kind === "starting" && !token?.isCancellationRequested) {
      await nextOf(this.changed.event, token);
    }
    if (token?.isCancellationRequested) {
      throw new CancellationError();
    }
  }

  /** Start the server if it can run here; where it can't, the state says why. Never throws. */
  start(): Promise<void> {
    return this.inTurn(() => this.startNow());
  }

  restart(): Promise<void> {
    return this.inTurn(async () => {
      await this.stopNow();
      await this.startNow();
    });
  }

  stop(): Promise<void> {
    return this.inTurn(() => this.stopNow());
  }

  dispose(): void {
    void this.stop();
    for (const disposable of this.disposables) {
      disposable.dispose();
    }
  }

  // --- commands; each throws CancellationError, or an Error with one sentence for the user ------------------------

  ask(argument: AskArguments, onPiece: (piece: Streamed) => void, token: CancellationToken): Promise<AskReply> {
    return this.streamed(Command.ask, argument, onPiece, token);
  }

  explain(argument: ExplainArguments, onPiece: (piece: Streamed) => void, token: CancellationToken): Promise<AskReply> {
    return this.streamed(Command.explain, argument, onPiece, token);
  }

  search(argument: SearchArguments, token?: CancellationToken): Promise<SearchReply> {
    return this.execute(Command.search, argument, token);
  }

  status(details: boolean): Promise<StatusReply> {
    return this.execute(Command.status, { details });
  }

  reindex(token?: CancellationToken): Promise<IndexReply> {
    return this.execute(Command.reindex, {}, token);
  }

  traces(limit: number): Promise<TraceListReply> {
    return this.execute(Command.trace, { limit });
  }

  trace(id: string): Promise<TraceReply> {
    return this.execute(Command.trace, { id });
  }

  report(argument: ReportArguments): Promise<ReportReply> {
    return this.execute(Command.reportAnswer, argument);
  }

  models(): Promise<ModelsReply> {
    return this.execute(Command.models, {});
  }

  pullModel(name: string, token: CancellationToken, onProgress: (progress: WorkDone) => void): Promise<PullReply> {
    return this.execute(Command.pullModel, { name }, token, onProgress);
  }

  recheck(argument: RecheckArguments): Promise<RecheckReply> {
    return this.execute(Command.recheck, argument);
  }

  /** The text that is read of a file or a commit. */
  source(root: string, path: string): Promise<SourceReply> {
    return this.execute(Command.source, { root, path } satisfies SourceArguments);
  }

  permalinks(places: ReportedPlace[]): Promise<PermalinksReply> {
    return this.execute(Command.permalinks, { places });
  }

  private async streamed(
    command: string,
    argument: object,
    onPiece: (piece: Streamed) => void,
    token: CancellationToken,
  ): Promise<AskReply> {
    const name = `${this.nextToken++}`;
    this.streams.set(name, onPiece);
    try {
      return await this.execute<AskReply>(command, { ...argument, token: name }, token);
    } finally {
      this.streams.delete(name);
    }
  }

  private async execute<Reply>(
    command: string,
    argument: object,
    token?: CancellationToken,
    onProgress?: (progress: WorkDone) => void,
  ): Promise<Reply> {
    if (this.current.kind !== "running" || !this.connection) {
      throw new Error(hindranceOf(this.current)?.sentence ?? LOST);
    }
    const connection = this.connection;
    try {
      return await connection.execute<Reply>(command, argument, token, onProgress);
    } catch (error) {
      if (!(error instanceof CancellationError) && (this.connection !== connection || this.state.kind !== "running")) {
        throw new Error(LOST);
      }
      throw error;
    }
  }

  // --- starting and stopping, one after the other -----------------------------------------------------------------

  private inTurn(work: () => Promise<void>): Promise<void> {
    this.turn = this.turn.then(work, work);
    return this.turn;
  }

  private async startNow(what = "Starting"): Promise<void> {
    if (this.connection) {
      return;
    }
    if (!workspace.isTrusted) {
      this.become({ kind: "untrusted" });
      return;
    }
    if (!workspace.workspaceFolders?.length) {
      this.become({ kind: "noFolder" });
      return;
    }
    this.become({ kind: "starting", what });
    try {
      const launch = await this.launch(step => this.become({ kind: "starting", what: step }));
      if (launch.kind === "none") {
        this.log.error(launch.why);
        this.become({ kind: "absent", why: launch.why });
        return;
      }
      await this.connectTo(launch.command);
    } catch (error) {
      await this.disconnect();
      this.log.error(error instanceof Error ? error : String(error));
      const why = `Surefoot's server could not be started (${sentenceOf(error)}); see the log.`;
      this.become({ kind: "failed", why });
    }
  }

  private async connectTo(command: string[]): Promise<void> {
    this.log.info(`Starting ${command.join(" ")}`);
    const { connect } = await import("./client.js");
    const settings = serverSettings();
    const connection = connect({
      command,
      cwd: this.cwd,
      log: this.log,
      settings,
      roots,
      onStreamed: piece => this.streams.get(piece.token)?.(piece),
      onStatus: status => this.indexed.fire(status),
      onDeath: () => this.mourn(connection),
      onExplain: argument => this.explained.fire(argument as ExplainArguments),
    });
    this.connection = connection;
    await connection.start();
    this.become({ kind: "running" });
  }

  /** The server died: start another, unless that has been done too often. */
  private mourn(connection: Connection): void {
    if (this.connection !== connection) {
      return;
    }
    this.become({ kind: "starting", what: "Starting again" });
    void this.inTurn(() => this.startAgain(connection));
  }

  private async startAgain(dead: Connection): Promise<void> {
    if (this.connection !== dead) {
      return; // somebody has restarted it meanwhile
    }
    await this.disconnect();
    do {
      this.deaths.push(Date.now());
      if (this.deaths.filter(then => Date.now() - then < RESTARTS_WITHIN_MS).length > RESTARTS) {
        this.become({ kind: "failed", why: "Surefoot's server stops again and again; its log says why." });
        return;
      }
      await this.startNow("Starting again");
    } while (this.current.kind === "failed");
    if (this.current.kind === "running") {
      void window.showWarningMessage("Surefoot's server stopped unexpectedly and was started again.");
    }
  }

  private async stopNow(): Promise<void> {
    await this.disconnect();
    this.deaths.length = 0;
    this.become({ kind: "stopped" });
  }

  private async disconnect(): Promise<void> {
    const connection = this.connection;
    this.connection = undefined;
    try {
      await connection?.stop();
    } catch (error) {
      // A server that hangs is killed; there is nothing left to do about it.
      this.log.warn(sentenceOf(error));
    }
  }

  private async tellSettings(): Promise<void> {
    if (this.current.kind === "running") {
      await this.connection?.takeSettings(serverSettings());
    }
  }

  private become(state: ServerState): void {
    this.current = state;
    this.changed.fire(state);
  }
}

/** The file of a place, below its folder as the user opened it. */
export function fileOf(place: { root: string; path: string }): Uri {
  const folder = roots.folderOf(place.root)?.uri ?? Uri.file(place.root);
  return Uri.joinPath(folder, ...place.path.split("/"));
}

/** What an error says, for people: its first line. */
export function sentenceOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.split("\n", 1)[0] ?? message;
}

function nextOf<T>(event: Event<T>, token?: CancellationToken): Promise<void> {
  return new Promise(resolve => {
    const listeners = [event(() => settle()), token?.onCancellationRequested(() => settle())];
    const settle = () => {
      for (const listener of listeners) {
        listener?.dispose();
      }
      resolve();
    };
  });
}
