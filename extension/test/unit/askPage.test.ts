// @vitest-environment jsdom
import { render } from "lit";
import { expect, test, vi } from "vitest";
import { finish, newTurn, shownTurn } from "../../src/features/conversation.ts";
import type { AskState, FromAskView } from "../../src/webview/askMessages.ts";
import { pageTemplate } from "../../src/webview/askTemplates.ts";
import { alone, citation, claim, commit, hit, reply, ticket } from "./samples.ts";

function shown(state: Partial<AskState>) {
  const page = document.createElement("main");
  const send = vi.fn<(message: FromAskView) => void>();
  const open = new Set<string>();
  const actions = {
    send,
    isOpen: (part: string) => open.has(part),
    toggle: (part: string) => {
      open.add(part);
      draw();
    },
    ask: vi.fn(),
    stop: vi.fn(),
    typed: vi.fn(),
    pressed: vi.fn(),
  };
  const draw = () =>
    render(pageTemplate({ turns: [], hindrance: undefined, history: [], indexing: "", ...state }, actions), page);
  draw();
  const all = (name: string) => [...page.querySelectorAll<HTMLElement>(`[data-testid="${name}"]`)];
  return { page, send, actions, all, text: (name: string) => all(name).map(part => part.textContent?.trim()) };
}

function answered(over: Parameters<typeof reply>[0] = {}, hits = [hit()]) {
  const turn = newTurn("t1", "how?");
  turn.hits = hits;
  finish(turn, reply(over));
  return shownTurn(turn, alone);
}

test("what a repository or a model wrote is text: nothing of it loads, links, runs or hides", () => {
  const evil = "<img src=x onerror=alert(1)> ![x](https://e.example/p.png) [run](command:evil) <b>b</b> \u202egnp.exe";
  const page = shown({
    turns: [
      answered(
        {
          question: evil,
          claims: [claim(evil, [1], [{ text: evil, reason: evil }])],
          citations: [citation({ path: "<img src=x>.py", symbol: "<b>b</b>" })],
          withheld: [{ text: evil, reason: evil }],
          missing: [evil],
          near_misses: [evil],
          notices: [evil],
        },
        [hit({ path: "<script>.py", symbol: evil })],
      ),
    ],
  });
  page.all("withheld-toggle")[0]?.click();
  expect(page.page.querySelectorAll("img, a, b, script, iframe, [onerror]")).toHaveLength(0);
  expect(page.page.textContent).toContain("<img src=x onerror=alert(1)>");
  expect(page.page.textContent).not.toContain("\u202e");
  expect(page.page.textContent).toContain("\\u{202e}gnp.exe");
});

test("backticks are code, and no other character of a sentence is lost", () => {
  const text = "`Kettle`: def __init__(self, *args, **kwargs) -> list[Cup] ~~x~~ \\_ &amp; <T> https://e.example";
  const page = shown({ turns: [answered({ claims: [claim(text)] })] });
  const first = page.all("claim")[0];
  expect([...(first?.querySelectorAll("code") ?? [])].map(code => code.textContent)).toEqual(["Kettle"]);
  expect(first?.querySelector("p")?.textContent).toBe(text.replaceAll("`", ""));
});

test("what is supported in part says in words what was left out, and why", () => {
  const struck = [{ text: "and `brew` cools it", reason: "`brew` is not in what it cites" }];
  const page = shown({ turns: [answered({ claims: [claim("`boil` heats water.", [1], struck)] })] });
  expect(page.all("claim")[0]?.querySelector("p")?.textContent).toBe("boil heats water.");
  const [end] = page.all("struck");
  expect(end?.textContent?.replace(/\s+/g, " ").trim()).toBe(
    "Left out: and brew cools it (brew is not in what it cites)",
  );
  expect(end?.querySelector("del")?.textContent).toBe("and brew cools it");
  expect(end?.querySelector("del")?.title).toContain("is not in what it cites");
});

test("a part that must not be shown is only told of", () => {
  const page = shown({ turns: [answered({ claims: [claim("A.", [1], [{ text: "", reason: "has an address" }])] })] });
  expect(page.text("struck")).toEqual(["Left out: a part that has an address"]);
  expect(page.page.querySelector("del")).toBeNull();
});

test("the claims of a server of an earlier version are whole", () => {
  const old = { text: "A.", citations: [1] } as unknown as ReturnType<typeof claim>;
  const page = shown({ turns: [answered({ claims: [old] })] });
  expect([page.all("claim").length, page.all("struck").length]).toEqual([1, 0]);
});

test("a click on a chip or on a hit asks for the place to be opened", () => {
  const page = shown({ turns: [answered()] });
  page.all("citation")[0]?.click();
  page.all("hit")[0]?.click();
  expect(page.send.mock.calls.map(call => call[0])).toEqual([
    { type: "openCitation", turn: "t1", id: 1 },
    { type: "openHit", turn: "t1", index: 0 },
  ]);
});

test("a ticket is called by its number, and one more button opens it in its tracker", () => {
  const citations = [ticket(), commit(), citation({ id: 3 })];
  const page = shown({ turns: [answered({ claims: [claim("A.", [1, 2, 3])], citations })] });
  const places = page.all("citation").map(chip => chip.textContent?.trim());
  expect(places).toEqual(["#123", "commit 3f2a91c0de", "kettle.py:4-6"]);
  expect(page.all("citation")[0]?.closest("button")?.title).toContain("#123: Water is too cold (closed, 2024-03-01)");
  expect(page.all("address")).toHaveLength(1);
  page.all("address")[0]?.click();
  page.all("citation")[1]?.click();
  expect(page.send.mock.calls.map(call => call[0])).toEqual([
    { type: "openAddress", turn: "t1", id: 1 },
    { type: "openCitation", turn: "t1", id: 2 },
  ]);
});

test("no button leads to an address that is none of the web", () => {
  const citations = ["javascript:alert(1)", "command:evil", "file:///etc/passwd", ""].map((url, id) =>
    ticket({ id, url, label: "<img src=x>", symbol: "<b>" }),
  );
  const page = shown({ turns: [answered({ claims: [claim("A.", [0, 1, 2, 3])], citations })] });
  expect(page.all("citation")).toHaveLength(4);
  expect(page.all("address")).toHaveLength(0);
  expect(page.page.querySelectorAll("img, b")).toHaveLength(0);
});

test("verdicts are said in words", () => {
  const citations = [citation({ verdict: "moved" }), citation({ id: 2, verdict: "changed" })];
  const page = shown({ turns: [answered({ claims: [claim("A.", [1, 2])], citations })] });
  expect(page.all("citation").map(chip => chip.dataset.verdict)).toEqual(["moved", "changed"]);
  expect([...page.page.querySelectorAll(".word")].map(word => word.textContent)).toEqual(["moved", "changed"]);
});

test("evidence beyond the first few is one click away", () => {
  const hits = [1, 2, 3, 4, 5, 6].map(line => hit({ start_line: line, end_line: line }));
  const page = shown({ turns: [answered({}, hits)] });
  expect(page.all("hit")).toHaveLength(4);
  const more = [...page.page.querySelectorAll("button")].find(button => button.textContent?.includes("Show 2 more"));
  more?.click();
  expect(page.all("hit")).toHaveLength(6);
});

test("withheld sentences are counted, and one click shows them with the reason", () => {
  const withheld = [{ text: "It calls `brew`.", reason: "`brew` does not stand in [1]" }];
  const page = shown({ turns: [answered({ withheld })] });
  expect(page.text("withheld-toggle")).toEqual(["1 sentence withheld"]);
  expect(page.all("withheld")).toHaveLength(0);
  page.all("withheld-toggle")[0]?.click();
  expect(page.all("withheld")[0]?.textContent).toContain("does not stand in [1]");
});

test("what is not found has its own block, with the nearest misses", () => {
  const page = shown({
    turns: [answered({ abstained: true, claims: [], missing: ["redis"], near_misses: ["`cache`"] })],
  });
  expect(page.page.textContent).toContain("Nothing here answers this.");
  expect(page.all("missing")[0]?.textContent).toContain("redis");
  expect(page.text("near-miss")).toEqual(["cache"]);
});

test("a trace that was not kept cannot be looked at", () => {
  const page = shown({ turns: [answered({ trace_id: "" })] });
  expect([page.all("why"), page.all("wrong"), page.all("copy")].map(found => found.length)).toEqual([0, 0, 1]);
});

test("while an answer runs there is a stop button in place of the ask button", () => {
  const running = shownTurn(newTurn("t1", "how?"), alone);
  const page = shown({ turns: [running] });
  expect(page.all("ask")).toHaveLength(0);
  page.all("stop")[0]?.click();
  expect(page.actions.stop).toHaveBeenCalled();
  expect(page.actions.ask).not.toHaveBeenCalled();
});

test("a question that waits for the model says so below its evidence, in the place of what it does", () => {
  const turn = { ...newTurn("t1", "how?"), hits: [hit()], waiting: "The model is <b>busy</b>." };
  const page = shown({ turns: [shownTurn(turn, alone)] });
  expect(page.text("state")).toEqual(["The model is <b>busy</b>."]);
  expect(page.all("hit")).toHaveLength(1);
});

test("what is in the way is said, with the button that helps", () => {
  const help = [{ title: "Set Up", command: "surefoot.setUp" }];
  const page = shown({ hindrance: { sentence: "No Python was found.", busy: false, help } });
  page.page.querySelector<HTMLElement>("[data-testid=hindrance] vscode-button")?.click();
  expect(page.send).toHaveBeenCalledWith({ type: "command", command: "surefoot.setUp" });
  expect(page.page.textContent).not.toContain("For example");
});
