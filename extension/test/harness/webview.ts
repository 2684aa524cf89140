// Finding a webview's document, which VS Code nests in two frames, and asking axe-core about it.
//
// Invariant: frames are looked up anew at each call, for VS Code makes new ones when a view was hidden.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { setTimeout as sleep } from "node:timers/promises";
import type { Frame, Page } from "playwright-core";

const APPEARS_WITHIN = 20_000;
const MOST_SHOWN = 5;
const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** The frame of the webview that has an element like this. */
export async function webviewWith(page: Page, selector: string, within = APPEARS_WITHIN): Promise<Frame> {
  const until = Date.now() + within;
  do {
    for (const frame of page.frames().slice(1)) {
      const has = await frame.evaluate(wanted => document.querySelector(wanted) !== null, selector).catch(() => false);
      if (has) return frame;
    }
    await sleep(100);
  } while (Date.now() < until);
  throw new Error(`No webview with ${selector} appeared within ${within / 1000} seconds.`);
}

export interface Violation {
  readonly rule: string;
  readonly impact: string;
  readonly help: string;
  readonly elements: readonly string[];
}

/** What axe-core finds in a webview that is serious or critical. */
export async function axeViolations(frame: Frame): Promise<Violation[]> {
  // By the debugger, which the page's content security policy does not bind.
  await frame.evaluate(AXE);
  const found = await frame.evaluate(async () => {
    const axe = (globalThis as unknown as { axe: { run(): Promise<AxeResult> } }).axe;
    return (await axe.run()).violations;
  });
  return found
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, impact, help, nodes }) => ({ rule: id, impact, help, elements: nodes.slice(0, MOST_SHOWN).map(said) }));
}

function said({ target, failureSummary }: AxeNode): string {
  return `${target.join(" ")}: ${failureSummary.replace(/\s+/g, " ")}`;
}

interface AxeNode {
  target: string[];
  failureSummary: string;
}

interface AxeResult {
  violations: { id: string; impact: string; help: string; nodes: AxeNode[] }[];
}
