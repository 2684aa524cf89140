// What every view knows of the workspace: its roots and figures, and what the indexer is doing right now.
//
// Invariant: figures are the server's; nothing is counted here.

import { getEvents, getJson, isAborted, sentenceOf } from "./api.js";
import { draw } from "./draw.js";

const AGAIN_MS = 3000;
const listeners = new Set();

export const workspace = { status: undefined, progress: undefined, error: "", isLost: false };
let stream; // the controller of the events that are read
let isLate = false; // something may have been missed

/** Called after each pass of the indexer and each save, until what is returned is called. */
export function onIndexed(told) {
  listeners.add(told);
  return () => listeners.delete(told);
}

export async function loadStatus() {
  try {
    workspace.status = await getJson("/api/status");
    workspace.error = "";
  } catch (error) {
    workspace.error = sentenceOf(error);
  }
  draw();
}

/** Follow the indexer while the page is seen: a browser has six connections to one server, for all tabs together. */
export function followIndexer() {
  stopFollowing();
  stream = new AbortController();
  if (!document.hidden) {
    void follow(stream.signal);
  }
}

export function stopFollowing() {
  isLate ||= stream !== undefined;
  stream?.abort();
}

async function follow(signal) {
  while (!signal.aborted) {
    try {
      for await (const { event, data } of getEvents("/api/events", { signal })) {
        heard(event, data);
      }
    } catch (error) {
      if (isAborted(error) || error.status === 401) {
        return;
      }
    }
    if (!signal.aborted) {
      Object.assign(workspace, { isLost: true });
      isLate = true;
      draw();
      await new Promise(resolve => setTimeout(resolve, AGAIN_MS));
    }
  }
}

function heard(event, data) {
  workspace.isLost = false;
  if (event === "progress") {
    workspace.progress = data;
    draw();
  }
  if (event === "indexed" || isLate) {
    isLate = false;
    void loadStatus();
    for (const told of listeners) {
      told();
    }
  }
}

export function rootsOf() {
  return workspace.status?.roots ?? [];
}

/** What a place of a root begins with: nothing where there is only one, else the root's name. */
export function prefixOf(root) {
  const roots = rootsOf();
  return roots.length < 2 ? "" : `${roots.find(one => one.root === root)?.name ?? root}/`;
}

/** The root that is meant where a trace names none. */
export function onlyRoot() {
  return rootsOf().length === 1 ? rootsOf()[0].root : "";
}
