// What a person does in VS Code, as functions: commands, quick picks, files, hovers, messages.
//
// Invariant: a key may be lost while the window restores, so whatever is pressed is looked for on the screen, and pressed again.
import { basename } from "node:path";
import type { Locator, Page } from "playwright-core";
import type { Code } from "./code.ts";

const SOON = 10_000;
const LOST_AFTER = 2_000;

export const quickInput = (page: Page) => page.locator(".quick-input-widget:visible .quick-input-box input");
export const quickRows = (page: Page) => page.locator(".quick-input-widget:visible .quick-input-list .monaco-list-row");
export const messages = (page: Page) => page.locator(".notifications-toasts .notification-list-item");
export const activeTab = (page: Page) => page.locator(".tabs-container .tab.active");
export const statusBarItem = (page: Page, text: string | RegExp) =>
  page.locator(".statusbar-item", { hasText: text }).first();

/** Tries until `done` is there; what a try throws is forgotten unless it was the last. */
export async function until(attempt: () => Promise<unknown>, done: Locator, within = SOON): Promise<void> {
  const end = Date.now() + within;
  for (;;) {
    const problem = await attempt()
      .then(() => done.first().waitFor({ timeout: LOST_AFTER }))
      .then(
        () => undefined,
        error => error,
      );
    if (problem === undefined || (await done.first().isVisible())) return;
    if (Date.now() > end) throw problem;
  }
}

/** Runs a command as a person does, by its title as the palette shows it ("Surefoot: Ask the Codebase"). */
export async function runCommand(page: Page, title: string): Promise<void> {
  // Rows move while the palette narrows them down, so the one that Enter takes is waited for, and none is clicked.
  const chosen = page.locator(`.quick-input-list .monaco-list-row.focused[aria-label^="${title}"]`);
  await until(async () => {
    await page.keyboard.press("F1");
    await quickInput(page).fill(`>${title}`, { timeout: LOST_AFTER });
  }, chosen);
  await page.keyboard.press("Enter");
}

/** Types into the quick pick that is open and waits for a row with that text. */
export async function typeInQuickPick(page: Page, text: string, row: string | RegExp): Promise<Locator> {
  await quickInput(page).fill(text);
  const found = quickRows(page).filter({ hasText: row }).first();
  await found.waitFor({ timeout: SOON });
  return found;
}

/** Opens a file of the first project, with the cursor in a line (1-based), and waits until its text is drawn. */
export async function openFile(code: Code, path: string, line = 1): Promise<void> {
  await code.inHost(
    async (api, [file, at]) => {
      const place = new api.Range(at - 1, 0, at - 1, 0);
      await api.window.showTextDocument(api.Uri.file(file), { selection: place, preview: false });
    },
    [path.startsWith("/") ? path : `${code.folder}/${path}`, line] as const,
  );
  await activeTab(code.page)
    .filter({ hasText: basename(path) })
    .waitFor({ timeout: SOON });
  await code.page.locator(".editor-instance .view-line span span").first().waitFor({ timeout: SOON });
}

/** The hover over a word of the open file; asked again until it holds `text`, as the first may come before the server. */
export async function hoverOver(page: Page, word: string, text: string | RegExp, within = 30_000): Promise<Locator> {
  const hover = page.locator(".monaco-hover:visible", { hasText: text }).first();
  const target = page.locator(".view-line span span", { hasText: new RegExp(`^\\s*${word}$`) }).first();
  await until(
    async () => {
      await page.mouse.move(0, 0);
      await target.hover();
    },
    hover,
    within,
  );
  return hover;
}

/** The toast with that text; toasts go by themselves, so ask at once. */
export async function message(page: Page, text: string | RegExp, within = SOON): Promise<Locator> {
  const found = messages(page).filter({ hasText: text }).first();
  await found.waitFor({ timeout: within });
  return found;
}

/** Closes the quick pick with Escape and waits until it is gone: what is pressed sooner may still go to it. */
export async function dismiss(page: Page): Promise<void> {
  await page.keyboard.press("Escape");
  await page.locator(".quick-input-widget").waitFor({ state: "hidden", timeout: SOON });
}

/** Waits until the focus is in an editor: after a search is dismissed, it comes back a little later than the list goes. */
export async function focusedEditor(page: Page): Promise<void> {
  await page.locator(".editor-instance:focus-within").first().waitFor({ timeout: SOON });
}

export interface Place {
  readonly path: string;
  /** 1-based. */
  readonly start: number;
  readonly end: number;
}

/** Where the cursor of the active editor is. */
export function activePlace(code: Code): Promise<Place | null> {
  return code.inHost(api => {
    const editor = api.window.activeTextEditor;
    if (!editor) return null;
    const { start, end } = editor.selection;
    return { path: editor.document.uri.fsPath, start: start.line + 1, end: end.line + 1 };
  });
}

/** Clicks the container's icon in the activity bar until its side bar is open. */
export async function openSideBar(page: Page, title: string): Promise<void> {
  const pane = page.locator(".sidebar .composite.title", { hasText: new RegExp(title, "i") });
  const icon = page.locator(`.activitybar .action-item a[aria-label^="${title}"]`);
  if (!(await pane.isVisible())) await until(() => icon.click({ timeout: LOST_AFTER }), pane);
}

export async function setTheme(code: Code, theme: string, cssClass: string): Promise<void> {
  await code.inHost(
    (api, name) =>
      api.workspace.getConfiguration("workbench").update("colorTheme", name, api.ConfigurationTarget.Global),
    theme,
  );
  await code.page.locator(`.monaco-workbench.${cssClass}`).waitFor({ timeout: SOON });
}

export const THEMES = [
  ["light", "Light 2026", "vs"],
  ["dark", "Dark 2026", "vs-dark"],
  ["contrast", "Default High Contrast", "hc-black"],
] as const;

/** The first and last line on the screen that a whole-line decoration lights, by the numbers beside them. */
export async function litLines(page: Page): Promise<{ first: number; last: number }> {
  const editor = page.locator(".editor-instance .monaco-editor").first();
  await editor.locator(".view-overlays .cdr[class*='ced-']").first().waitFor({ timeout: SOON });
  return editor.evaluate(element => {
    const tops = (selector: string) =>
      [...element.querySelectorAll<HTMLElement>(selector)].map(found => Math.round(found.getBoundingClientRect().top));
    const lit = new Set(tops(".view-overlays .cdr[class*='ced-']"));
    const numbers = [...element.querySelectorAll<HTMLElement>(".margin-view-overlays .line-numbers")]
      .filter(number => lit.has(Math.round(number.getBoundingClientRect().top)))
      .map(number => Number(number.textContent));
    return { first: Math.min(...numbers), last: Math.max(...numbers) };
  });
}

/** Makes the side bar wider by dragging its edge, as people do who read answers in it. */
export async function widenSideBar(page: Page, by: number): Promise<void> {
  const edge = await page.locator(".part.sidebar").boundingBox();
  if (!edge) throw new Error("The side bar is not open.");
  const [x, y] = [edge.x + edge.width, edge.y + edge.height / 2];
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x + by, y, { steps: 5 });
  await page.mouse.up();
}
