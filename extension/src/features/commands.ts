// The commands that need no feature of their own.
//
// Commands: surefoot.restartServer, surefoot.showLog. Internal: _surefoot.openSettings.

import { commands } from "vscode";
import type { Surefoot } from "./feature";

export function activate({ context, server, log }: Surefoot): void {
  context.subscriptions.push(
    commands.registerCommand("surefoot.restartServer", () => server.restart()),
    commands.registerCommand("surefoot.showLog", () => log.show()),
    commands.registerCommand("_surefoot.openSettings", () =>
      commands.executeCommand("workbench.action.openSettings", `@ext:${context.extension.id}`),
    ),
  );
}
