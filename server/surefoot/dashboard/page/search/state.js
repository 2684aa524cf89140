// What the search view shows: what is typed, what was found for it, and the question that was asked last.
//
// Invariant: of two searches on their way only the later one is ever shown.

import { isAborted, postJson, sentenceOf } from "../base/api.js";
import { draw } from "../base/draw.js";
import { go } from "../base/route.js";
import { hashOf, NO_FILTERS, questionOf, scopeOf } from "./question.js";
import { ask, stop, turnAt, turnOf } from "./turns.js";

const QUIET_MS = 80; // between two keys of somebody who types on
const PAUSE_MS = 300; // after which a change is not one key of many: what was pasted is looked for at once
const SHORTEST = 3; // letters that are worth it
const FEW = 10;
const MANY = 40;

export const search = {
  text: "",
  filters: NO_FILTERS,
  after: "", // the trace of the question that the typed one follows up
  turn: undefined,
  isDraft: true, // the address shows something typed rather than something asked
  found: undefined, // { query, reply, milliseconds }
  error: "",
  isBusy: false,
  most: FEW,
};

let timer;
let lastTyped = -PAUSE_MS;
let running;

/** Show what the address says. */
export function enter(params) {
  const question = questionOf(params);
  search.filters = question.filters;
  search.isDraft = !question.isAsked;
  if (question.isAsked) {
    const hash = hashOf(question);
    search.turn = turnAt(hash) ?? ask(hash, question, turnOf(question.after));
    Object.assign(search, { text: "", after: question.after });
    forget();
  } else {
    Object.assign(search, { text: question.text, after: question.after, turn: turnOf(question.after) });
    find();
  }
  draw();
}

/** The trace that a question typed now follows up. */
export function followed() {
  return search.isDraft ? search.after : (search.turn?.reply?.trace_id ?? "");
}

export function typed(text) {
  const now = performance.now();
  const isFirst = now - lastTyped > PAUSE_MS && text.trim().length >= SHORTEST;
  lastTyped = now;
  write({ text });
  clearTimeout(timer);
  timer = setTimeout(find, isFirst ? 0 : QUIET_MS);
}

export function filter(changes) {
  write({ filters: { ...search.filters, ...changes } });
  find();
}

/** Ask what is typed. */
export function submit() {
  const text = search.text.trim();
  if (!text) {
    return;
  }
  const question = { text, filters: search.filters, after: followed(), isAsked: true };
  const hash = hashOf(question);
  const replace = search.isDraft;
  search.turn = ask(hash, question, turnOf(question.after));
  go(hash, { replace });
}

/** Begin anew: what is asked next follows up nothing. */
export function startOver() {
  stop(search.turn);
  go(hashOf({ text: search.text, filters: search.filters, after: "", isAsked: false }));
}

export function showMore() {
  search.most = MANY;
  find();
}

export async function find() {
  clearTimeout(timer);
  running?.abort();
  const query = search.text.trim();
  if (!query) {
    forget();
    return;
  }
  running = new AbortController();
  const { signal } = running;
  search.isBusy = true;
  draw();
  const started = performance.now();
  try {
    const body = { query, k: search.most, trace: false, ...scopeOf(search.filters) };
    const reply = await postJson("/api/search", body, { signal });
    Object.assign(search, { found: { query, reply, milliseconds: performance.now() - started }, error: "" });
  } catch (error) {
    if (isAborted(error)) {
      return;
    }
    Object.assign(search, { found: undefined, error: sentenceOf(error) });
  }
  search.isBusy = false;
  draw();
}

/** Look again, as the index has changed or the server is there again; what is not shown isn't looked for. */
export function findAgain() {
  if (search.found || search.error) {
    void find();
  }
}

function write(changes) {
  const question = { text: search.text, filters: search.filters, ...changes, after: followed(), isAsked: false };
  const replace = search.isDraft;
  if ("text" in changes && changes.text.trim() !== search.text.trim()) {
    search.most = FEW;
  }
  Object.assign(search, { text: question.text, filters: question.filters, after: question.after, isDraft: true });
  go(hashOf(question), { replace, quiet: true });
  draw();
}

function forget() {
  running?.abort();
  Object.assign(search, { found: undefined, error: "", isBusy: false, most: FEW });
  draw();
}
