// @vitest-environment jsdom
import { beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import type { HealthState, ToHealthPage } from "../../src/webview/healthMessages.ts";
import { rootStatus, statusOf } from "./healthSamples.ts";
import { type PageStub, readText, stubPage } from "./pageStub.ts";

const NOTHING: HealthState = {
  hindrance: undefined,
  counting: false,
  status: undefined,
  problem: "",
  progress: undefined,
};
const TROUBLED = rootStatus({
  files: 90,
  drifted_files: ["gone.py"],
  unindexed_files: 5,
  languages: { python: 80, go: 10 },
  failed: [{ path: "locked.py", error: "Permission denied." }],
  skipped: { binary: 300, empty: 2 },
  skipped_files: [
    { path: "a.png", reason: "binary" },
    { path: "\u202eevil.py", reason: "empty" },
    { path: "e.py", reason: "empty" },
  ],
});

// jsdom has no form values, which the button of VS Code's elements wants; its clicks are those of any element.
vi.mock("@vscode-elements/elements/dist/vscode-button/index.js", () => ({}));

let stub: PageStub<ToHealthPage>;

beforeAll(async () => {
  stub = stubPage();
  await import("../../src/webview/health.ts");
});

beforeEach(() => {
  stub.said.length = 0;
});

function show(state: Partial<HealthState>): void {
  stub.tell({ type: "state", state: { ...NOTHING, ...state } });
}

describe("the index health page", () => {
  it("counts each root, and all of them together", () => {
    show({ status: statusOf([TROUBLED, rootStatus({ root: "/projects/other", name: "other" })]) });
    const [first, second] = stub.all("health-root").map(readText);
    expect(first).toContain("92.7 % covered: 89 of 96 files indexed");
    expect(second).toContain("100 % covered: 23 of 23 files indexed");
    expect(readText(stub.page)).toContain("94.1 % covered: 112 of 119 files indexed");
  });

  it("lists languages, drift, failures, and skipped files behind their reasons", () => {
    show({ status: statusOf([TROUBLED]) });
    expect(stub.all("health-language").map(readText)).toEqual(["python 80 88.8 %", "go 10 11.1 %"]);
    expect(readText(stub.all("health-drift")[0])).toContain("1 file changed or gone since indexed: gone.py");
    expect(readText(stub.all("health-drift")[0])).toContain("5 files not indexed yet.");
    expect(readText(stub.all("health-failed")[0])).toContain("locked.py Permission denied.");
    const reasons = [...(stub.all("health-skipped")[0]?.querySelectorAll("details") ?? [])].map(readText);
    expect(reasons).toEqual(["binary 300 files a.png and 299 further files", "empty 2 files \\u{202e}evil.pye.py"]);
  });

  it("opens a file by its name", () => {
    show({ status: statusOf([TROUBLED]) });
    stub.press("locked.py");
    expect(stub.said).toEqual([{ type: "openFile", root: "/projects/httpx", path: "locked.py" }]);
  });

  it("names database, model, state and embedder, and when it was counted", () => {
    show({ status: statusOf([TROUBLED]) });
    expect(readText(stub.all("health-root")[0])).toContain("/cache/httpx.db, 1.5 MiB");
    const model = [...(stub.all("health-model")[0]?.querySelectorAll("dl > div") ?? [])];
    expect(model.map(fact => [...fact.children].map(readText))).toEqual([
      ["Model", "default"],
      ["State", "ready"],
      ["Embedder", "minilm-static/256"],
    ]);
    expect(readText(stub.page)).toMatch(/Counted against disk at \d+ Nov 2023, [\d:]+\./);
  });

  it("says how far indexing is, and tells a screen reader only when it begins and ends", () => {
    show({ status: statusOf([TROUBLED]) });
    const progress = {
      indexing: true,
      done: 12,
      total: 3515,
      files_per_second: 212.3,
      seconds_left: 10.9,
      drift: null,
    };
    stub.tell({ type: "progress", progress });
    expect(readText(stub.page)).toContain("Indexing: 12 of 3,515 files, 212 a second, about 11 s left.");
    const live = stub.page.querySelector("[role=status]");
    const said = live?.textContent;
    stub.tell({ type: "progress", progress: { ...progress, done: 13 } });
    expect(stub.page.querySelector("progress")?.value).toBe(13);
    expect(live?.textContent).toBe(said);
    stub.tell({ type: "progress", progress: { ...progress, indexing: false } });
    expect(live?.textContent).toBe("Indexing is over.");
    expect(stub.page.querySelector("progress")).toBeNull();
  });

  it("has a button for everything that can be done", () => {
    show({ status: statusOf([TROUBLED]) });
    for (const id of ["health-reindex", "health-choose-model", "health-open-trace", "health-refresh"]) {
      stub.all(id)[0]?.click();
    }
    expect(stub.said).toEqual([
      ...[{ type: "reindex" }, { type: "chooseModel" }, { type: "openTrace" }, { type: "refresh" }],
    ]);
  });

  it("says why nothing can be counted, with a button that helps", () => {
    const help = [{ title: "Set Up", command: "surefoot.setUp" }];
    show({ hindrance: { sentence: "No Python 3.11 was found.", busy: false, help } });
    expect(readText(stub.page.querySelector("[role=alert]") ?? undefined)).toBe("No Python 3.11 was found.");
    stub.press("Set Up");
    expect(stub.said).toEqual([{ type: "command", command: "surefoot.setUp" }]);
  });

  it("says why counting failed, with a button that counts again", () => {
    show({ problem: "The index is damaged." });
    expect(readText(stub.page)).toContain("The index could not be counted: The index is damaged.");
    stub.press("Count Again");
    expect(stub.said).toEqual([{ type: "refresh" }]);
  });

  it("says that nothing is open where there is no root", () => {
    show({ status: statusOf([]) });
    expect(readText(stub.page)).toContain("No folder is open, so there is nothing to index.");
  });

  it("says that the first count is under way", () => {
    show({ counting: true });
    expect(readText(stub.page)).toContain("Counting what is indexed.");
  });
});
