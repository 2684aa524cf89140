// How much of a root is indexed as it stands on disk.
//
// Invariant: counts of the status only; a file that is skipped on purpose is not missing, one that failed is.

import type { RootStatusReply, Skipped, StatusReply } from "../../protocol";

export interface Coverage {
  /** Files that are indexed as they are on disk. */
  current: number;
  /** Files that should be. */
  wanted: number;
}

export interface SkippedReason {
  reason: string;
  count: number;
  /** The first of them. */
  files: string[];
}

export function coverageOf(root: RootStatusReply): Coverage {
  const current = Math.max(0, root.files - root.drifted_files.length);
  return { current, wanted: root.files + root.unindexed_files + root.failed.length };
}

export function coverageOfAll(status: StatusReply): Coverage {
  return status.roots
    .map(coverageOf)
    .reduce((sum, one) => ({ current: sum.current + one.current, wanted: sum.wanted + one.wanted }), {
      current: 0,
      wanted: 0,
    });
}

/** Languages with their files, the largest first. */
export function languagesOf(root: RootStatusReply): [language: string, files: number][] {
  return Object.entries(root.languages).sort(byCountThenName);
}

/** Reasons with their counts, the most frequent first, and the files behind them as far as they were sent. */
export function skippedOf(root: RootStatusReply): SkippedReason[] {
  return Object.entries(root.skipped)
    .sort(byCountThenName)
    .map(([reason, count]) => ({ reason, count, files: pathsOf(root.skipped_files ?? [], reason) }));
}

function pathsOf(files: Skipped[], reason: string): string[] {
  return files.filter(file => file.reason === reason).map(file => file.path);
}

function byCountThenName(one: [string, number], other: [string, number]): number {
  return other[1] - one[1] || one[0].localeCompare(other[0]);
}
