// Which MCP servers the running server says that it can be.
//
// Invariant: nothing is offered that the server has not announced, and nothing without a folder to look at.

export interface McpServer {
  label: string;
  program: string;
  args: string[];
  env: Record<string, string>;
}

/** What is open in VS Code: its folders, and the settings that somebody has set, under the server's names. */
export interface Workspace {
  folders: string[];
  settings: Record<string, unknown>;
}

/** The MCP server of `command`, where the server's abilities have `mcp`: the arguments that start it. */
export function mcpServers(
  abilities: Record<string, unknown>,
  command: string[] | undefined,
  { folders, settings }: Workspace,
): McpServer[] {
  const args = abilities.mcp;
  const [program, ...rest] = command ?? [];
  if (!program || folders.length === 0 || !Array.isArray(args) || !args.every(arg => typeof arg === "string")) {
    return [];
  }
  const roots = folders.flatMap(folder => ["--root", folder]);
  return [{ label: "Surefoot", program, args: [...rest, ...args, ...roots], env: environmentOf(settings) }];
}

/** The settings as the server reads them from its environment, so that both ask the same index and model. */
function environmentOf(settings: Record<string, unknown>): Record<string, string> {
  const named = Object.entries(settings).map(([name, value]) => [`SUREFOOT_${name.toUpperCase()}`, String(value)]);
  return Object.fromEntries(named);
}
