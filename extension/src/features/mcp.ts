// Offers Surefoot's MCP server to VS Code's agents, as soon as the server says that it has one.
//
// Ability: `mcp`, the arguments that start it. Contribution: mcpServerDefinitionProviders `surefoot.mcp`.
// Invariant: an older VS Code, or a server without the ability, gets no MCP server and no message.

import * as vscode from "vscode";
import { SECTION, serverSettings } from "../settings";
import { type McpServer, mcpServers, type Workspace } from "../setUp/mcpServers";
import type { Surefoot } from "./feature";
import { lastCommand } from "./setUp";

const PROVIDER = "surefoot.mcp";

export function activate({ context, server }: Surefoot): void {
  const register = vscode.lm?.registerMcpServerDefinitionProvider;
  if (typeof register !== "function") {
    return;
  }
  const changed = new vscode.EventEmitter<void>();
  const provideMcpServerDefinitions = () =>
    server.state.kind === "running" ? mcpServers(server.abilities, lastCommand(), here()).map(definitionOf) : [];
  context.subscriptions.push(
    changed,
    server.onDidChangeState(() => changed.fire()),
    vscode.workspace.onDidChangeWorkspaceFolders(() => changed.fire()),
    vscode.workspace.onDidChangeConfiguration(event => event.affectsConfiguration(SECTION) && changed.fire()),
    register(PROVIDER, { onDidChangeMcpServerDefinitions: changed.event, provideMcpServerDefinitions }),
  );
}

/** The folders on disk, and what is set for them. */
function here(): Workspace {
  const open = vscode.workspace.workspaceFolders ?? [];
  const folders = open.filter(folder => folder.uri.scheme === "file").map(folder => folder.uri.fsPath);
  return { folders, settings: serverSettings() };
}

function definitionOf({ label, program, args, env }: McpServer) {
  return new vscode.McpStdioServerDefinition(label, program, args, env);
}
