// "Wrong answer": the right place is picked, and the question becomes a case of the project's golden set.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { ask, newConversation } from "../harness/askView.ts";
import { useCode } from "../harness/code.ts";
import { indexed } from "../harness/indexed.ts";
import { dismiss, message, quickInput, typeInQuickPick } from "../harness/workbench.ts";

const at = useCode({ projects: ["httpx"] });

beforeAll(async () => {
  await indexed(at.code);
});

test("a wrong answer becomes a case with the place that was picked", async () => {
  const { page, folder } = at.code;
  const answer = await ask(await newConversation(at.code), "where are response bodies unpacked?");
  await answer.turn.getByTestId("wrong").click();
  await page.locator(".quick-input-title", { hasText: "1 of 2" }).waitFor();
  await (await typeInQuickPick(page, "Response._get_content_decoder", "_get_content_decoder")).click();
  await page.locator(".quick-input-title", { hasText: "2 of 2" }).waitFor();
  await quickInput(page).fill("It should name the decoder of the response.");
  await page.keyboard.press("Enter");
  await message(page, /Saved as case \S+ of the golden set/);
  const cases = readFileSync(join(folder, ".surefoot", "cases.jsonl"), "utf8")
    .trim()
    .split("\n")
    .map(line => JSON.parse(line));
  expect(cases).toHaveLength(1);
  expect(cases[0]).toMatchObject({
    question: "where are response bodies unpacked?",
    places: [{ path: "httpx/_models.py" }],
    note: "It should name the decoder of the response.",
  });
  await expect.poll(() => answer.turn.getByTestId("wrong").textContent()).toContain("Reported");
});

test("nothing is written when the choice is dismissed", async () => {
  const { page, folder } = at.code;
  const before = readFileSync(join(folder, ".surefoot", "cases.jsonl"), "utf8");
  const answer = await ask(await newConversation(at.code), "where is the user agent set?");
  await answer.turn.getByTestId("wrong").click();
  await page.locator(".quick-input-title", { hasText: "1 of 2" }).waitFor();
  await dismiss(page);
  expect(readFileSync(join(folder, ".surefoot", "cases.jsonl"), "utf8")).toBe(before);
  expect(await answer.turn.getByTestId("wrong").textContent()).not.toContain("Reported");
});
