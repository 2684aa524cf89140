// From Enter to the first piece of evidence on the screen, and to the finished answer, in a warm window without a model.
import type { Frame } from "playwright-core";
import { test } from "vitest";
import { ask, newConversation } from "../harness/askView.ts";
import { useCode } from "../harness/code.ts";
import { indexed } from "../harness/indexed.ts";
import { report } from "./figures.ts";

const at = useCode({ projects: ["httpx"] });

const QUESTIONS = [
  "how are redirects followed?",
  "where is the proxy taken from the environment?",
  "where are sensitive headers obfuscated?",
  "how is a gzip body decoded?",
  "what happens when a timeout is reached?",
  "where is the digest challenge parsed?",
  "how are cookies stored between requests?",
  "which class reads the response in chunks?",
  "where is the user agent header set?",
  "how is the size of an uploaded file known?",
  "what does Client.send do?",
  "how are query parameters merged into the URL?",
  "where is the certificate verified?",
  "which exception says that the host was not found?",
  "how does the ASGI transport call the application?",
  "where is the netrc file read?",
  "how is multipart data encoded?",
  "what makes a URL pattern match?",
  "where is the elapsed time measured?",
  "how are event hooks called?",
];

test("first hit on the screen", async () => {
  await indexed(at.code);
  await ask(await newConversation(at.code), "where is the client defined?"); // warms up
  const hits: number[] = [];
  const answers: number[] = [];
  for (const question of QUESTIONS) {
    const frame = await newConversation(at.code);
    await frame.getByTestId("question").fill(question);
    await watch(frame);
    await frame.getByTestId("question").press("Enter");
    const times = await seen(frame);
    hits.push(times.hit);
    answers.push(times.answer);
  }
  report("Enter to the first hit painted", hits);
  report("Enter to the finished answer painted", answers);
});

interface Times {
  hit: number;
  answer: number;
}

/** Notes when Enter is pressed, and resolves when what was waited for has been painted. */
function watch(frame: Frame): Promise<void> {
  return frame.evaluate(() => {
    let begun = 0;
    document.addEventListener(
      "keydown",
      event => {
        if (event.key === "Enter") begun ||= performance.now();
      },
      { capture: true },
    );
    const appears = (selector: string) =>
      new Promise<number>(resolve => {
        const look = () => {
          if (!document.querySelector(selector)) return;
          observer.disconnect();
          // The second frame begins after the first was painted.
          requestAnimationFrame(() => requestAnimationFrame(() => resolve(performance.now() - begun)));
        };
        const observer = new MutationObserver(look);
        observer.observe(document.body, { subtree: true, childList: true, attributes: true });
      });
    const page = globalThis as unknown as { seen: Promise<Times> };
    page.seen = Promise.all([appears("[data-testid=hit]"), appears("[data-testid=turn][data-status=done]")]).then(
      ([hit, answer]) => ({ hit, answer }),
    );
  });
}

const seen = (frame: Frame) => frame.evaluate(() => (globalThis as unknown as { seen: Promise<Times> }).seen);
