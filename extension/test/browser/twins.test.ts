// Two products that do the same thing, in one workspace: an answer is about the one that is meant.
import { beforeAll, expect, test } from "vitest";
import { ask, newConversation } from "../harness/askView.ts";
import { useCode } from "../harness/code.ts";
import { indexed } from "../harness/indexed.ts";
import { webviewWith } from "../harness/webview.ts";
import { activePlace, openFile, runCommand } from "../harness/workbench.ts";

const at = useCode({ projects: ["structlog", "loguru"] });

beforeAll(async () => {
  await indexed(at.code);
});

test.each([
  { question: "how does loguru bind extra values to a logger", product: "loguru" },
  { question: "structlog: where does bind make the new logger", product: "structlog" },
])("asked about $product by name, only $product is cited", async ({ question, product }) => {
  expect(await citedProducts(question)).toEqual([product]);
});

test.each([
  { file: "structlog/src/structlog/_base.py", index: 0, product: "structlog" },
  { file: "loguru/loguru/_logger.py", index: 1, product: "loguru" },
])("without a name, the file that is open decides: $product", async ({ file, index, product }) => {
  const [, ...inside] = file.split("/");
  await openFile(at.code, [at.code.profile.folders[index], ...inside].join("/"));
  expect(await citedProducts("where are values bound to the logger")).toEqual([product]);
});

test("a citation opens the file of its own folder", async () => {
  const answer = await ask(await newConversation(at.code), "how does loguru bind extra values to a logger");
  await answer.turn.getByTestId("citation").first().click();
  await expect.poll(async () => (await activePlace(at.code))?.path).toContain(`${at.code.profile.folders[1]}/`);
});

test("Index Health lists both folders", async () => {
  await runCommand(at.code.page, "Surefoot: Show Index Health");
  const frame = await webviewWith(at.code.page, "[data-testid=health-root]");
  await expect
    .poll(() => frame.getByTestId("health-root").getByRole("heading", { level: 2 }).allTextContents())
    .toEqual(["structlog", "loguru"]);
});

/** The folders that the answer cites, as its labels begin with them. */
async function citedProducts(question: string): Promise<string[]> {
  const { citations } = await ask(await newConversation(at.code), question);
  return [...new Set(citations.map(({ path }) => path.split("/")[0] ?? ""))];
}
