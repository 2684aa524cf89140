// Traces as `surefoot trace export` writes them, cut down: one of this version, and one of a version whose details were texts.

import type { StageReply, TraceReply } from "../../src/protocol.ts";

const ROOT = "/projects/httpx";

export function stage(name: string, started_ms: number, details: StageReply["details"] = {}, counts = {}): StageReply {
  return { name, started_ms, milliseconds: 2, counts, details };
}

export function traceOf(stages: StageReply[], more: Partial<TraceReply> = {}): TraceReply {
  const question = "which headers does _redirect_headers strip?";
  const row = { trace_id: "e02520fa2bf5", kind: "ask", question, started_at: 1_795_599_499, outcome: "llm, 1 claims" };
  return { ...row, milliseconds: 100, client: "editor", roots: [ROOT], stages, request: {}, versions: {}, ...more };
}

const RERANKED = [
  {
    place: "_client.py:546-571",
    symbol: "BaseClient._redirect_headers",
    score: 0.2257,
    retrievers: { lexical: 1, vector: 1, symbol: 1 },
    rules: { definition_of_mentioned_symbol: 1.6, covers_the_question: 2.059 },
  },
  {
    place: "_models.py:771-792",
    symbol: "Response.has_redirect_location",
    score: 0.0439,
    retrievers: { lexical: 10, vector: 13 },
    rules: { query_words_in_symbol_name: 1.144, covers_the_question: 1.465 },
  },
  {
    place: "_main.py:431-451",
    symbol: "main",
    score: 0.0229,
    retrievers: { vector: 8 },
    rules: { covers_the_question: 1.465, spread_over_files: 0.75 },
  },
  { place: "_api.py:405-438", symbol: "delete", score: 0.0226, retrievers: { lexical: 35 }, rules: {} },
  { place: "_urls.py:1-9", symbol: "", score: 0.01, retrievers: { lexical: 60 }, rules: {} },
];

const FOUND = [
  stage("resolve", 0, { products: ["httpx"], mentions: [], terms: {} }),
  stage("rerank", 10, { ranking: RERANKED }),
  stage("floor", 20, { reason: "what the question names is indexed", passed: true }),
  stage("focus", 22, {
    hits: [
      "_client.py:546-571 BaseClient._redirect_headers",
      "_models.py:771-792 Response.has_redirect_location",
      "_main.py:431-451 main",
      "_api.py:405-438 delete",
    ],
  }),
];

function cited(id: number, place: string, symbol: string) {
  return { id, place, symbol, root: ROOT, verdict: "valid" };
}

const REDIRECT = cited(1, "_client.py:546-571", "BaseClient._redirect_headers");
const LOCATION = cited(2, "_models.py:773-775", "Response.has_redirect_location");

export const NOW = traceOf([
  ...FOUND,
  stage("lexical", 2, { ranking: [{ place: "_client.py:546-571", symbol: "x", score: 25.0154 }] }, { found: 79 }),
  stage(
    "budget",
    30,
    {
      items: [
        { number: 1, place: "_client.py:546-571", symbol: "BaseClient._redirect_headers", root: ROOT, text: "def …" },
        { number: 2, place: "_models.py:773-775", symbol: "Response.has_redirect_location", root: ROOT, text: "x" },
      ],
      dropped: [{ place: "_main.py:431-451", reason: "token budget" }],
    },
    { tokens: 884 },
  ),
  stage("prompt", 32, { system: "You answer.", user: "Sources:\n\n[1] …", grammar: "root ::= claim" }),
  stage("generate", 34, { draft: "- It strips `Authorization`. [1][2]\n- It is encrypted. [2][7]\n" }),
  stage("cite", 40, { citations: [REDIRECT, LOCATION] }),
  stage("verify", 42, { claim: "It strips `Authorization`.", verdict: "supported", citations: [REDIRECT] }),
  stage("cite", 50, {
    citations: [LOCATION, { id: 7, place: ":0", symbol: "", root: ".", verdict: "not_in_context" }],
  }),
  stage("verify", 52, { claim: "It is encrypted.", verdict: "`encrypted` is not in what it cites", citations: [] }),
]);

export const EARLIER = traceOf([
  ...FOUND,
  stage("lexical", 2, { ranking: [[96, 10.3312]] }, { found: 79 }),
  stage("budget", 30, {
    items: ["[1] _client.py:546-571 BaseClient._redirect_headers", "[2] _models.py:773-775 has_redirect_location"],
    dropped: ["_main.py:431-451: token budget"],
  }),
  stage("extract", 34),
  stage("cite", 40, { citations: ["[1] _client.py:546-571 valid", "[7] :0 not_in_context"] }),
  stage("verify", 42, { claim: "It strips `Authorization`.", verdict: "supported" }),
]);
