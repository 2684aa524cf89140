// Questions that were asked, with as much of their answers as has come.
//
// Invariant: what a turn shows as said is what the server has checked; the last event replaces all before it.

import { isAborted, postEvents, sentenceOf } from "../base/api.js";
import { draw } from "../base/draw.js";
import { scopeOf } from "./question.js";

const BROKEN = "The answer broke off. Ask again; if it happens once more, the terminal of the dashboard says why.";
const turns = new Map(); // by their place in the address
let count = 0;

export function turnAt(hash) {
  return turns.get(hash);
}

export function turnOf(traceId) {
  return traceId ? [...turns.values()].findLast(turn => turn.reply?.trace_id === traceId) : undefined;
}

/**
 * Ask, and keep the turn under its address. `previous` is the turn that it follows up, as far as the page knows it.
 * One that is still being answered is stopped: nobody sees it any longer, and it would hold the model.
 */
export function ask(hash, question, previous) {
  for (const earlier of turns.values()) {
    stop(earlier);
  }
  const turn = {
    id: ++count,
    question: question.text.trim(),
    filters: question.filters,
    after: question.after,
    previous,
    status: "running",
    hits: [],
    claims: [],
    citations: [],
    withheld: [],
    waiting: "", // why no sentence is written yet
    reply: undefined,
    error: "",
    reported: "",
    controller: new AbortController(),
  };
  turns.set(hash, turn);
  void follow(turn);
  return turn;
}

export function stop(turn) {
  if (turn?.status === "running") {
    turn.status = "stopped";
    turn.controller.abort();
    draw();
  }
}

async function follow(turn) {
  const body = { question: turn.question, ...scopeOf(turn.filters), ...(turn.after ? { after: turn.after } : {}) };
  try {
    for await (const { event, data } of postEvents("/api/ask", body, { signal: turn.controller.signal })) {
      heard(turn, event, data);
      draw();
    }
    if (turn.status === "running") {
      fail(turn, BROKEN);
    }
  } catch (error) {
    if (!isAborted(error)) {
      fail(turn, sentenceOf(error));
    }
  }
  draw();
}

function heard(turn, event, data) {
  if (event === "evidence") {
    turn.hits = data.hits;
  } else if (event === "waiting") {
    turn.waiting = data.notice;
  } else if (event === "claim") {
    turn.claims.push(data.claim);
    const known = new Set(turn.citations.map(citation => citation.id));
    turn.citations.push(...data.citations.filter(citation => !known.has(citation.id)));
  } else if (event === "withheld") {
    turn.withheld.push(data.withheld);
  } else if (event === "answer") {
    const { claims, citations, withheld } = data;
    Object.assign(turn, { reply: data, claims, citations, withheld, status: "done" });
  } else if (event === "error") {
    fail(turn, data.error);
  }
}

function fail(turn, sentence) {
  turn.status = "failed";
  turn.error = sentence;
}
