// The walkthrough "Get Started with Surefoot".
//
// Command: surefoot.openWalkthrough. Context key: surefoot.running (the server runs), which completes its first step.
// Invariant: never opens by itself; VS Code shows the walkthroughs of new extensions as its user has set it.

import { commands } from "vscode";
import type { Server } from "../server";
import type { Surefoot } from "./feature";

const WALKTHROUGH = "gettingStarted";

export function activate({ context, server }: Surefoot): void {
  context.subscriptions.push(
    commands.registerCommand("surefoot.openWalkthrough", () => open(`${context.extension.id}#${WALKTHROUGH}`, server)),
    server.onDidChangeState(() => tellRunning(isRunning(server))),
  );
}

async function open(id: string, server: Server): Promise<void> {
  // VS Code completes a step when its context key becomes true, and may learn of the steps only now.
  await tellRunning(false);
  await commands.executeCommand("workbench.action.openWalkthrough", id, false);
  await tellRunning(isRunning(server));
}

function isRunning(server: Server): boolean {
  return server.state.kind === "running";
}

function tellRunning(running: boolean): Thenable<unknown> {
  return commands.executeCommand("setContext", "surefoot.running", running);
}
