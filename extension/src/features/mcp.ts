// Offers Surefoot's MCP server to VS Code's agents, as soon as the server says that it has one.
//
// Ability: `mcp`, the arguments that start it. Contribution: mcpServerDefinitionProviders `surefoot.mcp`.
// Invariant: an older VS Code, or a server without the ability, gets no MCP server and no message.

import * as vscode from "vscode";
import { mcpServers } from "../setUp/mcpServers";
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
    server.state.kind === "running" ? mcpServers(server.abilities, lastCommand()).map(definitionOf) : [];
  context.subscriptions.push(
    changed,
    server.onDidChangeState(() => changed.fire()),
    register(PROVIDER, { onDidChangeMcpServerDefinitions: changed.event, provideMcpServerDefinitions }),
  );
}

function definitionOf({ label, program, args }: ReturnType<typeof mcpServers>[number]) {
  return new vscode.McpStdioServerDefinition(label, program, args);
}
