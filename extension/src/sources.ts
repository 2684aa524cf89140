// Places of other sources than code: how a ticket, a commit or a drawing is called and drawn.
//
// Invariant: a commit is never shown as a path; an address is only one of the web.

import { iconOf } from "./icons";

interface Named {
  symbol: string;
  label?: string;
}

/** The sources by the server's names, as people call them, in the order in which they are offered. */
export const SOURCES: Record<string, string> = {
  code: "code",
  docs: "documents",
  tickets: "tickets",
  commits: "commits",
  designs: "designs",
};

const ICONS: Record<string, string> = {
  tickets: "issues",
  commits: "git-commit",
  designs: "type-hierarchy-sub",
};
const COMMIT = "commit:"; // what the server puts before the digits: a commit is a place, and no file
const DIGITS = 10; // of a commit, as people write it

export function isCommit({ path }: { path: string }): boolean {
  return path.startsWith(COMMIT);
}

/** `commit 3f2a91c0de`. */
export function shortCommit(path: string): string {
  return `commit ${path.slice(COMMIT.length, COMMIT.length + DIGITS)}`;
}

/** What stands there: what people call it, or the name of the definition. Answers of earlier versions have no labels. */
export function nameOf({ label, symbol }: Named): string {
  return label || symbol;
}

/** The codicon of a hit: that of its source, and for code and documents that of its kind. */
export function iconOfPlace({ kind, source }: { kind: string; source?: string }): string {
  return ICONS[source ?? ""] ?? iconOf(kind);
}

export function isWebAddress(url: string | undefined): url is string {
  return /^https?:\/\//i.test(url ?? "");
}
