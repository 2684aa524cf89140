// How everything looks and whether everybody can use it: each view in each theme, as a picture and before axe-core.
import { beforeAll, describe, expect, test } from "vitest";
import { ask, newConversation, openAskView } from "../harness/askView.ts";
import { useCode } from "../harness/code.ts";
import { screenshot } from "../harness/evidence.ts";
import { indexed } from "../harness/indexed.ts";
import { axeViolations, webviewWith } from "../harness/webview.ts";
import {
  dismiss,
  focusedEditor,
  hoverOver,
  litLines,
  openFile,
  quickRows,
  runCommand,
  setTheme,
  THEMES,
  typeInQuickPick,
  widenSideBar,
} from "../harness/workbench.ts";

const at = useCode({ projects: ["httpx"], size: { width: 1280, height: 800 } });

beforeAll(async () => {
  await indexed(at.code);
});

test("an answer and one that says what is missing are there to be looked at", async () => {
  const frame = await newConversation(at.code);
  await widenSideBar(at.code.page, 110);
  expect((await ask(frame, "where are sensitive headers obfuscated?")).status).toBe("done");
  expect((await ask(frame, "how are messages put on a kafka queue?")).missing).toContain("kafka");
});

describe.each(THEMES)("in the %s theme", (name, theme, cssClass) => {
  beforeAll(async () => {
    await setTheme(at.code, theme, cssClass);
    await runCommand(at.code.page, "View: Close All Editors");
  });

  test("the Ask view has nothing that axe-core calls serious or critical", async () => {
    const frame = await openAskView(at.code);
    await frame.getByTestId("citation").filter({ hasText: "_models.py" }).first().click();
    await litLines(at.code.page);
    await frame.getByTestId("turn").first().getByRole("heading").first().scrollIntoViewIfNeeded();
    await screenshot(at.code.page, `ask-${name}`);
    expect(await axeViolations(frame)).toEqual([]);
  });

  test("nor has the trace", async () => {
    const frame = await openAskView(at.code);
    await frame.getByTestId("why").first().click();
    const trace = await webviewWith(at.code.page, "[data-testid=trace-stage]");
    await screenshot(at.code.page, `trace-${name}`);
    expect(await axeViolations(trace)).toEqual([]);
  });

  test("nor has Index Health", async () => {
    await runCommand(at.code.page, "Surefoot: Show Index Health");
    const health = await webviewWith(at.code.page, "[data-testid=health-language]");
    await screenshot(at.code.page, `health-${name}`);
    expect(await axeViolations(health)).toEqual([]);
  });

  test("the search and the hover are there to be looked at", async () => {
    const { page } = at.code;
    await openFile(at.code, "httpx/_client.py", 245);
    await hoverOver(page, "get_environment_proxies", "Gets proxy information from the environment");
    await screenshot(page, `hover-${name}`);
    await runCommand(page, "Surefoot: Search the Codebase");
    await typeInQuickPick(page, "parse the digest challenge", "_parse_challenge");
    expect(await quickRows(page).count()).toBeGreaterThan(3);
    await screenshot(page, `search-${name}`);
    await dismiss(page);
    await focusedEditor(page);
  });

  test("the walkthrough is there to be looked at", async () => {
    await runCommand(at.code.page, "Surefoot: Get Started");
    await at.code.page.locator(".gettingStartedContainer .getting-started-step").first().waitFor();
    await screenshot(at.code.page, `walkthrough-${name}`);
  });
});

test("an empty conversation and its examples have nothing serious either", async () => {
  const frame = await newConversation(at.code);
  await frame.getByTestId("example").first().waitFor();
  await screenshot(at.code.page, "welcome-contrast");
  expect(await axeViolations(frame)).toEqual([]);
});
