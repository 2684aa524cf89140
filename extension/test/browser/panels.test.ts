// The two pages beside the view: why an answer is as it is, and how whole the index is.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { ask, newConversation } from "../harness/askView.ts";
import { useCode } from "../harness/code.ts";
import { indexed, status } from "../harness/indexed.ts";
import { webviewWith } from "../harness/webview.ts";
import { activeTab, dismiss, quickRows, runCommand } from "../harness/workbench.ts";

const at = useCode({ projects: ["httpx"] });
const STAGES = [
  "resolve",
  "lexical",
  "vector",
  "symbol",
  "fuse",
  "rerank",
  "floor",
  "freshen",
  "budget",
  "extract",
  "cite",
  "verify",
];

beforeAll(async () => {
  await indexed(at.code);
});

test("Why this answer? shows every stage, the candidates, what was dropped, the context, the draft and the claims", async () => {
  const answer = await ask(await newConversation(at.code), "how are redirects followed?");
  await answer.turn.getByTestId("why").click();
  await activeTab(at.code.page).filter({ hasText: "Trace: how are redirects followed?" }).waitFor();
  const frame = await webviewWith(at.code.page, "[data-testid=trace-stage]");
  const stages = (await frame.getByTestId("trace-stage").allTextContents()).join("\n");
  for (const stage of STAGES) expect(stages).toContain(stage);
  expect(stages).toMatch(/\d ms/);
  expect(await frame.getByTestId("trace-candidate").count()).toBeGreaterThan(5);
  const candidates = (await frame.getByTestId("trace-candidate").allTextContents()).join("\n");
  expect(candidates).toContain("httpx/_client.py");
  expect(await frame.getByTestId("trace-context").textContent()).toMatch(/\S/);
  expect(await frame.getByTestId("trace-draft").textContent()).toContain("_send_handling_redirects");
  expect(await frame.getByTestId("trace-claim").count()).toBeGreaterThanOrEqual(answer.claims.length);
});

test("a place in the trace opens its file", async () => {
  const frame = await webviewWith(at.code.page, "[data-testid=trace-claim]");
  await frame.getByTestId("trace-claim").first().locator("button, a").first().click();
  await activeTab(at.code.page).filter({ hasText: "_client.py" }).waitFor();
});

test("Index Health counts what the server counts, per folder and language", async () => {
  const counted = await status(at.code);
  const frame = await openHealth();
  await frame.getByTestId("health-root").waitFor();
  const root = (await frame.getByTestId("health-root").textContent()) ?? "";
  expect(root.replace(/\s+/g, " ")).toContain(
    `100 % covered: ${counted.files} of ${counted.files} files indexed as on disk`,
  );
  expect(await frame.getByTestId("health-language").filter({ hasText: "python" }).count()).toBe(1);
  expect(await frame.getByTestId("health-model").textContent()).toContain("none");
  expect(await frame.getByTestId("health-drift").textContent()).toContain("No indexed file has changed or gone");
});

test("a new file is seen when the page counts again, and Re-index takes it in", async () => {
  const frame = await openHealth();
  const before = (await status(at.code)).files;
  writeFileSync(join(at.code.folder, "httpx", "_wombat.py"), "def wombat():\n    return 1\n");
  await frame.getByTestId("health-reindex").click();
  await expect.poll(async () => (await status(at.code)).files, { timeout: 20_000 }).toBe(before + 1);
  await frame.getByTestId("health-refresh").click();
  await expect
    .poll(async () => ((await frame.getByTestId("health-root").textContent()) ?? "").replace(/\s+/g, " "), {
      timeout: 20_000,
    })
    .toContain(`${before + 1} of ${before + 1} files`);
});

test("its buttons lead to the models and to the traces", async () => {
  const { page } = at.code;
  const frame = await openHealth();
  await frame.getByTestId("health-choose-model").click();
  await quickRows(page).filter({ hasText: "No model" }).waitFor();
  expect(await quickRows(page).filter({ hasText: "Apache-2.0" }).count()).toBeGreaterThan(0);
  await dismiss(page);
  await frame.getByTestId("health-open-trace").click();
  await quickRows(page).filter({ hasText: "how are redirects followed?" }).first().waitFor();
  await dismiss(page);
});

test("both pages come back with the window", async () => {
  await openHealth();
  await at.code.reload();
  await indexed(at.code);
  const health = await webviewWith(at.code.page, "[data-testid=health-language]");
  expect(await health.getByTestId("health-language").count()).toBeGreaterThan(1);
  await at.code.page.locator(".tabs-container .tab", { hasText: "Trace: how are redirects followed?" }).click();
  const trace = await webviewWith(at.code.page, "[data-testid=trace-stage]");
  expect(await trace.getByTestId("trace-stage").count()).toBeGreaterThan(5);
});

test("the status bar opens Index Health", async () => {
  const { page } = at.code;
  await runCommand(page, "View: Close All Editors");
  await page.locator(".statusbar-item", { hasText: "Surefoot" }).first().click();
  await activeTab(page).filter({ hasText: "Index Health" }).waitFor();
});

async function openHealth() {
  await runCommand(at.code.page, "Surefoot: Show Index Health");
  await activeTab(at.code.page).filter({ hasText: "Index Health" }).waitFor();
  return webviewWith(at.code.page, "[data-testid=health-refresh]");
}
