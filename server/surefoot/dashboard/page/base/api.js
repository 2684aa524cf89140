// Calls of the dashboard's server: JSON both ways, and streams of events.
//
// Invariant: every call carries the token, and every failure is an `ApiError` with one sentence.

import { currentToken } from "./token.js";

const GONE = "The dashboard does not answer. Start `surefoot dashboard` again, and open the address that it prints.";

export class ApiError extends Error {
  constructor(sentence, status) {
    super(sentence);
    this.status = status;
  }
}

let tellLocked = () => {};

/** Whom to tell that the token is missing or is that of an earlier server. */
export function onLocked(told) {
  tellLocked = told;
}

export async function getJson(path, params = {}, { signal } = {}) {
  return (await call(withParams(path, params), { signal })).json();
}

export async function postJson(path, body, { signal } = {}) {
  return (await call(path, posting(body, signal))).json();
}

/** The events of an answer as they come, each `{ event, data }`. Leaving the loop cancels at the server. */
export async function* postEvents(path, body, { signal } = {}) {
  yield* eventsOf(await call(path, posting(body, signal)));
}

export async function* getEvents(path, { signal } = {}) {
  yield* eventsOf(await call(path, { signal }));
}

/** Whether a call was given up on purpose. */
export function isAborted(error) {
  return error?.name === "AbortError";
}

export function sentenceOf(error) {
  return error instanceof ApiError ? error.message : `The page failed: ${error?.message ?? error}.`;
}

function withParams(path, params) {
  const said = Object.entries(params).filter(([, value]) => value !== undefined && value !== "");
  return said.length > 0 ? `${path}?${new URLSearchParams(said)}` : path;
}

function posting(body, signal) {
  return { method: "POST", body: JSON.stringify(body), headers: { "Content-Type": "application/json" }, signal };
}

async function call(path, { headers = {}, ...options }) {
  let reply;
  try {
    reply = await fetch(path, {
      ...options,
      headers: { ...headers, Authorization: `Bearer ${currentToken()}` },
      credentials: "omit",
      cache: "no-store",
    });
  } catch (error) {
    throw isAborted(error) ? error : new ApiError(GONE, 0);
  }
  if (!reply.ok) {
    throw await refusalOf(reply);
  }
  return reply;
}

async function refusalOf(reply) {
  if (reply.status === 401) {
    tellLocked();
  }
  let sentence = "";
  try {
    sentence = (await reply.json()).error;
  } catch {
    // Not JSON: a proxy, or a server that fell over.
  }
  return new ApiError(sentence || `The dashboard answered with status ${reply.status}.`, reply.status);
}

async function* eventsOf(reply) {
  const reader = reply.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  try {
    for (;;) {
      const { done, value } = await nextOf(reader);
      if (done) {
        return;
      }
      const blocks = (rest + value).split(/\r?\n\r?\n/);
      rest = blocks.pop();
      yield* blocks.map(eventOf).filter(event => event.data !== undefined);
    }
  } finally {
    reader.cancel().catch(() => {}); // closing the connection is what cancels a question
  }
}

async function nextOf(reader) {
  try {
    return await reader.read();
  } catch (error) {
    throw isAborted(error) ? error : new ApiError(GONE, 0);
  }
}

function eventOf(block) {
  const lines = block.split(/\r?\n/);
  const data = lines.filter(line => line.startsWith("data:")).map(line => line.slice(5).trimStart());
  const name =
    lines
      .findLast(line => line.startsWith("event:"))
      ?.slice(6)
      .trim() ?? "message";
  return { event: name, data: data.length > 0 ? JSON.parse(data.join("\n")) : undefined };
}
