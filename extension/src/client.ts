// The connection to one running server: vscode-languageclient, set up for Surefoot.
//
// Invariant: the only file that imports vscode-languageclient, and a bundle of its own, read when the first server starts.

import { type ChildProcess, spawn } from "node:child_process";
import {
  CancellationError,
  type CancellationToken,
  type Disposable,
  Hover,
  type LogOutputChannel,
  MarkdownString,
  type MarkedString,
  Uri,
} from "vscode";
import {
  CloseAction,
  ErrorAction,
  ExecuteCommandRequest,
  LanguageClient,
  LSPErrorCodes,
  ResponseError,
  RevealOutputChannelOn,
  State,
  WorkDoneProgress,
} from "vscode-languageclient/node";
import { ANSWER_NOTIFICATION, Command, STATUS_NOTIFICATION, type StatusChanged, type Streamed } from "./protocol";
import type { Roots } from "./roots";

// How long a server that is still starting is waited for before it is ended, and how long it may take at most.
const PATIENCE_MS = 2000;
const START_WITHIN_MS = 60_000;

export interface ConnectionOptions {
  command: string[];
  /** Not the workspace: a `json.py` that lies there must not be imported by Python. */
  cwd: string;
  log: LogOutputChannel;
  settings: Record<string, unknown>;
  roots: Roots;
  onStreamed(piece: Streamed): void;
  onStatus(status: StatusChanged): void;
  /** The server died after it had run; the connection is of no more use. */
  onDeath(): void;
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
  const process = new ServerProcess(options.command, options.cwd);
  let hasRun = false;
  let stopping = false;
  let started: Promise<void> = Promise.resolve();
  const client = new LanguageClient("surefoot", "Surefoot", () => process.start(), {
    documentSelector: [{ scheme: "file" }],
    outputChannel: options.log,
    revealOutputChannelOn: RevealOutputChannelOn.Never,
    initializationOptions: options.settings,
    // Whatever is shown was escaped by the server; nothing in it may run a command.
    markdown: { isTrusted: false, supportHtml: false },
    uriConverters: {
      code2Protocol: uri => uri.toString(),
      protocol2Code: value => options.roots.asOpened(Uri.parse(value)),
    },
    // A start that fails is told by whoever asked for it.
    initializationFailedHandler: () => false,
    errorHandler: {
      error: () => ({ action: ErrorAction.Continue, handled: true }),
      // A new server gets a connection of its own, with the settings of that moment.
      closed: () => {
        if (hasRun && !stopping) {
          options.onDeath();
        }
        return { action: CloseAction.DoNotRestart, handled: true };
      },
    },
    middleware: {
      executeCommand: (command, args, next) => {
        if (command === Command.explain && args.length === 1 && !args[0]?.token) {
          return options.onExplain(args[0]);
        }
        return next(command, args);
      },
      provideHover: async (document, position, token, next) => {
        const hover = await next(document, position, token);
        return (
          hover &&
          new Hover(
            hover.contents.map(part => linkedAsOpened(part, options.roots)),
            hover.range,
          )
        );
      },
    },
  });
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

  return {
    async start() {
      started = client.start();
      const late = after(START_WITHIN_MS).then(() => {
        throw new Error("it did not answer within a minute");
      });
      await Promise.race([started, late]);
      hasRun = true;
    },
    async stop() {
      stopping = true;
      await Promise.race([started.catch(() => undefined), after(PATIENCE_MS)]);
      try {
        if (client.state === State.Running) {
          await client.stop();
        }
      } finally {
        process.kill();
        await client.dispose().catch(() => undefined);
      }
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

/** The server's process, which is ours to end. */
class ServerProcess {
  private child: ChildProcess | undefined;

  constructor(
    private readonly command: string[],
    private readonly cwd: string,
  ) {}

  start(): Promise<ChildProcess> {
    const [program = "", ...args] = this.command;
    return new Promise((resolve, reject) => {
      const child = spawn(program, [...args, "lsp"], { cwd: this.cwd });
      this.child = child;
      child.once("spawn", () => resolve(child));
      child.once("error", reject);
    });
  }

  kill(): void {
    if (this.child?.exitCode === null && this.child.signalCode === null) {
      this.child.kill();
    }
  }
}

function after(milliseconds: number): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, milliseconds).unref());
}

/** Links of a hover lead to the files as they were opened, not to where a symbolic link leads. */
function linkedAsOpened(part: MarkdownString | MarkedString, roots: Roots): MarkdownString | MarkedString {
  if (part instanceof MarkdownString) {
    part.value = part.value.replace(
      /\]\((file:[^)]+)\)/g,
      (_whole, uri: string) => `](${roots.asOpened(Uri.parse(uri))})`,
    );
  }
  return part;
}

function told(error: unknown, token: CancellationToken | undefined): Error {
  const cancelled = error instanceof ResponseError && error.code === LSPErrorCodes.RequestCancelled;
  if (cancelled || token?.isCancellationRequested) {
    return new CancellationError();
  }
  return error instanceof Error ? error : new Error(String(error));
}
