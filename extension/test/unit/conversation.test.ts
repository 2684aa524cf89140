import { describe, expect, test } from "vitest";
import {
  addPiece,
  finish,
  labelOf,
  newTurn,
  previousTrace,
  restate,
  shownTurn,
} from "../../src/features/conversation.ts";
import { recently } from "../../src/numbers.ts";
import type { AskReply } from "../../src/protocol.ts";
import { alone, among, citation, claim, commit, hit, ROOT, reply, ticket } from "./samples.ts";

const place = { root: ROOT, path: "kettle.py", start_line: 4, end_line: 6 };

describe("labels", () => {
  test("a place is path:lines, as terminals open it", () => {
    expect(labelOf(place, alone)).toBe("kettle.py:4-6");
    expect(labelOf({ ...place, end_line: 4 }, alone)).toBe("kettle.py:4");
  });

  test("a commit has its digits and no path", () => {
    expect(labelOf(commit(), alone)).toBe("commit 3f2a91c0de");
    expect(labelOf(commit(), among)).toBe("kitchen/commit 3f2a91c0de");
  });

  test("with several folders the folder's name stands in front", () => {
    expect(labelOf(place, among)).toBe("kitchen/kettle.py:4-6");
  });
});

describe("places of other sources", () => {
  test("are called as people call them, with a sign and an address of the web only", () => {
    const turn = newTurn("1", "why?");
    const evil = ticket({ id: 3, url: "command:workbench.action.quit" });
    finish(turn, reply({ citations: [ticket(), commit(), evil, citation({ id: 4 })] }));
    const [first, second, third, fourth] = shownTurn(turn, alone).citations;
    expect(first).toMatchObject({ label: "#123", symbol: ticket().label, icon: "issues", hasAddress: true });
    expect(second).toMatchObject({ label: "commit 3f2a91c0de", symbol: commit().label, hasAddress: false });
    expect(third).toMatchObject({ label: "#123", hasAddress: false });
    expect(fourth).toMatchObject({ label: "kettle.py:4-6", symbol: "boil_water", icon: "", hasAddress: false });
  });

  test("stand among the hits with the sign of their source", () => {
    const turn = newTurn("1", "why?");
    turn.hits = [hit({ ...ticket(), kind: "event" }), hit({ ...commit(), kind: "event" }), hit()];
    const shown = shownTurn(turn, alone).hits;
    expect(shown.map(one => one.icon)).toEqual(["issues", "git-commit", "symbol-function"]);
    expect(shown.map(one => one.symbol)).toEqual([ticket().label, commit().label, "boil_water"]);
  });

  test("are told as what the answer was drawn from, with what is not indexed", () => {
    const sources = ["code", "docs", "tickets", "commits", "designs"].map(source => ({
      source,
      indexed: source === "designs" ? 0 : 5,
      used: source === "tickets" || source === "code",
    }));
    const turn = newTurn("1", "why?");
    finish(turn, reply({ sources }));
    expect(shownTurn(turn, alone).origin).toContain("drawn from code, tickets; not indexed: designs");
    const plain = newTurn("2", "where?");
    finish(plain, reply({ sources: sources.map(use => ({ ...use, used: use.source === "code" })) }));
    expect(shownTurn(plain, alone).origin).not.toContain("drawn");
  });

  test("an answer that an earlier version kept has neither labels nor sources", () => {
    const turn = newTurn("1", "where?");
    const { source, label, url, ...old } = citation();
    const { sources, ...rest } = reply();
    finish(turn, { ...rest, citations: [old] } as unknown as AskReply);
    expect(shownTurn(turn, alone).citations).toMatchObject([{ label: "kettle.py:4-6", hasAddress: false, icon: "" }]);
    expect([source, label, url, sources]).toEqual(["code", "", "", []]);
  });
});

describe("a turn", () => {
  test("grows by the pieces of the stream, each citation once", () => {
    const turn = newTurn("1", "how is water boiled?");
    addPiece(turn, { token: "t", event: "evidence", hits: [hit()] });
    addPiece(turn, { token: "t", event: "claim", claim: claim("One.", [1]), citations: [citation()] });
    addPiece(turn, { token: "t", event: "claim", claim: claim("Two.", [1]), citations: [citation()] });
    addPiece(turn, { token: "t", event: "withheld", withheld: { text: "Lie.", reason: "not there" } });
    const shown = shownTurn(turn, alone);
    expect(shown.status).toBe("running");
    expect(shown.hits.map(one => one.label)).toEqual(["kettle.py:4-6"]);
    expect(shown.claims.map(one => one.text)).toEqual(["One.", "Two."]);
    expect(shown.citations).toHaveLength(1);
    expect(shown.withheld).toEqual([{ text: "Lie.", reason: "not there" }]);
    expect(shown.origin).toBe("");
  });

  test("says why nothing is written yet, until the model is free", () => {
    const turn = newTurn("1", "?");
    addPiece(turn, { token: "t", event: "waiting", notice: "The model is busy." });
    expect(shownTurn(turn, alone).waiting).toBe("The model is busy.");
    addPiece(turn, { token: "t", event: "waiting", notice: "" });
    expect(shownTurn(turn, alone).waiting).toBe("");
  });

  test("is replaced by the reply, which is the truth: a model's claims give way to what was found without it", () => {
    const turn = newTurn("1", "?");
    addPiece(turn, { token: "t", event: "claim", claim: claim("Streamed."), citations: [] });
    finish(turn, reply({ missing: ["`Samovar`"], near_misses: ["`boil_water`"], notices: ["The model died."] }));
    const shown = shownTurn(turn, alone);
    expect(shown.status).toBe("done");
    expect(shown.claims.map(one => one.text)).toEqual(["`boil_water` heats water until it boils."]);
    expect([shown.missing, shown.nearMisses, shown.notices]).toEqual([
      ["`Samovar`"],
      ["`boil_water`"],
      ["The model died."],
    ]);
    expect(shown.traced).toBe(true);
  });

  test("says where its answer comes from", () => {
    const turn = newTurn("1", "?");
    finish(turn, reply({ index: { files: 1, chunks: 1, indexing: true, drift: null } }));
    expect(shownTurn(turn, alone).origin).toBe("Taken from the index; 1 file, still indexing");
    finish(
      turn,
      reply({ mode: "llm", model: "qwen", index: { files: 3515, chunks: 1, indexing: false, drift: null } }),
    );
    expect(shownTurn(turn, alone).origin).toBe("Written by qwen, its words checked against what it cites; 3,515 files");
  });

  test("says how far the index was behind, and when that was counted", () => {
    const now = Date.now() / 1000;
    const drift = { measured_at: now, files: 3, drifted_files: 2, drifted_chunks: 9, unindexed_files: 1 };
    const turn = newTurn("1", "?");
    finish(turn, reply({ index: { files: 3, chunks: 9, indexing: false, drift } }));
    expect(shownTurn(turn, alone).origin).toBe(
      `Taken from the index; 3 files, 2 changed since, 1 not indexed yet, counted at ${recently(now, new Date())}`,
    );
  });
});

test("a model that is missing is an offer, not a notice with a command line in it", () => {
  const turn = newTurn("1", "?");
  finish(turn, reply({ notices: ["Answered without a language model: x is not downloaded; run: y.", "Other."] }));
  expect(shownTurn(turn, alone)).toMatchObject({ notices: ["Other."], lacksModel: true });
  finish(turn, reply());
  expect(shownTurn(turn, alone).lacksModel).toBe(false);
});

test("a follow-up refers to the last question that was answered, whether its trace was kept or not", () => {
  const answered = newTurn("1", "a");
  finish(answered, reply({ trace_id: "first" }));
  const untraced = newTurn("2", "b");
  finish(untraced, reply({ trace_id: "" }));
  const stopped = { ...newTurn("3", "c"), status: "stopped" as const };
  expect(previousTrace([answered, stopped])).toBe("first");
  expect(previousTrace([answered, untraced, stopped])).toBe("");
  expect(previousTrace([stopped])).toBeUndefined();
  expect(previousTrace([])).toBeUndefined();
});

test("a citation shows where its lines were found when it was opened", () => {
  const turn = newTurn("1", "?");
  finish(turn, reply());
  restate(turn, 1, { verdict: "valid", start_line: 4, end_line: 6 });
  expect(shownTurn(turn, alone).citations[0]).toMatchObject({ label: "kettle.py:4-6", verdict: "valid" });
  restate(turn, 1, { verdict: "moved", start_line: 9, end_line: 11 });
  restate(turn, 1, { verdict: "valid", start_line: 9, end_line: 11 });
  expect(shownTurn(turn, alone).citations[0]).toMatchObject({ label: "kettle.py:9-11", verdict: "moved" });
});
