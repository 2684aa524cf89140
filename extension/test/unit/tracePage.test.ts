// @vitest-environment jsdom
import { beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import type { ToTracePage } from "../../src/webview/traceMessages.ts";
import { type PageStub, readText, stubPage } from "./pageStub.ts";
import { EARLIER, NOW, stage, traceOf } from "./traceSamples.ts";

// jsdom has no form values, which the button of VS Code's elements wants; its clicks are those of any element.
vi.mock("@vscode-elements/elements/dist/vscode-button/index.js", () => ({}));

let stub: PageStub<ToTracePage>;

beforeAll(async () => {
  stub = stubPage({ id: "before", open: ["stage:cite"] });
  await import("../../src/webview/trace.ts");
});

beforeEach(() => {
  stub.said.length = 0;
});

function show(trace: typeof NOW): void {
  stub.tell({ type: "trace", id: trace.trace_id, trace });
}

describe("the trace page", () => {
  it("shows the question, when, how long and with what outcome", () => {
    show(NOW);
    const header = readText(stub.page.querySelector("header") ?? undefined);
    expect(header).toContain("which headers does _redirect_headers strip?");
    expect(header).toMatch(/ask, \d+ Nov 2026, [\d:]+, 100 ms in all, outcome: llm, 1 claims/);
  });

  it("has a row per stage, with the runs of those that ran often", () => {
    show(NOW);
    const cite = stub.all("trace-stage").find(row => readText(row).startsWith("cite"));
    expect(readText(cite?.querySelector("summary") ?? undefined)).toBe("cite × 2 4.0 ms");
    expect(cite?.querySelectorAll("rect.bar")).toHaveLength(2);
    expect(cite?.querySelectorAll(".runs > li")).toHaveLength(2);
  });

  it("unfolds what was unfolded before the reload, and keeps what is unfolded now", () => {
    show(NOW);
    const rows = stub.all("trace-stage") as HTMLDetailsElement[];
    expect(rows.filter(row => row.open).map(row => readText(row.querySelector(".name") ?? undefined))).toEqual([
      "cite × 2",
    ]);
    const resolve = rows[0] ?? expect.fail();
    resolve.open = true;
    resolve.dispatchEvent(new Event("toggle"));
    expect(stub.kept()).toEqual({ id: NOW.trace_id, open: ["stage:cite", "stage:resolve"] });
  });

  it("tells what became of each candidate, with its ranks and rules", () => {
    show(NOW);
    const [first, , third] = stub.all("trace-candidate");
    expect(readText(first)).toContain("cited [1]");
    expect(readText(first)).toContain("× 2.059");
    expect(readText(third)).toContain("dropped: token budget");
    expect(stub.all("trace-candidate")).toHaveLength(5);
  });

  it("opens a place with the root and the text that the trace has", () => {
    show(NOW);
    const source = stub.page.querySelector<HTMLElement>("[aria-labelledby=sources] button.place");
    source?.click();
    expect(stub.said).toEqual([
      {
        type: "open",
        products: ["httpx"],
        place: {
          root: "/projects/httpx",
          path: "_client.py",
          start_line: 546,
          end_line: 571,
          symbol: "BaseClient._redirect_headers",
          text: "", // it was cut for the trace
        },
      },
    ]);
  });

  it("shows the draft beside the claims, and says of each whether it was shown and why not", () => {
    show(NOW);
    expect(readText(stub.all("trace-draft")[0])).toContain("- It is encrypted. [2][7]");
    const [supported, withheld] = stub.all("trace-claim");
    expect(readText(supported)).toContain("Supported");
    expect(readText(withheld)).toContain("Withheld: `encrypted` is not in what it cites");
    expect(readText(withheld)).toContain("[7] not a source");
  });

  it("shows what was struck out of a claim, and says that it is supported in part", () => {
    const struck = [{ text: "and encrypts it", reason: "its words encrypts are not in what it cites" }];
    show(traceOf([stage("cite", 0), stage("verify", 1, { claim: "It strips it.", verdict: "supported", struck })]));
    const [claim] = stub.all("trace-claim");
    expect(readText(claim)).toContain("Supported in part");
    expect(readText(claim)).toContain("Left out: and encrypts it (its words encrypts are not in what it cites)");
    expect(claim?.querySelector("del")?.textContent).toBe("and encrypts it");
  });

  it("shows what was dropped and the context as the model saw it", () => {
    show(NOW);
    expect(stub.all("trace-dropped").map(readText)).toEqual(["_main.py:431-451 token budget"]);
    expect(readText(stub.all("trace-context")[0])).toContain("Sources: [1] …");
  });

  it("shows a trace of an earlier version", () => {
    show(EARLIER);
    expect(readText(stub.page)).toContain("chunk 96");
    expect(readText(stub.all("trace-draft")[0])).toBe("The trace has no draft.");
    expect(readText(stub.all("trace-context")[0])).toBe("No model read anything for this.");
  });

  it("shows stages and details that nobody has seen yet, whole", () => {
    show(traceOf([stage("magic", 0, { spell: { words: ["abra", { deep: 1 }] }, list: [1, "two"], none: null })]));
    expect(readText(stub.all("trace-stage")[0])).toContain('"abra"');
    expect(readText(stub.all("trace-stage")[0])).toContain('"deep": 1');
  });

  it("takes what a repository or a model wrote as text, and shows what cannot be seen", () => {
    const evil = '<img src=x onerror="alert(1)"> \u202egnp.exe';
    const ranking = [{ place: `${evil}:1-2`, symbol: evil, score: 1 }];
    const struck = [{ text: evil, reason: evil }];
    const verify = stage("verify", 3, { claim: `[x](command:evil) ${evil}`, verdict: evil, struck });
    show(traceOf([stage("rerank", 0, { ranking }), stage("cite", 2), verify], { question: evil, outcome: evil }));
    expect(stub.page.querySelector("img, a, script")).toBeNull();
    expect(stub.page.textContent).not.toContain("\u202e");
    expect(stub.page.textContent).toContain("\\u{202e}gnp.exe");
  });

  it("has no style attribute, which its policy forbids", () => {
    show(NOW);
    expect(stub.page.querySelectorAll("[style]")).toHaveLength(0);
  });

  it("copies, and leads to other traces", () => {
    show(NOW);
    stub.press("Copy as JSON");
    stub.press("Show Another Trace");
    expect(stub.said).toEqual([{ type: "copy" }, { type: "others" }]);
  });

  it("says why there is no trace, with buttons, and remembers which one it was", () => {
    const help = [{ title: "Set Up", command: "surefoot.setUp" }];
    stub.tell({ type: "failed", id: "gone", sentence: "No trace has this id.", help });
    expect(readText(stub.page.querySelector("[role=alert]") ?? undefined)).toBe("No trace has this id.");
    stub.press("Set Up");
    stub.press("Try Again");
    expect(stub.said).toEqual([{ type: "command", command: "surefoot.setUp" }, { type: "retry" }]);
    expect(stub.kept()).toMatchObject({ id: "gone" });
  });
});
