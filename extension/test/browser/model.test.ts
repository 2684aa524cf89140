// Answers that the default language model writes: streamed, checked, and stopped when one has seen enough.
import { existsSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import { ask, newConversation, read, startAsking } from "../harness/askView.ts";
import { useCode } from "../harness/code.ts";
import { screenshot } from "../harness/evidence.ts";
import { indexed } from "../harness/indexed.ts";
import { MODELS } from "../harness/places.ts";
import { litLines, setTheme, THEMES, widenSideBar } from "../harness/workbench.ts";

// On two cores that are busy with other things, the model reads 40 tokens a second and writes one.
const WRITES_WITHIN = 240_000;
const WRITTEN = "Written by qwen2.5-coder-1.5b";
// What a small model makes of the same sources depends on the processor, and it can be that nothing of it holds.
const FIRST_QUESTION = "where are sensitive headers obfuscated?";
const FURTHER_QUESTIONS = ["what does raise_for_status do?", "how is the charset of a response found?"];

// Without a compiler there is no llama.cpp and so no model, as `make ext-test` has said.
describe.runIf(existsSync(MODELS))("with the default model", () => {
  const at = useCode({
    projects: ["httpx"],
    settings: { "surefoot.model": "default", "surefoot.modelsDir": MODELS },
    size: { width: 1280, height: 800 },
  });

  beforeAll(async () => {
    await indexed(at.code);
  });

  const evidenceThenAnswer = async (question: string) => {
    const turn = await startAsking(await newConversation(at.code), question);
    await turn.getByTestId("hit").first().waitFor();
    expect(await turn.getByTestId("claim").count()).toBe(0);
    await expect.poll(() => turn.getAttribute("data-status"), { timeout: WRITES_WITHIN }).toBe("done");
    return read(turn);
  };

  test(
    "evidence comes first, then sentences of the model, each with a citation that is valid",
    async () => {
      await newConversation(at.code);
      await widenSideBar(at.code.page, 110);
      let answer = await evidenceThenAnswer(FIRST_QUESTION);
      for (const question of FURTHER_QUESTIONS) {
        if (!answer.state.includes(WRITTEN)) {
          answer = await evidenceThenAnswer(question);
        }
      }
      expect(answer.state).toContain(WRITTEN);
      expect(answer.claims.length).toBeGreaterThan(0);
      expect(answer.citations.map(({ path }) => path)).toContain("httpx/_models.py");
      expect(answer.citations.every(({ verdict }) => verdict === "valid")).toBe(true);

      await answer.turn.getByTestId("citation").first().click();
      await litLines(at.code.page);
      for (const [name, theme, cssClass] of THEMES.slice(0, 2)) {
        await setTheme(at.code, theme, cssClass);
        await screenshot(at.code.page, `model-${name}`);
      }
    },
    3 * WRITES_WITHIN + 30_000,
  );

  test(
    "Stop ends the answer, and the next question is answered",
    async () => {
      const frame = await newConversation(at.code);
      const turn = await startAsking(frame, "how are redirects followed?");
      await turn.getByTestId("hit").first().waitFor();
      await frame.getByTestId("stop").click();
      await expect.poll(() => turn.getAttribute("data-status")).toBe("stopped");
      expect(await turn.getByTestId("state").textContent()).toContain("Stopped");
      const answer = await ask(frame, "how are messages put on a kafka queue?");
      expect(answer).toMatchObject({ status: "done", claims: [], citations: [] });
    },
    WRITES_WITHIN + 30_000,
  );
});
