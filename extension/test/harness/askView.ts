// What a person does in the Ask view: ask, wait for the answer, read it.
//
// Invariant: an answer is complete when the view says so, never after a pause.
import type { Frame, Locator } from "playwright-core";
import { expect, vi } from "vitest";
import type { Code } from "./code.ts";
import { webviewWith } from "./webview.ts";
import { runCommand } from "./workbench.ts";

// Without a model an answer takes milliseconds, with one half a minute on two busy cores.
const ANSWERS_WITHIN = 80_000;
const FOCUSES_WITHIN = 10_000;

/** The view with the cursor in the question box. */
export async function openAskView(code: Code): Promise<Frame> {
  await runCommand(code.page, "Surefoot: Ask the Codebase");
  const frame = await webviewWith(code.page, "[data-testid=question]");
  await questionHasFocus(frame);
  return frame;
}

/** A conversation without earlier questions, so that this one refers to nothing. */
export async function newConversation(code: Code): Promise<Frame> {
  const frame = await openAskView(code);
  await code.inHost(api => api.commands.executeCommand("surefoot.newConversation"));
  await vi.waitFor(async () => expect(await frame.getByTestId("turn").count()).toBe(0), { timeout: FOCUSES_WITHIN });
  await questionHasFocus(frame);
  return frame;
}

// Until the view has it, it may still take the focus away from whatever is opened next.
async function questionHasFocus(frame: Frame): Promise<void> {
  const focused = () => document.hasFocus() && document.activeElement?.getAttribute("data-testid") === "question";
  await vi.waitFor(async () => expect(await frame.evaluate(focused)).toBe(true), { timeout: FOCUSES_WITHIN });
}

/** Types a question, presses Enter and waits until its answer is complete, stopped or failed. */
export async function ask(frame: Frame, question: string): Promise<Answer> {
  const turn = await startAsking(frame, question);
  await expect.poll(() => turn.getAttribute("data-status"), { timeout: ANSWERS_WITHIN }).not.toBe("running");
  return read(turn);
}

export async function startAsking(frame: Frame, question: string): Promise<Locator> {
  const before = await frame.getByTestId("turn").count();
  await frame.getByTestId("question").fill(question);
  await frame.getByTestId("question").press("Enter");
  const turn = frame.getByTestId("turn").nth(before);
  await turn.waitFor();
  return turn;
}

export interface Answer {
  readonly turn: Locator;
  readonly status: string | null;
  readonly hits: readonly string[];
  readonly claims: readonly string[];
  readonly citations: readonly ShownCitation[];
  readonly missing: string;
  readonly notices: readonly string[];
  readonly state: string;
}

export interface ShownCitation {
  readonly path: string;
  readonly start: number;
  readonly end: number;
  readonly verdict: string | null;
}

export async function read(turn: Locator): Promise<Answer> {
  const texts = async (name: string) => (await turn.getByTestId(name).allTextContents()).map(plain);
  return {
    turn,
    status: await turn.getAttribute("data-status"),
    hits: await texts("hit"),
    claims: await texts("claim"),
    citations: await citations(turn),
    missing: (await texts("missing")).join(" "),
    notices: await texts("notice"),
    state: (await texts("state")).join(" "),
  };
}

async function citations(turn: Locator): Promise<ShownCitation[]> {
  const chips = await turn.getByTestId("citation").all();
  return Promise.all(
    chips.map(async chip => ({
      ...placeOf(plain((await chip.textContent()) ?? "")),
      verdict: await chip.getAttribute("data-verdict"),
    })),
  );
}

/** `path:12-30` or `path:12` taken apart; where it is something else, the test has found a fault. */
export function placeOf(label: string): { path: string; start: number; end: number } {
  const [, path, start, end] = /^(.+):(\d+)(?:-(\d+))?$/.exec(label) ?? [];
  if (!path || !start) throw new Error(`"${label}" is not a path with lines.`);
  return { path, start: Number(start), end: Number(end ?? start) };
}

// Paths are shown with invisible characters that let them break across lines.
const plain = (text: string) =>
  text
    .replace(/[\u200b\u2060\u2068\u2069]/g, "")
    .replace(/\s+/g, " ")
    .trim();
