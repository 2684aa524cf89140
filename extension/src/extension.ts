// Where the extension begins and ends: the server, and every feature by name.
//
// Invariant: nothing here waits; VS Code's start is not held up by ours.

import { type ExtensionContext, window } from "vscode";
import * as ask from "./features/ask";
import * as commands from "./features/commands";
import * as commits from "./features/commits";
import type { Surefoot } from "./features/feature";
import * as health from "./features/health";
import * as mcp from "./features/mcp";
import * as models from "./features/models";
import * as places from "./features/places";
import * as search from "./features/search";
import * as setUp from "./features/setUp";
import * as statusBar from "./features/statusBar";
import * as trace from "./features/trace";
import * as walkthrough from "./features/walkthrough";
import { Server } from "./server";

const FEATURES = [ask, commands, commits, health, mcp, models, places, search, setUp, statusBar, trace, walkthrough];

let server: Server | undefined;

export function activate(context: ExtensionContext): void {
  const log = window.createOutputChannel("Surefoot", { log: true });
  server = new Server(log, context.extensionPath, say => setUp.findServer(context, log, say));
  context.subscriptions.push(log, server);
  const surefoot: Surefoot = { context, server, log };
  for (const feature of FEATURES) {
    feature.activate(surefoot);
  }
  void server.start();
}

export function deactivate(): Promise<void> | undefined {
  return server?.stop();
}
