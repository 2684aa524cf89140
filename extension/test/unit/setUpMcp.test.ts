// The provider of MCP servers, with a VS Code that has them and with one that has not.
import { beforeEach, expect, test, vi } from "vitest";

class McpStdioServerDefinition {
  constructor(
    readonly label: string,
    readonly command: string,
    readonly args: string[],
    readonly env: Record<string, string>,
  ) {}
}

interface Provider {
  onDidChangeMcpServerDefinitions(listener: () => void): void;
  provideMcpServerDefinitions(): McpStdioServerDefinition[];
}

interface Folder {
  uri: { scheme: string; fsPath: string };
}

const code = vi.hoisted(() => ({
  lm: undefined as unknown,
  workspaceFolders: undefined as Folder[] | undefined,
  settings: {} as Record<string, unknown>,
  onFolders: [] as (() => void)[],
  onSettings: [] as ((event: { affectsConfiguration(section: string): boolean }) => void)[],
}));
vi.mock("vscode", () => ({
  get lm() {
    return code.lm;
  },
  workspace: {
    get workspaceFolders() {
      return code.workspaceFolders;
    },
    onDidChangeWorkspaceFolders: (listener: () => void) => code.onFolders.push(listener),
    onDidChangeConfiguration: (listener: (typeof code.onSettings)[number]) => code.onSettings.push(listener),
    getConfiguration: () => ({
      get: (name: string) => code.settings[name],
      inspect: (name: string) => ({ globalValue: code.settings[name] }),
    }),
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
  Object.assign(code, {
    workspaceFolders: [{ uri: { scheme: "file", fsPath: "/w/one" } }],
    settings: {},
    onFolders: [],
    onSettings: [],
  });
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
    {
      label: "Surefoot",
      command: "/e/bin/python",
      args: ["-I", "-m", "surefoot", "mcp", "--root", "/w/one"],
      env: {},
    },
  ]);
  Object.assign(surefoot.server, { state: { kind: "stopped" } });
  expect(provider.provideMcpServerDefinitions()).toEqual([]);
});

test("the open folders and the settings of VS Code go along, and virtual folders do not", () => {
  const provider = registered();
  Object.assign(surefoot.server, { abilities: { mcp: ["mcp"] } });
  code.workspaceFolders?.push(
    { uri: { scheme: "vscode-vfs", fsPath: "/github" } },
    { uri: { scheme: "file", fsPath: "/w/two words" } },
  );
  code.settings = { cacheDir: "/c", trace: false, maxFileBytes: 5 };
  const [definition] = provider.provideMcpServerDefinitions();
  expect(definition?.args.slice(3)).toEqual(["mcp", "--root", "/w/one", "--root", "/w/two words"]);
  expect(definition?.env).toEqual({
    SUREFOOT_CACHE_DIR: "/c",
    SUREFOOT_TRACE: "false",
    SUREFOOT_MAX_FILE_BYTES: "5",
  });
});

test.each([undefined, []])("without a folder there is nothing to ask about (folders: %o)", folders => {
  const provider = registered();
  Object.assign(surefoot.server, { abilities: { mcp: ["mcp"] } });
  code.workspaceFolders = folders;
  expect(provider.provideMcpServerDefinitions()).toEqual([]);
});

test("VS Code is told when the server, the folders or our settings change", () => {
  const changed = vi.fn();
  registered().onDidChangeMcpServerDefinitions(changed);
  for (const listener of [...stateListeners, ...code.onFolders]) {
    listener();
  }
  expect(changed).toHaveBeenCalledTimes(2);
  for (const ours of [true, false]) {
    code.onSettings[0]?.({ affectsConfiguration: () => ours });
  }
  expect(changed).toHaveBeenCalledTimes(3);
});
