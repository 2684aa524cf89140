// The provider of MCP servers, with a VS Code that has them and with one that has not.
import { beforeEach, expect, test, vi } from "vitest";

class McpStdioServerDefinition {
  constructor(
    readonly label: string,
    readonly command: string,
    readonly args: string[],
  ) {}
}

interface Provider {
  onDidChangeMcpServerDefinitions(listener: () => void): void;
  provideMcpServerDefinitions(): McpStdioServerDefinition[];
}

const code = vi.hoisted(() => ({ lm: undefined as unknown }));
vi.mock("vscode", () => ({
  get lm() {
    return code.lm;
  },
  McpStdioServerDefinition,
  EventEmitter: class {
    private readonly listeners: (() => void)[] = [];
    readonly event = (listener: () => void) => this.listeners.push(listener);
    fire() {
      for (const listener of this.listeners) {
        listener();
      }
    }
  },
}));
vi.mock("../../src/features/setUp.ts", () => ({ lastCommand: () => ["/e/bin/python", "-I", "-m", "surefoot"] }));
const { activate } = await import("../../src/features/mcp.ts");

let stateListeners: (() => void)[];
let surefoot: Parameters<typeof activate>[0];
beforeEach(() => {
  stateListeners = [];
  const server = {
    state: { kind: "running" },
    abilities: {},
    onDidChangeState: (listener: () => void) => stateListeners.push(listener),
  };
  surefoot = { context: { subscriptions: [] }, server } as unknown as typeof surefoot;
});

function registered(): Provider {
  const register = vi.fn();
  code.lm = { registerMcpServerDefinitionProvider: register };
  activate(surefoot);
  expect(register).toHaveBeenCalledWith("surefoot.mcp", expect.anything());
  return register.mock.calls[0]?.[1];
}

test.each([undefined, {}])("a VS Code without MCP servers (lm: %o) is left alone", lm => {
  code.lm = lm;
  activate(surefoot);
  expect(surefoot.context.subscriptions).toEqual([]);
});

test("nothing is provided until the running server has the ability", () => {
  const provider = registered();
  expect(provider.provideMcpServerDefinitions()).toEqual([]);
  Object.assign(surefoot.server, { abilities: { mcp: ["mcp"] } });
  expect(provider.provideMcpServerDefinitions()).toEqual([
    { label: "Surefoot", command: "/e/bin/python", args: ["-I", "-m", "surefoot", "mcp"] },
  ]);
  Object.assign(surefoot.server, { state: { kind: "stopped" } });
  expect(provider.provideMcpServerDefinitions()).toEqual([]);
});

test("VS Code is told when the server comes or goes", () => {
  const changed = vi.fn();
  registered().onDidChangeMcpServerDefinitions(changed);
  for (const listener of stateListeners) {
    listener();
  }
  expect(changed).toHaveBeenCalledOnce();
});
