// A conversation that grows, drafts that are kept, permalinks, and a folder that was opened through a link.
import { execFileSync } from "node:child_process";
import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { ask, newConversation, openAskView } from "../harness/askView.ts";
import { useCode } from "../harness/code.ts";
import { indexed } from "../harness/indexed.ts";
import { activePlace, activeTab } from "../harness/workbench.ts";

const at = useCode({ projects: ["httpx"] });
const QUESTION = "where is the proxy taken from the environment?";

beforeAll(async () => {
  await indexed(at.code);
});

test("the newest question stands at the top, however long the conversation is, and none is lost meanwhile", async () => {
  const frame = await newConversation(at.code);
  const questions = Array.from({ length: 13 }, (_, index) => `where is a redirect followed? (${index + 1})`);
  for (const question of questions) {
    await ask(frame, question);
    const top = await frame.locator(".turn:last-of-type .question").boundingBox();
    const view = await frame.locator(".turns").boundingBox();
    expect((top?.y ?? 0) - (view?.y ?? 0), question).toBeLessThan(60);
  }
  expect(await frame.getByTestId("turn").count()).toBe(questions.length);
});

test("looking back through earlier questions gives the draft back at the end", async () => {
  const frame = await openAskView(at.code);
  const box = frame.getByTestId("question");
  await box.fill("half a thought about proxies");
  await box.press("ArrowUp"); // the cursor stands at the end of the text
  expect(await box.inputValue()).toBe("half a thought about proxies");
  await box.press("Home");
  await box.press("ArrowUp");
  expect(await box.inputValue()).toBe("where is a redirect followed? (13)");
  await box.press("ArrowUp");
  expect(await box.inputValue()).toBe("where is a redirect followed? (12)");
  await box.press("ArrowDown");
  await box.press("ArrowDown");
  expect(await box.inputValue()).toBe("half a thought about proxies");
  await box.fill("");
});

test("a copied answer links the cited lines at a commit that the remote has, moved or not", async () => {
  const git = (...args: string[]) => execFileSync("git", ["-C", at.code.folder, ...args], { encoding: "utf8" }).trim();
  git("init", "--quiet", "--initial-branch=main");
  git("add", "--all");
  git("-c", "user.name=a", "-c", "user.email=a@example.org", "commit", "--quiet", "--message=all");
  git("remote", "add", "origin", "git@github.com:encode/httpx.git");
  git("update-ref", "refs/remotes/origin/main", "HEAD");
  const commit = git("rev-parse", "HEAD");
  const answer = await ask(await newConversation(at.code), QUESTION);
  const cited = answer.citations.find(({ path }) => path === "httpx/_utils.py");
  await at.code.inHost(
    async (api, path) => {
      const editor = await api.window.showTextDocument(api.Uri.file(path));
      await editor.edit(edit => edit.insert(new api.Position(0, 0), "# one\n# two\n"));
    },
    join(at.code.folder, "httpx/_utils.py"),
  );
  await answer.turn.getByTestId("copy").click();
  const copied = () => at.code.inHost(api => api.env.clipboard.readText());
  const link = `https://github.com/encode/httpx/blob/${commit}/httpx/_utils.py#L${cited?.start}-L${cited?.end}`;
  await expect.poll(copied).toContain(link);
  const now = `httpx/_utils.py:${(cited?.start ?? 0) + 2}-${(cited?.end ?? 0) + 2}`;
  expect(await copied()).toContain(`[\`${now}\`](${link})`);
  const chip = answer.turn.locator("[data-verdict=moved]");
  await expect.poll(() => chip.first().textContent()).toContain(now);
  await at.code.inHost(api => api.commands.executeCommand("workbench.action.files.revert"));
});

test("in a folder that was opened through a symbolic link, a citation opens the file that is open already", async () => {
  const link = `${at.code.folder}-link`;
  symlinkSync(at.code.folder, link);
  await at.code.page.goto(`${at.code.server.address}/?folder=${encodeURIComponent(link)}`);
  await at.code.page.locator(".monaco-workbench").waitFor();
  await expect
    .poll(() => at.code.inHost(api => api.workspace.workspaceFolders?.[0]?.uri.fsPath).catch(() => ""), {
      timeout: 30_000,
    })
    .toBe(link);
  await indexed(at.code);
  const answer = await ask(await newConversation(at.code), QUESTION);
  await answer.turn.getByTestId("citation").filter({ hasText: "_utils.py" }).first().click();
  await activeTab(at.code.page).filter({ hasText: "_utils.py" }).waitFor();
  await expect.poll(async () => (await activePlace(at.code))?.path).toBe(join(link, "httpx/_utils.py"));
});
