// The extension inside the real extension host: what it registers and what its server gives to VS Code.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test, vi } from "vitest";
import { useCode } from "../harness/code.ts";
import { indexed } from "../harness/indexed.ts";
import { EXTENSION } from "../harness/places.ts";

const at = useCode({ projects: ["httpx"] });
const manifest = JSON.parse(readFileSync(join(EXTENSION, "package.json"), "utf8"));

beforeAll(async () => {
  await indexed(at.code);
});

test("it is active when the start-up is over, without having been asked", async () => {
  expect(await at.code.inHost(api => api.extensions.getExtension("surefoot.surefoot")?.isActive)).toBe(true);
});

test("every command that package.json promises is there", async () => {
  const known = await at.code.inHost(api => api.commands.getCommands(true));
  const promised = manifest.contributes.commands.map(({ command }: { command: string }) => command);
  expect(promised.length).toBeGreaterThan(10);
  expect(known).toEqual(expect.arrayContaining(promised));
});

test("a hover comes from the server", async () => {
  const hovers = await at.code.inHost(
    async (api, path) => {
      const document = await api.workspace.openTextDocument(api.Uri.file(path));
      const position = document.positionAt(document.getText().indexOf("get_environment_proxies") + 3);
      const found = await api.commands.executeCommand<import("vscode").Hover[]>(
        "vscode.executeHoverProvider",
        document.uri,
        position,
      );
      return found.flatMap(hover =>
        hover.contents.map(content => (typeof content === "string" ? content : content.value)),
      );
    },
    join(at.code.folder, "httpx/_client.py"),
  );
  expect(hovers.join("\n")).toContain("Gets proxy information from the environment");
});

test("workspace symbols come from the server, with their lines", async () => {
  const symbols = await at.code.inHost(async api => {
    const found = await api.commands.executeCommand<import("vscode").SymbolInformation[]>(
      "vscode.executeWorkspaceSymbolProvider",
      "get_environment_proxies",
    );
    return found.map(symbol => ({
      name: symbol.name,
      path: symbol.location.uri.fsPath,
      line: symbol.location.range.start.line,
    }));
  });
  expect(symbols).toContainEqual({
    name: "get_environment_proxies",
    path: join(at.code.folder, "httpx/_utils.py"),
    line: 29,
  });
});

test("an indexed symbol offers to be explained", async () => {
  const titles = await at.code.inHost(
    async (api, path) => {
      const document = await api.workspace.openTextDocument(api.Uri.file(path));
      const position = document.positionAt(document.getText().indexOf("def get_environment_proxies") + 6);
      const found = await api.commands.executeCommand<import("vscode").CodeAction[]>(
        "vscode.executeCodeActionProvider",
        document.uri,
        new api.Range(position, position),
      );
      return found.map(action => action.title);
    },
    join(at.code.folder, "httpx/_utils.py"),
  );
  expect(titles).toContain("Explain `get_environment_proxies`");
});

test("lenses are off until the setting turns them on, without a restart", async () => {
  expect(await lenses()).toEqual([]);
  await at.code.inHost(api =>
    api.workspace.getConfiguration("surefoot").update("codeLens", true, api.ConfigurationTarget.Global),
  );
  await vi.waitFor(async () => expect(await lenses()).toContain("Explain"), { timeout: 20_000, interval: 500 });
});

test("the settings reach the server", async () => {
  const models = () =>
    at.code.inHost(async api => {
      const { model } = await api.commands.executeCommand<{ model: string }>("surefoot.status", { details: false });
      return model;
    });
  expect(await models()).toBe("none");
  await at.code.inHost(api =>
    api.workspace
      .getConfiguration("surefoot")
      .update("model", "http://localhost:9#nobody", api.ConfigurationTarget.Global),
  );
  await expect.poll(models, { timeout: 20_000 }).toContain("nobody");
});

test("the workspace's folder has nothing in it that was not there", async () => {
  const entries = await at.code.inHost(
    async (api, folder) => (await api.workspace.fs.readDirectory(api.Uri.file(folder))).map(([name]) => name),
    at.code.folder,
  );
  expect(entries).not.toContain(".surefoot");
});

function lenses(): Promise<string[]> {
  return at.code.inHost(
    async (api, path) => {
      const document = await api.workspace.openTextDocument(api.Uri.file(path));
      const found = await api.commands.executeCommand<import("vscode").CodeLens[]>(
        "vscode.executeCodeLensProvider",
        document.uri,
        1000,
      );
      return found.map(lens => lens.command?.title ?? "");
    },
    join(at.code.folder, "httpx/_utils.py"),
  );
}
