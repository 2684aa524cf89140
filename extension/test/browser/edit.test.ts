// The working tree changes after it was indexed: edits, saved and not, and a file with another name.
import { renameSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { ask, newConversation } from "../harness/askView.ts";
import { useCode } from "../harness/code.ts";
import { indexed } from "../harness/indexed.ts";
import { activePlace, litLines, message, openFile } from "../harness/workbench.ts";

const at = useCode({ projects: ["httpx"] });
const UTILS = "httpx/_utils.py";

beforeAll(async () => {
  await indexed(at.code);
});

test("what was added and saved a moment ago is found, at its lines", async () => {
  await openFile(at.code, UTILS);
  const line = await append(
    '\n\ndef quokka_backoff(attempt: int) -> float:\n    """How long to wait before a quokka retry."""\n    return 0.25 * attempt\n',
  );
  await at.code.inHost(async api => api.window.activeTextEditor?.document.save());
  const answer = await ask(await newConversation(at.code), "how long is waited before a quokka retry?");
  const cited = answer.citations.filter(({ path }) => path === UTILS);
  expect(cited).toContainEqual({ path: UTILS, start: line + 2, end: line + 4, verdict: "valid" });
});

test("an edit that is not saved yet counts: citations are of the lines in the editor", async () => {
  const before = await ask(await newConversation(at.code), "where is get_environment_proxies defined?");
  const defined = before.citations.find(({ path }) => path === UTILS);
  await openFile(at.code, UTILS);
  await insert(0, "# one\n# two\n# three\n");
  const after = await ask(await newConversation(at.code), "where is get_environment_proxies defined?");
  const moved = after.citations.find(({ path }) => path === UTILS);
  expect(moved?.start).toBe((defined?.start ?? 0) + 3);
});

test("a citation that is clicked after its lines have moved opens them where they stand now", async () => {
  const answer = await ask(await newConversation(at.code), "where is get_environment_proxies defined?");
  const cited = answer.citations.find(({ path }) => path === UTILS);
  await openFile(at.code, UTILS);
  await insert(0, "# four\n# five\n");
  await answer.turn.getByTestId("citation").filter({ hasText: UTILS }).first().click();
  await expect.poll(() => activePlace(at.code)).toMatchObject({ start: (cited?.start ?? 0) + 2 });
  expect(await litLines(at.code.page)).toMatchObject({ first: (cited?.start ?? 0) + 2 });
});

test("a citation whose lines are gone says so, and opens nothing in their stead", async () => {
  const answer = await ask(await newConversation(at.code), "how long is waited before a quokka retry?");
  await openFile(at.code, "httpx/_api.py");
  await at.code.inHost(
    async (api, path) => {
      const document = await api.workspace.openTextDocument(api.Uri.file(path));
      const text = document.getText();
      const edit = new api.WorkspaceEdit();
      const from = document.positionAt(text.indexOf("def quokka_backoff"));
      edit.delete(document.uri, new api.Range(from, document.positionAt(text.length)));
      await api.workspace.applyEdit(edit);
    },
    join(at.code.folder, UTILS),
  );
  await answer.turn.getByTestId("citation").filter({ hasText: UTILS }).first().click();
  await message(at.code.page, "quokka_backoff no longer stands");
  expect((await activePlace(at.code))?.path).toBe(join(at.code.folder, "httpx/_api.py"));
});

test("after a rename no answer names the old path", async () => {
  renameSync(join(at.code.folder, "httpx/_decoders.py"), join(at.code.folder, "httpx/_unpacking.py"));
  const answer = await ask(await newConversation(at.code), "GZipDecoder: where is gzip decoded?");
  const shown = [...answer.hits, ...answer.claims, ...answer.citations.map(({ path }) => path)].join("\n");
  expect(shown).toContain("httpx/_unpacking.py");
  expect(shown).not.toContain("httpx/_decoders.py");
});

/** Appends to the file in the editor and returns how many lines it had, the empty last one not counted. */
function append(text: string): Promise<number> {
  return at.code.inHost(async (api, added) => {
    const editor = api.window.activeTextEditor;
    if (!editor) throw new Error("No editor is open.");
    const lines = editor.document.lineCount;
    await editor.edit(edit => edit.insert(editor.document.lineAt(lines - 1).range.end, added));
    return lines;
  }, text);
}

async function insert(line: number, text: string): Promise<void> {
  await at.code.inHost(
    async (api, [before, added]) => {
      await api.window.activeTextEditor?.edit(edit => edit.insert(new api.Position(before, 0), added));
    },
    [line, text] as const,
  );
}
