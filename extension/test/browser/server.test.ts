// The server dies: the window says so and goes on.
import { readdirSync, readFileSync } from "node:fs";
import { beforeAll, expect, test } from "vitest";
import { ask, newConversation } from "../harness/askView.ts";
import { type Code, useCode } from "../harness/code.ts";
import { indexed } from "../harness/indexed.ts";
import { message, runCommand } from "../harness/workbench.ts";

const at = useCode({ projects: ["httpx"] });

beforeAll(async () => {
  await indexed(at.code);
});

test("a server that is killed is started again, with a message, and answers as before", async () => {
  const question = "where is the proxy taken from the environment?";
  const before = await ask(await newConversation(at.code), question);
  const [victim] = await servers(at.code);
  process.kill(victim ?? 0, "SIGKILL");
  await message(at.code.page, "stopped unexpectedly and was started again");
  await indexed(at.code);
  const after = await ask(await newConversation(at.code), question);
  expect(after.citations).toEqual(before.citations);
  expect(await servers(at.code)).toHaveLength(1);
  expect(await servers(at.code)).not.toContain(victim);
});

test("Restart Server ends the old process and starts a new one", async () => {
  const [old] = await servers(at.code);
  await runCommand(at.code.page, "Surefoot: Restart Server");
  await expect
    .poll(async () => (await servers(at.code)).filter(pid => pid !== old).length, { timeout: 20_000 })
    .toBe(1);
  await indexed(at.code);
  expect(await servers(at.code)).not.toContain(old);
});

test("one that dies again and again is left alone, the view says why, and its button starts it", async () => {
  const frame = await newConversation(at.code);
  const hindrance = frame.getByTestId("hindrance");
  await expect
    .poll(
      async () => {
        for (const pid of await servers(at.code)) process.kill(pid, "SIGKILL");
        return (await hindrance.isVisible()) && (await hindrance.textContent());
      },
      { timeout: 60_000, interval: 500 },
    )
    .toContain("again and again");
  await frame.getByText("Restart Server").click();
  await indexed(at.code);
  await expect.poll(() => hindrance.isVisible()).toBe(false);
  expect((await ask(frame, "how are redirects followed?")).status).toBe("done");
});

/** The language servers that this extension host has started. */
async function servers(code: Code): Promise<number[]> {
  const host = await code.inHost(() => process.pid);
  return readdirSync("/proc")
    .filter(name => /^\d+$/.test(name) && parentOf(name) === host && commandOf(name).includes("surefoot\0lsp"))
    .map(Number);
}

function parentOf(pid: string): number {
  // The name of the program, in brackets, may hold anything; what follows it may not.
  return Number(readProc(pid, "stat").split(") ").at(-1)?.split(" ")[1]);
}

const commandOf = (pid: string) => readProc(pid, "cmdline");

function readProc(pid: string, name: string): string {
  try {
    return readFileSync(`/proc/${pid}/${name}`, "utf8");
  } catch {
    return ""; // it has ended meanwhile
  }
}
