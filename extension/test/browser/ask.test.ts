// Asking in the side bar, on httpx: what comes, where a click leads, what is said when there is nothing.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { ask, newConversation, openAskView } from "../harness/askView.ts";
import { useCode } from "../harness/code.ts";
import { indexed } from "../harness/indexed.ts";
import { webviewWith } from "../harness/webview.ts";
import {
  activePlace,
  activeTab,
  hoverOver,
  litLines,
  openFile,
  openSideBar,
  runCommand,
  until,
} from "../harness/workbench.ts";

const at = useCode({ projects: ["httpx"] });

beforeAll(async () => {
  await indexed(at.code);
});

test("the status bar says that all files are indexed, and means all that the server lists", async () => {
  const { files } = await indexed(at.code);
  const item = at.code.page.locator(".statusbar-item", { hasText: "Surefoot" }).locator("a");
  await expect
    .poll(() => item.getAttribute("aria-label"), { timeout: 20_000 })
    .toContain(`All ${files} files are indexed as on disk`);
});

test("a hover shows the definition's signature and documentation from the server", async () => {
  await openFile(at.code, "httpx/_client.py", 245);
  const hover = await hoverOver(at.code.page, "get_environment_proxies", "Gets proxy information from the environment");
  expect(await hover.textContent()).toContain("_utils.py");
});

test("the icon in the activity bar opens the view with the cursor in the question box", async () => {
  await openSideBar(at.code.page, "Surefoot");
  await runCommand(at.code.page, "Surefoot: Ask the Codebase");
  const frame = await webviewWith(at.code.page, "[data-testid=question]");
  await expect.poll(() => frame.evaluate(() => document.activeElement?.getAttribute("data-testid"))).toBe("question");
});

const QUESTIONS = [
  { question: "how are redirects followed?", file: "httpx/_client.py", symbol: "_send_handling_redirects" },
  {
    question: "where is the proxy taken from the environment?",
    file: "httpx/_utils.py",
    symbol: "get_environment_proxies",
  },
  {
    question: "where are sensitive headers obfuscated?",
    file: "httpx/_models.py",
    symbol: "_obfuscate_sensitive_headers",
  },
];

test.each(QUESTIONS)("asked $question, it cites $symbol", async ({ question, file, symbol }) => {
  const answer = await ask(await newConversation(at.code), question);
  expect(answer.status).toBe("done");
  expect(answer.hits.length).toBeGreaterThan(0);
  expect(answer.claims.length).toBeGreaterThan(0);
  const cited = answer.citations.filter(({ path }) => path === file).map(({ start, end }) => lines(file, start, end));
  expect(cited.join("\n")).toContain(symbol);
  expect(answer.citations.map(({ verdict }) => verdict)).toEqual(answer.citations.map(() => "valid"));
});

test("a click on a citation opens its file at its lines and lights them", async () => {
  const answer = await ask(await newConversation(at.code), "where is the proxy taken from the environment?");
  const place = answer.citations.find(({ path }) => path === "httpx/_utils.py");
  expect(place).toBeDefined();
  if (!place) return;
  await answer.turn
    .getByTestId("citation")
    .filter({ hasText: `:${place.start}-${place.end}` })
    .first()
    .click();
  await activeTab(at.code.page).filter({ hasText: "_utils.py" }).waitFor();
  await expect
    .poll(() => activePlace(at.code))
    .toMatchObject({ path: join(at.code.folder, "httpx/_utils.py"), start: place.start });
  const shown = await litLines(at.code.page);
  expect(shown.first).toBe(place.start);
  expect(shown.last).toBeGreaterThan(place.start);
  expect(shown.last).toBeLessThanOrEqual(place.end);
});

test("a click on a piece of evidence opens it", async () => {
  const frame = await newConversation(at.code);
  const answer = await ask(frame, "digest authentication challenge parsing");
  const hit = answer.turn.getByTestId("hit").filter({ hasText: "_auth.py" }).first();
  await hit.click();
  await activeTab(at.code.page).filter({ hasText: "_auth.py" }).waitFor();
});

test("names keep their underscores, which Markdown would make bold", async () => {
  const answer = await ask(await newConversation(at.code), "what does Headers.__repr__ show?");
  expect(answer.claims.join("\n")).toContain("def __repr__(self)");
});

test("what nothing grounds is said to be missing, and nothing is cited", async () => {
  const answer = await ask(await newConversation(at.code), "how are messages put on a kafka queue?");
  expect(answer.claims).toEqual([]);
  expect(answer.citations).toEqual([]);
  expect(answer.missing).toContain("kafka");
  expect(await answer.turn.getByTestId("near-miss").count()).toBeGreaterThan(0);
});

test("a follow-up refers to what was cited before", async () => {
  const frame = await newConversation(at.code);
  await ask(frame, "where is get_environment_proxies defined?");
  const answer = await ask(frame, "where is it tested?");
  expect(answer.hits.join("\n")).toContain("test_get_environment_proxies");
});

test("an answer is copied as Markdown with its places", async () => {
  const answer = await ask(await newConversation(at.code), "where is the proxy taken from the environment?");
  await answer.turn.getByTestId("copy").click();
  const copied = () => at.code.inHost(api => api.env.clipboard.readText());
  await expect.poll(copied).toContain("**where is the proxy taken from the environment?**");
  const place = answer.citations[0];
  expect(await copied()).toContain(`\`${place?.path}:${place?.start}-${place?.end}\``);
});

test("arrow up brings the last question back, and a conversation outlives a reload of the window", async () => {
  await ask(await newConversation(at.code), "how is a response decoded from gzip?");
  await at.code.reload();
  const frame = await openAskView(at.code);
  await frame.getByTestId("turn").filter({ hasText: "how is a response decoded from gzip?" }).waitFor();
  await frame.getByTestId("question").press("ArrowUp");
  expect(await frame.getByTestId("question").inputValue()).toBe("how is a response decoded from gzip?");
});

test("a selection is asked about by its name", async () => {
  const name = "peek_filelike_length";
  await openFile(at.code, "httpx/_utils.py");
  // The command is only there while an editor has a selection, and a click that comes late takes it away again.
  await at.code.page.locator(".editor-instance .view-line").first().click();
  await until(
    () =>
      at.code.inHost((api, wanted) => {
        const editor = api.window.activeTextEditor;
        const from = editor?.document.positionAt(editor.document.getText().indexOf(wanted));
        if (!editor || !from) return;
        editor.selection = new api.Selection(from, from.translate(0, wanted.length));
        editor.revealRange(editor.selection);
      }, name),
    at.code.page.locator(".editor-instance .selected-text"),
  );
  await runCommand(at.code.page, "Surefoot: Ask About Selection");
  const frame = await webviewWith(at.code.page, "[data-testid=question]");
  await expect.poll(() => frame.getByTestId("question").inputValue()).toContain(name);
});

test("a symbol is explained from the cursor", async () => {
  await newConversation(at.code);
  await cursorOn("get_environment_proxies");
  await runCommand(at.code.page, "Surefoot: Explain Symbol");
  await explained("get_environment_proxies");
});

test("the light bulb of a definition explains it", async () => {
  const { page } = at.code;
  await newConversation(at.code);
  await cursorOn("peek_filelike_length");
  const offer = page.locator(".action-widget .monaco-list-row", { hasText: "Explain" }).first();
  await until(() => page.keyboard.press("Control+."), offer);
  await offer.click();
  await explained("peek_filelike_length");
});

/** Puts the cursor on the definition in httpx/_utils.py. */
async function cursorOn(name: string): Promise<void> {
  await openFile(at.code, "httpx/_utils.py");
  await at.code.page.locator(".editor-instance .view-line").first().click();
  await at.code.inHost((api, wanted) => {
    const editor = api.window.activeTextEditor;
    const found = editor?.document.positionAt(editor.document.getText().indexOf(`def ${wanted}`) + 6);
    if (editor && found) editor.selection = new api.Selection(found, found);
  }, name);
}

async function explained(name: string): Promise<void> {
  const frame = await webviewWith(at.code.page, "[data-testid=turn]");
  const turn = frame.getByTestId("turn").first();
  await expect.poll(() => turn.getAttribute("data-status"), { timeout: 20_000 }).toBe("done");
  expect(await turn.textContent()).toContain(name);
}

function lines(file: string, start: number, end: number): string {
  const text = readFileSync(join(at.code.folder, file), "utf8");
  return text
    .split("\n")
    .slice(start - 1, end)
    .join("\n");
}
