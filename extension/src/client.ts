// The connection to one running server: vscode-languageclient, set up for Surefoot.
//
// Invariant: the only file that imports vscode-languageclient, and a bundle of its own, read when the first server starts.

import { CancellationError, type CancellationToken, type Disposable, type LogOutputChannel } from "vscode";
import {
  CloseAction,
  ErrorAction,
  ExecuteCommandRequest,
  LanguageClient,
  LSPErrorCodes,
  ResponseError,
  RevealOutputChannelOn,
  State,
  TransportKind,
  WorkDoneProgress,
} from "vscode-languageclient/node";
import { ANSWER_NOTIFICATION, Command, STATUS_NOTIFICATION, type StatusChanged, type Streamed } from "./protocol";

// A server that keeps dying is not started for ever: the user is told instead.
const RESTARTS = 3;
const RESTARTS_WITHIN_MS = 3 * 60 * 1000;

export interface ConnectionOptions {
  command: string[];
  log: LogOutputChannel;
  settings: Record<string, unknown>;
  onStreamed(piece: Streamed): void;
  onStatus(status: StatusChanged): void;
  /** Whether the server runs; false also while it is started again after a crash. */
  onRunning(running: boolean): void;
  /** The server died and is started again. */
  onRestart(): void;
  /** The server has died too often and is left alone. */
  onGivenUp(): void;
  /** A code action or lens asks for an explanation. */
  onExplain(argument: unknown): void;
}

export interface Connection {
  start(): Promise<void>;
  stop(): Promise<void>;
  /** What the server can do beyond the standard protocol, as it said on start. */
  readonly abilities: Record<string, unknown>;
  takeSettings(settings: Record<string, unknown>): Promise<void>;
  /** Run a server command. Throws `CancellationError`, or an Error whose message is one sentence for the user. */
  execute<Reply>(
    command: string,
    argument: object,
    token?: CancellationToken,
    onProgress?: (progress: WorkDone) => void,
  ): Promise<Reply>;
}

export interface WorkDone {
  message?: string;
  percentage?: number;
}

export function connect(options: ConnectionOptions): Connection {
  const [program = "", ...args] = options.command;
  const deaths: number[] = [];
  let stopping = false;
  const client = new LanguageClient(
    "surefoot",
    "Surefoot",
    { command: program, args: [...args, "lsp"], transport: TransportKind.stdio },
    {
      documentSelector: [{ scheme: "file" }],
      outputChannel: options.log,
      revealOutputChannelOn: RevealOutputChannelOn.Never,
      initializationOptions: options.settings,
      // Whatever is shown was escaped by the server; nothing in it may run a command.
      markdown: { isTrusted: false, supportHtml: false },
      errorHandler: {
        error: () => ({ action: ErrorAction.Continue, handled: true }),
        closed: () => {
          if (stopping) {
            return { action: CloseAction.DoNotRestart, handled: true };
          }
          const now = Date.now();
          deaths.push(now);
          if (deaths.filter(then => now - then < RESTARTS_WITHIN_MS).length > RESTARTS) {
            options.onGivenUp();
            return { action: CloseAction.DoNotRestart, handled: true };
          }
          options.onRestart();
          return { action: CloseAction.Restart, handled: true };
        },
      },
      middleware: {
        executeCommand: (command, args, next) => {
          if (command === Command.explain && args.length === 1 && !args[0]?.token) {
            return options.onExplain(args[0]);
          }
          return next(command, args);
        },
      },
    },
  );
  client.registerFeature({
    fillClientCapabilities: capabilities => {
      capabilities.experimental = { ...capabilities.experimental, surefoot: { statusChanged: true } };
    },
    initialize: () => undefined,
    getState: () => ({ kind: "static" }),
    clear: () => undefined,
  });
  client.onNotification(ANSWER_NOTIFICATION, options.onStreamed);
  client.onNotification(STATUS_NOTIFICATION, options.onStatus);
  client.onDidChangeState(event => options.onRunning(event.newState === State.Running));

  return {
    start: () => client.start(),
    async stop() {
      stopping = true;
      if (client.needsStop()) {
        await client.stop();
      }
      await client.dispose();
    },
    get abilities() {
      return client.initializeResult?.capabilities.experimental?.surefoot ?? {};
    },
    takeSettings: settings => client.sendNotification("workspace/didChangeConfiguration", { settings }),
    async execute<Reply>(
      command: string,
      argument: object,
      token?: CancellationToken,
      onProgress?: (progress: WorkDone) => void,
    ): Promise<Reply> {
      const params: { command: string; arguments: object[]; workDoneToken?: string } = {
        command,
        arguments: [argument],
      };
      let progress: Disposable | undefined;
      if (onProgress) {
        params.workDoneToken = crypto.randomUUID();
        progress = client.onProgress(WorkDoneProgress.type, params.workDoneToken, value => onProgress(value));
      }
      try {
        return (await client.sendRequest(ExecuteCommandRequest.type, params, token)) as Reply;
      } catch (error) {
        throw told(error, token);
      } finally {
        progress?.dispose();
      }
    },
  };
}

function told(error: unknown, token: CancellationToken | undefined): Error {
  const cancelled = error instanceof ResponseError && error.code === LSPErrorCodes.RequestCancelled;
  if (cancelled || token?.isCancellationRequested) {
    return new CancellationError();
  }
  return error instanceof Error ? error : new Error(String(error));
}
