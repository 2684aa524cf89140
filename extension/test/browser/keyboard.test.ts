// From the key that opens the view to the cited line in the editor, without a mouse.
import { join } from "node:path";
import type { Frame } from "playwright-core";
import { beforeAll, expect, test } from "vitest";
import { placeOf, read } from "../harness/askView.ts";
import { useCode } from "../harness/code.ts";
import { indexed } from "../harness/indexed.ts";
import { webviewWith } from "../harness/webview.ts";
import { activePlace, dismiss, openFile, quickInput, until } from "../harness/workbench.ts";

const at = useCode({ projects: ["httpx"] });

beforeAll(async () => {
  await indexed(at.code);
});

test("ask, wait, walk back to a citation and open it", async () => {
  const { page, folder } = at.code;
  await openFile(at.code, "httpx/_api.py");
  await until(() => chord("Control+k", "q"), page.locator(".composite.title", { hasText: /surefoot/i }));
  const frame = await webviewWith(page, "[data-testid=question]");
  await expect.poll(() => focused(frame)).toBe("question");
  await page.keyboard.type("where is the proxy taken from the environment?");
  await page.keyboard.press("Enter");
  const turn = frame.getByTestId("turn").last();
  await expect.poll(() => turn.getAttribute("data-status"), { timeout: 20_000 }).toBe("done");
  await expect.poll(() => focused(frame)).toBe("question");

  const wanted = (await read(turn)).citations.at(-1);
  await walkTo(frame, "Shift+Tab", text => text.includes(`${wanted?.path}:${wanted?.start}`));
  await page.keyboard.press("Enter");
  await expect
    .poll(() => activePlace(at.code))
    .toMatchObject({ path: join(folder, wanted?.path ?? ""), start: wanted?.start });
});

test("a piece of evidence is a button that Enter opens, and its place is part of its name", async () => {
  const { page, folder } = at.code;
  await until(() => chord("Control+k", "q"), page.locator(".composite.title", { hasText: /surefoot/i }));
  const frame = await webviewWith(page, "[data-testid=question]");
  await expect.poll(() => focused(frame)).toBe("question");
  const text = await walkTo(frame, "Shift+Tab", (_, testId) => testId === "hit");
  const place = placeOf(/\S+:\d+(-\d+)?/.exec(text)?.[0] ?? "");
  await page.keyboard.press("Enter");
  await expect.poll(() => activePlace(at.code)).toMatchObject({ path: join(folder, place.path), start: place.start });
});

test("the keys for the search open it from the editor", async () => {
  await openFile(at.code, "httpx/_api.py");
  await until(() => chord("Control+k", "Shift+q"), quickInput(at.code.page));
  await at.code.page.keyboard.type("follow redirects");
  await expect.poll(() => quickInput(at.code.page).inputValue()).toBe("follow redirects");
  await dismiss(at.code.page);
});

async function chord(...keys: string[]): Promise<void> {
  for (const key of keys) await at.code.page.keyboard.press(key);
}

function focused(frame: Frame): Promise<string | null> {
  return frame.evaluate(() =>
    document.hasFocus() ? (document.activeElement?.getAttribute("data-testid") ?? "") : null,
  );
}

/** Presses the key until what has the focus is wanted, and returns its text. */
async function walkTo(frame: Frame, key: string, wanted: (text: string, testId: string) => boolean): Promise<string> {
  const seen: string[] = [];
  for (let presses = 0; presses < 40; presses++) {
    await at.code.page.keyboard.press(key);
    const [text, testId] = await frame.evaluate(() => {
      const element = document.activeElement;
      return [(element?.textContent ?? "").replace(/\s+/g, " "), element?.getAttribute("data-testid") ?? ""] as const;
    });
    if (wanted(text, testId)) return text;
    seen.push(text.trim());
  }
  throw new Error(`${key} never came to it; it came to: ${seen.join(" | ")}`);
}
