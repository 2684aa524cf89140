// Search the Codebase: live results, a preview that goes away again, filters.
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { useCode } from "../harness/code.ts";
import { indexed } from "../harness/indexed.ts";
import {
  activePlace,
  dismiss,
  focusedEditor,
  litLines,
  openFile,
  quickInput,
  quickRows,
  runCommand,
  typeInQuickPick,
  until,
} from "../harness/workbench.ts";

const at = useCode({ projects: ["httpx"] });

beforeAll(async () => {
  await indexed(at.code);
});

test("results come while one types, the arrow keys preview, and Escape goes back", async () => {
  const { page, folder } = at.code;
  await openFile(at.code, "httpx/_api.py", 7);
  await search("parse the digest challenge", "_parse_challenge");
  await expect
    .poll(async () => (await activePlace(at.code))?.path, { timeout: 10_000 })
    .not.toBe(join(folder, "httpx/_api.py"));
  const first = await litLines(page);
  await page.keyboard.press("ArrowDown");
  await expect.poll(() => litLines(page)).not.toEqual(first);
  await dismiss(page);
  await expect.poll(() => activePlace(at.code)).toEqual({ path: join(folder, "httpx/_api.py"), start: 7, end: 7 });
  await focusedEditor(page);
});

test("a preview leaves the cursor of a file that is open where it is", async () => {
  const { page, folder } = at.code;
  await openFile(at.code, "httpx/_utils.py", 3);
  await openFile(at.code, "httpx/_api.py", 7);
  await search("get_environment_proxies", "get_environment_proxies");
  await expect.poll(async () => (await activePlace(at.code))?.path).toBe(join(folder, "httpx/_utils.py"));
  expect((await litLines(page)).first).toBe(30);
  await dismiss(page);
  await expect.poll(async () => (await activePlace(at.code))?.path).toBe(join(folder, "httpx/_api.py"));
  await openFile(at.code, "httpx/_utils.py", 3);
  expect(await activePlace(at.code)).toMatchObject({ start: 3 });
});

test("Enter opens the place and lights its lines", async () => {
  await search("get_environment_proxies", "get_environment_proxies");
  await at.code.page.keyboard.press("Enter");
  await expect
    .poll(() => activePlace(at.code))
    .toMatchObject({ path: join(at.code.folder, "httpx/_utils.py"), start: 30 });
  expect((await litLines(at.code.page)).first).toBe(30);
});

test("the filter for documents leaves nothing but documents", async () => {
  const { page } = at.code;
  await search("proxies argument removed", /./);
  await page
    .locator(
      ".quick-input-widget .quick-input-action, .quick-input-widget a.action-label[aria-label='Only code, documents, tickets, commits or designs']",
    )
    .first()
    .click();
  await quickRows(page).filter({ hasText: "Documents only" }).click();
  await page.locator(".quick-input-title", { hasText: "documents only" }).waitFor();
  await expect
    .poll(() => quickRows(page).allTextContents(), { timeout: 10_000 })
    .toSatisfy((rows: string[]) => rows.length > 0 && rows.every(row => /\.md|\.txt|PKG-INFO/.test(row)));
  await dismiss(page);
});

test("nonsense finds nothing and says so", async () => {
  await search("zxqv wkjh plmt", "Nothing indexed is about this.");
  await dismiss(at.code.page);
});

async function search(query: string, row: string | RegExp): Promise<void> {
  const { page } = at.code;
  const list = quickInput(page).and(page.locator("[placeholder^='What are you looking for']"));
  // The way back from the last preview may still take the focus, and with it the palette.
  await until(() => runCommand(page, "Surefoot: Search the Codebase"), list);
  await typeInQuickPick(page, query, row);
}
