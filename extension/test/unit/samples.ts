// Replies as the server sends them, for the tests of what is made of them.

import type { AskReply, CitationReply, ClaimReply, HitReply } from "../../src/protocol.ts";

export const ROOT = "/projects/kitchen";

export function hit(over: Partial<HitReply> = {}): HitReply {
  return {
    path: "kettle.py",
    start_line: 4,
    end_line: 6,
    symbol: "boil_water",
    kind: "function",
    source: "code",
    root: ROOT,
    score: 1,
    retrievers: { lexical: 1 },
    text: "def boil_water(litres):\n    return litres * 80",
    language: "python",
    rules: {},
    why: ["named in the question"],
    label: "",
    url: "",
    ...over,
  };
}

export function citation(over: Partial<CitationReply> = {}): CitationReply {
  return {
    id: 1,
    path: "kettle.py",
    start_line: 4,
    end_line: 6,
    symbol: "boil_water",
    verdict: "valid",
    root: ROOT,
    text: "def boil_water(litres):",
    source: "code",
    label: "",
    url: "",
    ...over,
  };
}

export const COMMIT = `commit:3f2a91c0de${"0".repeat(30)}`;

/** A citation of a ticket in an export, and one of a commit. */
export function ticket(over: Partial<CitationReply> = {}): CitationReply {
  return citation({
    path: ".surefoot/tickets/github.json",
    start_line: 120,
    end_line: 120,
    symbol: "#123",
    text: "#123: Water is too cold\nState: closed",
    source: "tickets",
    label: "#123: Water is too cold (closed, 2024-03-01)",
    url: "https://git.example/123",
    ...over,
  });
}

export function commit(over: Partial<CitationReply> = {}): CitationReply {
  return citation({
    id: 2,
    path: COMMIT,
    start_line: 1,
    end_line: 1,
    symbol: "3f2a91c0de",
    text: "commit 3f2a91c0de: Heat longer\nDate: 2024-03-01",
    source: "commits",
    label: "commit 3f2a91c0de, 2024-03-01: Heat longer",
    ...over,
  });
}

export function claim(text: string, citations: number[] = [], struck: ClaimReply["struck"] = []): ClaimReply {
  return { text, citations, struck };
}

export function reply(over: Partial<AskReply> = {}): AskReply {
  return {
    question: "how is water boiled?",
    trace_id: "abc",
    mode: "extractive",
    model: "none",
    abstained: false,
    claims: [claim("`boil_water` heats water until it boils.", [1])],
    withheld: [],
    citations: [citation()],
    missing: [],
    near_misses: [],
    index: { files: 3, chunks: 9, indexing: false, drift: null },
    stages: {},
    notices: [],
    sources: [],
    ...over,
  };
}

/** Labels of a workspace with one folder, and of one with several. */
export const alone = () => "";
export const among = (root: string) => `${root.split("/").at(-1)}/`;
