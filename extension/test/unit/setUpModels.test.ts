// What is said of a model before it is downloaded, which addresses pass, and when the offer may be made.
import { existsSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import type { ModelRow } from "../../src/protocol.ts";
import { mcpServers } from "../../src/setUp/mcpServers.ts";
import {
  addressFault,
  described,
  detailed,
  isChosen,
  mayOffer,
  needsLlama,
  settingFor,
  shortTitle,
  terms,
} from "../../src/setUp/modelChoice.ts";

const ROW: ModelRow = {
  name: "qwen2.5-coder-1.5b",
  title: "Qwen2.5-Coder 1.5B Instruct, Q4_K_M",
  size_bytes: 1_117_320_768,
  licence: "Apache-2.0",
  memory_bytes: 1_600_000_000,
  unfit: "",
  sha256: null,
  sha256_source: "",
  repo: "Qwen/Qwen2.5-Coder-1.5B-Instruct-GGUF",
  revision: "1",
  file: "q.gguf",
  note: "the default",
  path: "/models/q.gguf",
  downloaded: false,
  incomplete: false,
  default: true,
};

test("name, size, licence and memory", () => {
  expect(shortTitle(ROW)).toBe("Qwen2.5-Coder 1.5B Instruct");
  expect(described(ROW)).toBe("1.0 GiB · Apache-2.0 · needs 1.5 GiB of memory");
  expect(detailed(ROW)).toBe("Not downloaded · the default");
  expect(detailed({ ...ROW, downloaded: true, note: "" })).toBe("On this machine");
  expect(detailed({ ...ROW, incomplete: true, note: "" })).toBe("Download incomplete");
});

test("a user agrees to size, licence, origin and place", () => {
  for (const part of ["1.0 GiB", "Apache-2.0", ROW.repo, "/models/q.gguf"]) {
    expect(terms(ROW)).toContain(part);
  }
});

test("the setting means a row by default, by name in any case, or by path", () => {
  const other = { ...ROW, name: "other", path: "/models/o.gguf", default: false };
  expect([ROW, other].map(row => isChosen(row, "default"))).toEqual([true, false]);
  expect([ROW, other].map(row => isChosen(row, "Other"))).toEqual([false, true]);
  expect([ROW, other].map(row => isChosen(row, "/models/o.gguf"))).toEqual([false, true]);
  expect([settingFor(ROW), settingFor(other)]).toEqual(["default", "other"]);
});

test("llama.cpp is needed for models that run here", () => {
  const settings = ["default", "/a.gguf", "none", "None", "http://localhost:1"];
  expect(settings.map(needsLlama)).toEqual([true, true, false, false, false]);
});

test.each([
  "http://localhost:11434#qwen2.5-coder:7b",
  " http://127.0.0.1:8080 ",
  "https://[::1]:8443/v1",
  "HTTP://LOCALHOST:1",
])("%s is an address on this machine", address => {
  expect(addressFault(address)).toBeUndefined();
});

test.each([
  ["http://example.com:11434", "example.com is not this machine"],
  ["http://localhost.example.com", "is not this machine"],
  ["http://localhost@example.com", "example.com is not this machine"],
  ["http://0.0.0.0:1", "is not this machine"],
  ["http://me:secret@localhost:1", "password"],
  ["localhost:11434", "looks like http://localhost"],
  ["http://", "is not an address"],
  ["", "looks like http://localhost"],
])("%s is refused", (address, why) => {
  expect(addressFault(address)).toContain(why);
});

test("the offer: at first, again a week after it was put off, never after never", () => {
  const now = Date.UTC(2030, 0, 20);
  const day = 24 * 60 * 60 * 1000;
  expect(mayOffer(undefined, now)).toBe(true);
  expect(mayOffer({ askedAt: now - day }, now)).toBe(false);
  expect(mayOffer({ askedAt: now - 8 * day }, now)).toBe(true);
  expect(mayOffer({ never: true }, now)).toBe(false);
});

test("an MCP server is offered as soon as the server announces one, and not before", () => {
  const command = ["/e/bin/python", "-I", "-m", "surefoot"];
  const open = { folders: ["/w"], settings: {} };
  const args = ["-I", "-m", "surefoot", "mcp", "--root", "/w"];
  const offered = { label: "Surefoot", program: "/e/bin/python", args, env: {} };
  expect(mcpServers({ mcp: ["mcp"] }, command, open)).toEqual([offered]);
  for (const abilities of [{}, { mcp: true }, { mcp: [1] }, { mcp: "mcp" }]) {
    expect(mcpServers(abilities, command, open)).toEqual([]);
  }
  expect(mcpServers({ mcp: ["mcp"] }, undefined, open)).toEqual([]);
});

test("the walkthrough's pictures are there, and its links run commands that there are", () => {
  const at = (path: string) => new URL(`../../${path}`, import.meta.url);
  const { contributes } = JSON.parse(readFileSync(at("package.json"), "utf8"));
  const known = contributes.commands.map((command: { command: string }) => command.command);
  const [{ id, steps }] = contributes.walkthroughs;
  expect(id).toBe("gettingStarted");
  expect(steps.length).toBeGreaterThan(0);
  for (const step of steps) {
    expect(existsSync(at(step.media.svg)), step.media.svg).toBe(true);
    // A fixed colour is unreadable in some theme.
    expect(readFileSync(at(step.media.svg), "utf8")).not.toMatch(/(?:fill|stroke)="(?!none|var\()/);
    const ran = [...step.description.matchAll(/command:([\w.]+)/g)].map(match => match[1]);
    const awaited = step.completionEvents.flatMap((event: string) => /^onCommand:(.+)/.exec(event)?.[1] ?? []);
    expect(known).toEqual(expect.arrayContaining([...ran, ...awaited]));
  }
});
