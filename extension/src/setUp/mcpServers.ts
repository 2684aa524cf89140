// Which MCP servers the running server says that it can be.
//
// Invariant: nothing is offered that the server has not announced.

export interface McpServer {
  label: string;
  program: string;
  args: string[];
}

/** The MCP server of `command`, where the server's abilities have `mcp`: the arguments that start it. */
export function mcpServers(abilities: Record<string, unknown>, command: string[] | undefined): McpServer[] {
  const args = abilities.mcp;
  const [program, ...rest] = command ?? [];
  if (!program || !Array.isArray(args) || !args.every(arg => typeof arg === "string")) {
    return [];
  }
  return [{ label: "Surefoot", program, args: [...rest, ...args] }];
}
