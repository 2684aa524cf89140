// The first run fails: one sentence with buttons, and the way out works.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ask, openAskView } from "../harness/askView.ts";
import { useCode } from "../harness/code.ts";
import { indexed } from "../harness/indexed.ts";
import { PYTHON } from "../harness/places.ts";
import { activeTab, message } from "../harness/workbench.ts";

const NOWHERE = "/nowhere/python3";
const at = useCode({ projects: ["httpx"], server: "own", settings: { "surefoot.pythonPath": NOWHERE } });

test("a Python that is not there is named in a message with buttons", async () => {
  const toast = await message(at.code.page, NOWHERE, 30_000);
  await toast.getByText("Try Again").waitFor();
  await toast.getByText("Choose Python").waitFor();
});

test("the view says the same instead of taking questions", async () => {
  const frame = await openAskView(at.code);
  await expect.poll(() => frame.getByTestId("hindrance").textContent()).toContain(NOWHERE);
  const answer = await ask(frame, "where are redirects followed?");
  expect(answer.status).toBe("failed");
  expect(answer.notices.join(" ")).toContain(NOWHERE);
});

test("with an installation named in the settings it goes on without a restart of the window", async () => {
  // As a person does who edits the settings of the machine.
  const settings = { "surefoot.serverCommand": [PYTHON, "-m", "surefoot"], "surefoot.cacheDir": at.code.profile.cache };
  writeFileSync(join(at.code.profile.data, "Machine", "settings.json"), JSON.stringify(settings));
  await indexed(at.code);
  const answer = await ask(await openAskView(at.code), "how are redirects followed?");
  expect(answer.status).toBe("done");
  await answer.turn.getByTestId("citation").first().click();
  await activeTab(at.code.page).filter({ hasText: ".py" }).waitFor();
});
