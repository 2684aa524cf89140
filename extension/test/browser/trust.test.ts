// A folder that is not trusted is not read; once it is trusted, everything starts by itself.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ask, openAskView } from "../harness/askView.ts";
import { useCode } from "../harness/code.ts";
import { indexed, status } from "../harness/indexed.ts";

const at = useCode({
  projects: ["httpx"],
  settings: { "security.workspace.trust.enabled": true, "security.workspace.trust.startupPrompt": "never" },
});

test("nothing is started or indexed, and the view says why", async () => {
  const frame = await openAskView(at.code);
  await expect.poll(() => frame.getByTestId("hindrance").textContent()).toContain("not trusted");
  await expect(status(at.code)).rejects.toThrow("surefoot.status");
  expect(existsSync(join(at.code.profile.cache, "index"))).toBe(false);
});

test("once the folder is trusted, it is indexed and can be asked about", async () => {
  const { page } = at.code;
  const frame = await openAskView(at.code);
  await frame.getByText("Manage", { exact: false }).first().click();
  await page.locator(".workspace-trust-editor").getByRole("button", { name: "Trust", exact: true }).first().click();
  await indexed(at.code);
  const answer = await ask(await openAskView(at.code), "where is the proxy taken from the environment?");
  expect(answer.citations.map(({ path }) => path)).toContain("httpx/_utils.py");
});
