import { describe, expect, it } from "vitest";
import { candidatesOf, rankingsOf, retrieversOf, rulesOf } from "../../src/webview/trace/candidates.ts";
import { claimsOf, draftsOf } from "../../src/webview/trace/claims.ts";
import { droppedOf, labelOf, notedOf, overlap, placeOf, toOpen } from "../../src/webview/trace/places.ts";
import { promptOf, sourcesOf } from "../../src/webview/trace/sources.ts";
import { EARLIER, NOW, stage, traceOf } from "./traceSamples.ts";

describe("places", () => {
  it("are read from a text, with its number and what follows", () => {
    const noted = notedOf("[3] src/a b.py:12-30 Cart.add");
    expect(noted?.number).toBe(3);
    expect(noted?.rest).toBe("Cart.add");
    expect(noted?.place).toMatchObject({ path: "src/a b.py", start_line: 12, end_line: 30 });
  });

  it("of one line have one number", () => {
    const place = placeOf("shop/tax.py:8 rate_for");
    expect(place).toMatchObject({ start_line: 8, end_line: 8, symbol: "rate_for" });
    expect(place && labelOf(place)).toBe("shop/tax.py:8");
  });

  it("may have colons and numbers in their path", () => {
    expect(placeOf("odd:3.py:10-20")).toMatchObject({ path: "odd:3.py", start_line: 10, end_line: 20 });
  });

  it("are read from an object, with root and text", () => {
    const place = placeOf({ place: "a.py:1-2", symbol: "f", root: "/r", text: "def f():\n    pass" });
    expect(place).toEqual({
      root: "/r",
      path: "a.py",
      start_line: 1,
      end_line: 2,
      symbol: "f",
      text: "def f():\n    pass",
    });
  });

  it.each([undefined, null, 7, "", "no place", ["a.py:1"], { symbol: "f" }])("are not made of %o", value => {
    expect(placeOf(value)).toBeUndefined();
  });

  it("that were dropped have a reason in both forms", () => {
    expect(droppedOf("a.py:1-9: file cap")).toMatchObject({ place: { path: "a.py", end_line: 9 }, reason: "file cap" });
    expect(droppedOf({ place: "a.py:1-9", reason: "file cap" })?.reason).toBe("file cap");
    expect(droppedOf("nothing")).toBeUndefined();
  });

  it("overlap only within one file of one root", () => {
    const place = (text: string, root = "") => ({ ...(placeOf(text) ?? expect.fail()), root });
    expect(overlap(place("a.py:1-9"), place("a.py:9-12"))).toBe(true);
    expect(overlap(place("a.py:1-9"), place("a.py:10-12"))).toBe(false);
    expect(overlap(place("a.py:1-9"), place("b.py:1-9"))).toBe(false);
    expect(overlap(place("a.py:1-9", "/one"), place("a.py:1-9", "/two"))).toBe(false);
  });

  it("whose text was cut are opened without it", () => {
    const place = placeOf({ place: "a.py:1-2", text: "def f( …" }) ?? expect.fail();
    expect(toOpen(place).text).toBe("");
    expect(toOpen({ ...place, text: "def f()" }).text).toBe("def f()");
  });
});

describe("candidates", () => {
  it("say what became of each", () => {
    const fates = candidatesOf(NOW).map(candidate => candidate.fate.sentence);
    expect(fates).toEqual(["cited [1]", "source [2]", "dropped: token budget", "among the hits", "ranked too low"]);
  });

  it("say the same of a trace of an earlier version", () => {
    expect(candidatesOf(EARLIER).map(one => one.fate.kind)).toEqual(["cited", "shown", "dropped", "hit", "below"]);
  });

  it("take the root from the source that they became", () => {
    expect(candidatesOf(NOW)[0]?.place.root).toBe("/projects/httpx");
    expect(candidatesOf(NOW)[3]?.place.root).toBe("");
  });

  it("were all refused where the floor says so", () => {
    const refused = traceOf([...NOW.stages.slice(0, 2), stage("floor", 20, { passed: false, reason: "nothing" })]);
    expect(new Set(candidatesOf(refused).map(one => one.fate.kind))).toEqual(new Set(["refused"]));
  });

  it("are those of the last run, where the search began again", () => {
    const again = traceOf([...NOW.stages, stage("rerank", 90, { ranking: [{ place: "b.py:1-2", score: 1 }] })]);
    expect(candidatesOf(again).map(one => labelOf(one.place))).toEqual(["b.py:1-2"]);
  });

  it("have a column per retriever and per rule, in the order in which they ran", () => {
    const candidates = candidatesOf(NOW);
    expect(retrieversOf(candidates)).toEqual(["lexical", "vector", "symbol"]);
    expect(rulesOf(candidates)).toEqual([
      "definition_of_mentioned_symbol",
      "query_words_in_symbol_name",
      "covers_the_question",
      "spread_over_files",
    ]);
  });

  it("survive details that nobody has seen yet", () => {
    const odd = traceOf([stage("rerank", 0, { ranking: [null, 3, "x", { place: "a.py:1" }] }), stage("magic", 1)]);
    expect(candidatesOf(odd).map(one => one.fate.kind)).toEqual(["unknown"]);
    expect(candidatesOf(traceOf([stage("rerank", 0, { ranking: "none" })]))).toEqual([]);
  });
});

describe("rankings", () => {
  it("name places with scores", () => {
    const [lexical] = rankingsOf(NOW);
    expect(lexical).toMatchObject({ retriever: "lexical", found: 79 });
    expect(lexical?.entries[0]).toMatchObject({ place: { path: "_client.py" }, score: 25.0154 });
  });

  it("of an earlier version name chunks", () => {
    expect(rankingsOf(EARLIER)[0]?.entries).toEqual([{ place: undefined, label: "chunk 96", score: 10.3312 }]);
  });
});

describe("sources", () => {
  it("have numbers, places and texts", () => {
    const { items, dropped, tokens } = sourcesOf(NOW);
    expect(items.map(item => [item.number, labelOf(item.place), item.place.text])).toEqual([
      [1, "_client.py:546-571", "def …"],
      [2, "_models.py:773-775", "x"],
    ]);
    expect(dropped.map(drop => drop.reason)).toEqual(["token budget"]);
    expect(tokens).toBe(884);
  });

  it("of an earlier version have numbers and symbols", () => {
    const { items, tokens } = sourcesOf(EARLIER);
    expect(items.map(item => [item.number, item.place.symbol])).toEqual([
      [1, "BaseClient._redirect_headers"],
      [2, "has_redirect_location"],
    ]);
    expect(tokens).toBeUndefined();
  });

  it("were read by a model only where there was a prompt", () => {
    expect(promptOf(NOW)?.user).toContain("Sources:");
    expect(promptOf(EARLIER)).toBeUndefined();
  });
});

describe("claims", () => {
  it("have their verdicts, reasons and citations", () => {
    const [supported, withheld] = claimsOf(NOW);
    expect(supported).toMatchObject({ supported: true, reason: "" });
    expect(supported?.citations.map(one => [one.number, one.bears])).toEqual([
      [1, true],
      [2, false],
    ]);
    expect(withheld).toMatchObject({ supported: false, reason: "`encrypted` is not in what it cites" });
    expect(withheld?.citations.some(one => one.bears)).toBe(false);
    expect(claimsOf(NOW).map(one => one.struck)).toEqual([[], []]);
  });

  it("that cite a number without a source lead nowhere", () => {
    const last = claimsOf(NOW)[1]?.citations[1];
    expect(last).toEqual({ number: 7, place: undefined, verdict: "not_in_context", bears: false });
    expect(claimsOf(EARLIER)[0]?.citations[1]).toMatchObject({ number: 7, place: undefined });
  });

  it("of an earlier version have verdicts from the texts", () => {
    expect(claimsOf(EARLIER)[0]?.citations[0]).toMatchObject({ number: 1, verdict: "valid", bears: true });
  });

  it("stand beside the draft, which says who wrote it", () => {
    expect(draftsOf(NOW)).toEqual([expect.objectContaining({ byModel: true })]);
    expect(draftsOf(EARLIER)).toEqual([]);
    const both = traceOf([stage("generate", 0, { draft: "NONE" }), stage("extract", 1, { draft: "- a [1]" })]);
    expect(draftsOf(both).map(draft => draft.byModel)).toEqual([true, false]);
  });
});
