// A question with its filters, as the address has it and as the server wants it.
//
// Invariant: the address alone says what is asked, so that it can be shared and reloaded.

import { hashFor } from "../base/route.js";

export const NO_FILTERS = { roots: [], source: "", lang: "", path: "" };

/** @returns {{text: string, filters: object, after: string, isAsked: boolean}} */
export function questionOf(params) {
  return {
    text: params.get("q") ?? "",
    filters: {
      roots: params.getAll("root"),
      source: params.get("source") ?? "",
      lang: params.get("lang") ?? "",
      path: params.get("path") ?? "",
    },
    after: params.get("after") ?? "",
    isAsked: params.has("ask") && (params.get("q") ?? "").trim() !== "",
  };
}

export function hashOf({ text, filters, after, isAsked }) {
  const { roots, source, lang, path } = filters;
  return hashFor("search", [], { q: text, root: roots, source, lang, path, after, ask: isAsked });
}

/** The filters as fields of SearchArguments and AskArguments; what is not filtered is left out. */
export function scopeOf({ roots, source, lang, path }) {
  const scope = { roots, source, lang, path: path.trim() };
  return Object.fromEntries(Object.entries(scope).filter(([, value]) => value.length > 0));
}

export function countOf({ roots, source, lang, path }) {
  return [roots.length > 0, source, lang, path.trim()].filter(Boolean).length;
}
