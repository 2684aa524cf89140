// Where the server comes from, with a stand-in for VS Code: no ceremony where all is there, one message where not.
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { pythonIn } from "../../src/setUp/python.ts";

const code = vi.hoisted(() => ({
  settings: {} as Record<string, unknown>,
  said: [] as { text: string; buttons: string[] }[],
  ran: [] as string[],
  press: "",
  cancelled: false,
  progress: 0,
}));
vi.mock("vscode", () => {
  const say = async (text: string, ...buttons: string[]) => {
    code.said.push({ text, buttons });
    return buttons.find(button => button === code.press);
  };
  return {
    workspace: {
      getConfiguration: (section: string) => ({
        get: (name: string, fallback: unknown) => code.settings[`${section}.${name}`] ?? fallback,
      }),
    },
    window: {
      showErrorMessage: say,
      showInformationMessage: say,
      showWarningMessage: say,
      withProgress: (_: unknown, work: (progress: unknown, token: unknown) => unknown) => {
        code.progress++;
        const onCancellationRequested = (listener: () => void) => code.cancelled && listener();
        return work({ report: () => {} }, { onCancellationRequested });
      },
    },
    commands: { executeCommand: async (name: string) => void code.ran.push(name) },
    extensions: { getExtension: () => undefined },
    ProgressLocation: { Notification: 15 },
    EventEmitter: class {
      event = () => {};
    },
  };
});
const { findServer, lastCommand } = await import("../../src/features/setUp.ts");

let temporary: string;
let context: Parameters<typeof findServer>[0];
const log = { info: vi.fn(), error: vi.fn() } as unknown as Parameters<typeof findServer>[1];

beforeEach(() => {
  Object.assign(code, { settings: {}, said: [], ran: [], press: "", cancelled: false, progress: 0 });
  temporary = mkdtempSync(join(tmpdir(), "surefoot-find-"));
  const server = join(temporary, "extension", "server");
  mkdirSync(server, { recursive: true });
  writeFileSync(join(server, "s.whl"), "");
  writeFileSync(join(server, "bundle.json"), JSON.stringify({ version: "1.2.0", wheel: "s.whl", key: "0123456789" }));
  const globalStorageUri = { fsPath: join(temporary, "storage") };
  context = { extensionPath: join(temporary, "extension"), globalStorageUri } as unknown as typeof context;
});
afterEach(() => rmSync(temporary, { recursive: true, force: true }));

const say = vi.fn<(step: string) => void>();

test("an environment that stands is used at once, without a message or progress", async () => {
  const folder = join(temporary, "storage", `1.2.0-01234567-${process.platform}-${process.arch}-1`);
  const python = pythonIn(folder, process.platform);
  mkdirSync(join(python, ".."), { recursive: true });
  writeFileSync(python, "");
  writeFileSync(join(folder, "stamp.json"), JSON.stringify({ key: "0123456789" }));
  expect(await findServer(context, log, say)).toEqual({ kind: "command", command: [python, "-I", "-m", "surefoot"] });
  expect(lastCommand()).toEqual([python, "-I", "-m", "surefoot"]);
  expect([code.said, code.progress]).toEqual([[], 0]);
});

test("the user's own command goes before everything", async () => {
  code.settings = { "surefoot.serverCommand": [process.execPath, "x"] };
  expect(await findServer(context, log, say)).toEqual({ kind: "command", command: [process.execPath, "x"] });
});

test("an own command that is not there is told, with the way to its setting", async () => {
  code.settings = { "surefoot.serverCommand": ["/nowhere/surefoot"] };
  code.press = "Open Setting";
  const launch = await findServer(context, log, say);
  expect(launch).toMatchObject({ kind: "none", why: expect.stringContaining("surefoot.serverCommand") });
  expect(code.said).toHaveLength(1);
  await vi.waitFor(() => expect(code.ran).toEqual(["workbench.action.openSettings"]));
  expect(lastCommand()).toBeUndefined();
});

test("a Python that will not do is told by its setting, and “Try Again” tries again", async () => {
  code.settings = { "surefoot.pythonPath": "/nowhere/python" };
  code.press = "Try Again";
  const launch = await findServer(context, log, say);
  expect(launch).toMatchObject({ kind: "none", why: expect.stringContaining("surefoot.pythonPath") });
  expect(code.said.map(one => one.buttons)).toEqual([["Choose Python…", "Get Python", "Try Again"]]);
  await vi.waitFor(() => expect(code.ran).toEqual(["surefoot.restartServer"]));
  expect(readdirSync(join(temporary, "storage"))).toEqual([]);
});

test("cancelling is no failure: nothing is said, and the reason stands in the state", async () => {
  code.cancelled = true;
  expect(await findServer(context, log, say)).toMatchObject({ kind: "none", why: expect.stringContaining("Set Up") });
  expect(code.said).toEqual([]);
});

test("a copy that was packed without its server says so", async () => {
  rmSync(join(temporary, "extension", "server"), { recursive: true });
  expect(await findServer(context, log, say)).toMatchObject({
    kind: "none",
    why: expect.stringContaining("without its server"),
  });
  expect(code.said).toHaveLength(1);
});

test("a storage that cannot be written to is one sentence with buttons", async () => {
  writeFileSync(join(temporary, "storage"), "a file where the folder should be");
  const launch = await findServer(context, log, say);
  expect(launch).toMatchObject({ kind: "none", why: expect.stringMatching(/^Surefoot could not be set up: .+\.$/) });
  expect(code.said[0]?.buttons).toEqual(["Try Again", "Show Log"]);
});
