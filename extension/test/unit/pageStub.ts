// A document like that of a webview, with a stand-in for VS Code's side, for tests of whole pages.

import { vi } from "vitest";

export interface PageStub<ToPage> {
  page: HTMLElement;
  /** What the page said to the extension. */
  said: unknown[];
  /** What the page keeps across reloads. */
  kept(): unknown;
  tell(message: ToPage): void;
  all(testId: string): HTMLElement[];
  press(title: string): void;
}

/** Must be called before the page's script is imported, and at most once per file. */
export function stubPage<ToPage>(keptBefore?: unknown): PageStub<ToPage> {
  let kept = keptBefore;
  const said: unknown[] = [];
  vi.stubGlobal("acquireVsCodeApi", () => ({
    postMessage: (message: unknown) => said.push(message),
    getState: () => kept,
    setState: (state: unknown) => {
      kept = state;
    },
  }));
  // jsdom lays nothing out, so that there is nothing to observe.
  vi.stubGlobal(
    "ResizeObserver",
    class {
      observe(): void {}
    },
  );
  document.body.innerHTML = '<main id="page"></main>';
  const page = document.getElementById("page") ?? document.body;
  const all = (testId: string) => [...page.querySelectorAll<HTMLElement>(`[data-testid="${testId}"]`)];
  return {
    page,
    said,
    kept: () => kept,
    tell: message => void window.dispatchEvent(new MessageEvent("message", { data: message })),
    all,
    press: title => {
      const buttons = [...page.querySelectorAll<HTMLElement>("vscode-button, button")];
      const found = buttons.find(button => button.textContent?.trim() === title);
      if (!found) {
        throw new Error(`There is no button ${title}, only: ${buttons.map(one => one.textContent?.trim()).join(", ")}`);
      }
      found.click();
    },
  };
}

/** The text as it is read: runs of white space as one. */
export function readText(element: Element | undefined): string {
  return (element?.textContent ?? "").replace(/\s+/g, " ").trim();
}
