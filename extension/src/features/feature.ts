// What every feature is given when it is activated.

import type { ExtensionContext, LogOutputChannel } from "vscode";
import type { Server } from "../server";

export interface Surefoot {
  context: ExtensionContext;
  server: Server;
  log: LogOutputChannel;
}
