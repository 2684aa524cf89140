// The first minutes: a clean profile, no installation of ours, nothing but the VSIX.
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ask, newConversation } from "../harness/askView.ts";
import { useCode } from "../harness/code.ts";
import { extensionLog } from "../harness/evidence.ts";
import { indexed } from "../harness/indexed.ts";
import { message } from "../harness/workbench.ts";

// Fifty packages from the index or pip's cache, on two cores.
const SETS_UP_WITHIN = 600_000;

const at = useCode({ projects: ["httpx"], server: "own" });

test(
  "it makes its own environment, says so while it does, and indexes",
  async () => {
    await message(at.code.page, "Setting up Surefoot", 30_000);
    const counted = await indexed(at.code, SETS_UP_WITHIN);
    expect(counted.files).toBeGreaterThan(50);
    expect(environments()).toHaveLength(1);
  },
  SETS_UP_WITHIN + 30_000,
);

test("a question is answered with checked citations", async () => {
  const answer = await ask(await newConversation(at.code), "where is the proxy taken from the environment?");
  expect(answer.citations.map(({ path }) => path)).toContain("httpx/_utils.py");
  expect(answer.citations.every(({ verdict }) => verdict === "valid")).toBe(true);
});

test("the next start makes nothing anew", async () => {
  const made = () => extensionLog(at.code.profile).match(/Made .* in /g)?.length;
  expect(made()).toBe(1);
  await at.code.reload();
  await indexed(at.code);
  expect(environments()).toHaveLength(1);
  expect(made()).toBe(1);
});

function environments(): string[] {
  const storage = join(at.code.profile.data, "User", "globalStorage", "surefoot.surefoot");
  return readdirSync(storage, { withFileTypes: true })
    .filter(entry => entry.isDirectory() && /^\d/.test(entry.name))
    .map(({ name }) => name);
}
