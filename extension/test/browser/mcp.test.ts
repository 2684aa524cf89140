// VS Code's own MCP client starts Surefoot's MCP server from the list of servers and calls its tools.
import { expect, test } from "vitest";
import { useCode } from "../harness/code.ts";
import { indexed } from "../harness/indexed.ts";
import { quickInput, quickRows, runCommand, typeInQuickPick } from "../harness/workbench.ts";

const at = useCode({ projects: ["httpx"], settings: { "chat.disableAIFeatures": false } });

test("the server is listed, starts, and its tools answer about the open folder", async () => {
  const { code } = at;
  await indexed(code);
  await runCommand(code.page, "MCP: List Servers");
  await typeInQuickPick(code.page, "Surefoot", "Surefoot");
  await quickInput(code.page).press("Enter");
  await quickRows(code.page).filter({ hasText: "Start Server" }).first().click();
  const named = () =>
    code.inHost(api => api.lm.tools.map(tool => tool.name).filter(name => name.endsWith("search_code")));
  await expect.poll(named, { timeout: 60_000, interval: 500 }).toHaveLength(1);
  const [search] = await named();
  const found = await code.inHost(async (api, name) => {
    const result = await api.lm.invokeTool(name, { input: { query: "class Client" }, toolInvocationToken: undefined });
    return result.content.map(part => ("value" in (part as object) ? String((part as { value: unknown }).value) : ""));
  }, search ?? "");
  // VS Code hands on the structured content where there is one, and leaves out the text.
  const reply = JSON.parse(found.join(""));
  expect(reply.hits[0]).toMatchObject({ path: "httpx/_client.py", symbol: "Client", verdict: "valid" });
  expect(reply.index).toMatchObject({ indexing: false, roots: [code.folder] });
});
