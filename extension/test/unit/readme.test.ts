// The README's one table names every command, setting, colour and message, and nothing that is not there.
import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { ANSWER_NOTIFICATION, STATUS_NOTIFICATION } from "../../src/protocol.ts";

const read = (name: string) => readFileSync(new URL(`../../${name}`, import.meta.url), "utf8");
const { contributes } = JSON.parse(read("package.json"));
const rows = [...read("README.md").matchAll(/^\| (command|setting|colour|message) \| `([^`]+)` \| (.+) \|$/gm)];

function named(kind: string): string[] {
  return rows.filter(row => row[1] === kind).map(row => row[2] ?? "");
}

test("every command, under its title", () => {
  const commands: { command: string; title: string; category: string }[] = contributes.commands;
  expect(named("command").sort()).toEqual(commands.map(command => command.command).sort());
  for (const { command, title, category } of commands) {
    expect(category).toBe("Surefoot");
    expect(rows.find(row => row[2] === command)?.[3]).toMatch(new RegExp(`^${title}(:|$)`));
  }
});

test("every setting and colour", () => {
  expect(named("setting").sort()).toEqual(Object.keys(contributes.configuration.properties).sort());
  expect(named("colour").sort()).toEqual(contributes.colors.map((color: { id: string }) => color.id).sort());
});

test("every message beyond the standard protocol", () => {
  expect(named("message").sort()).toEqual([ANSWER_NOTIFICATION, STATUS_NOTIFICATION].sort());
});

test("every picture is there", () => {
  for (const [, path = ""] of read("README.md").matchAll(/!\[[^\]]+\]\(([^)]+)\)/g)) {
    expect(() => readFileSync(new URL(`../../${path}`, import.meta.url))).not.toThrow();
  }
});

test("every sentence that it explains is one that the extension says", () => {
  const files = readdirSync(new URL("../../src", import.meta.url), { recursive: true, encoding: "utf8" });
  const sources = files.filter(name => name.endsWith(".ts")).map(name => read(`src/${name.replaceAll("\\", "/")}`));
  // A sentence may be cut in two where its line would be too long.
  const said = sources.join("\n").replaceAll(/["`] \+\n\s*["`]/g, "");
  const explained = [...read("README.md").matchAll(/^\| ("[^|]+) \|/gm)].flatMap(row => [
    ...(row[1] ?? "").matchAll(/"([^"]+)"/g),
  ]);
  expect(explained.length).toBeGreaterThan(15);
  for (const [, sentence = ""] of explained) {
    expect(said, sentence).toContain(sentence);
  }
});
