// What the status bar says, from what is known of the server and its index.
//
// Invariant: imports no `vscode`. A count is never shown without what was counted and when; colour and icon never say
// anything that the words don't.

import { counted, moment, recently, remaining, waiting, whole } from "../numbers";
import type { DriftReply, RootStatusReply, StatusChanged, StatusReply } from "../protocol";
import type { ServerState } from "../server";
import { hindranceOf } from "./hindrance";

/** What is known; what is not known yet is left out. */
export interface Known {
  state: ServerState;
  progress?: StatusChanged | undefined;
  status?: StatusReply | undefined;
  /** Why the index could not be counted the last time. */
  problem?: string | undefined;
}

export type Click = "health" | "help";

export interface Shown {
  text: string;
  /** One paragraph each; texts, not Markdown. */
  tooltip: string[];
  /** For screen readers. */
  label: string;
  background: "" | "warning" | "error";
  click: Click;
}

const OPENS_HEALTH = "Click for Index Health.";

export function shownOf(known: Known, now: Date): Shown {
  if (known.state.kind !== "running") {
    return hindered(known.state);
  }
  if (known.progress?.indexing) {
    return indexing(known.progress, known.status);
  }
  if (known.problem) {
    const why = `The index could not be counted: ${known.problem}`;
    return shown("$(warning) Surefoot", why, lastMeasured(known.status), "warning");
  }
  return known.status ? counts(known.status, now) : shown("$(loading~spin) Surefoot", "Counting what is indexed.", []);
}

/** Whether the server has counted something else since than what is shown. */
export function isOutdated(status: StatusReply | undefined, drift: DriftReply | null): boolean {
  const shown = status && [status.files, filesBehind(status)];
  return drift !== null && `${shown}` !== `${[drift.files, drift.drifted_files + drift.unindexed_files]}`;
}

/** Files that a question asked now would not find as they are. */
export function filesBehind(status: StatusReply): number {
  return status.unindexed_files + driftedFiles(status.roots);
}

function hindered(state: ServerState): Shown {
  const hindrance = hindranceOf(state);
  const helps = state.kind !== "starting";
  const [icon, background] = ICONS[state.kind];
  const help = hindrance?.help.map(help => help.title) ?? [];
  const click = helps ? `Click for ${orList(help)}.` : OPENS_HEALTH;
  const sentence = hindrance?.sentence ?? "";
  return {
    text: `${icon} Surefoot`,
    tooltip: [sentence, click],
    label: `Surefoot: ${sentence} ${click}`,
    background,
    click: helps ? "help" : "health",
  };
}

const ICONS: Record<ServerState["kind"], [string, Shown["background"]]> = {
  running: ["$(check)", ""],
  starting: ["$(loading~spin)", ""],
  untrusted: ["$(shield)", ""],
  noFolder: ["$(folder)", ""],
  absent: ["$(cloud-download)", "warning"],
  failed: ["$(error)", "error"],
  stopped: ["$(debug-stop)", "warning"],
};

function indexing(progress: StatusChanged, status: StatusReply | undefined): Shown {
  const { done, total } = progress;
  if (total === 0) {
    return shown("$(sync~spin) Surefoot", "Indexing: looking for files.", lastMeasured(status));
  }
  const left = progress.seconds_left === null ? "" : `, about ${remaining(progress.seconds_left)} left`;
  const speed = progress.files_per_second > 0 ? `, ${whole(progress.files_per_second)} a second` : "";
  const sentence = `Indexing: ${whole(done)} of ${counted(total, "file")}${speed}${left}.`;
  return shown(`$(sync~spin) Surefoot ${whole(done)}/${whole(total)}`, sentence, lastMeasured(status));
}

function counts(status: StatusReply, now: Date): Shown {
  const when = `Counted at ${recently(status.measured_at, now)}.`;
  const behind = filesBehind(status);
  if (behind > 0) {
    const sentence = `${counted(behind, "file")} ${behind === 1 ? "is" : "are"} not indexed as on disk: ${behindInWords(status)}.`;
    return shown(`$(warning) Surefoot ${whole(behind)}`, `${sentence} ${when}`, measured(status), "warning");
  }
  return shown("$(check) Surefoot", `${completeInWords(status)} ${when}`, measured(status));
}

/** A file that can't be read stays so, which is no reason to warn for ever, but one to say it. */
function completeInWords(status: StatusReply): string {
  const failed = status.roots.reduce((sum, root) => sum + root.failed.length, 0);
  const but = failed > 0 ? `; ${whole(failed)} more could not be read` : "";
  if (status.files === 0) {
    return failed > 0 ? `No file is indexed${but}.` : "There is no file to index here.";
  }
  const all = failed === 0 && status.files > 1 ? "All " : "";
  return `${all}${counted(status.files, "file")} ${status.files === 1 ? "is" : "are"} indexed as on disk${but}.`;
}

function behindInWords(status: StatusReply): string {
  const drifted = driftedFiles(status.roots);
  const parts = [];
  if (drifted > 0) {
    parts.push(`${whole(drifted)} changed or gone since`);
  }
  if (status.unindexed_files > 0) {
    parts.push(`${whole(status.unindexed_files)} not indexed yet`);
  }
  return parts.join(", ");
}

function measured(status: StatusReply): string[] {
  return [
    ...waiting(status),
    `${counted(status.files, "file")}, ${counted(status.chunks, "chunk")}, ${whole(status.drifted_chunks)} drifted`,
    `Model: ${status.model} (${status.model_state})`,
    `Embedder: ${status.embedder}`,
  ];
}

/** Where the numbers are those of an earlier count. */
function lastMeasured(status: StatusReply | undefined): string[] {
  return status ? [...measured(status), `Last counted: ${moment(status.measured_at)}`] : [];
}

function shown(text: string, sentence: string, facts: string[], background: Shown["background"] = ""): Shown {
  const tooltip = [sentence, ...facts, OPENS_HEALTH];
  return { text, tooltip, label: `Surefoot: ${sentence} ${OPENS_HEALTH}`, background, click: "health" };
}

function driftedFiles(roots: RootStatusReply[]): number {
  return roots.reduce((sum, root) => sum + root.drifted_files.length, 0);
}

function orList(words: string[]): string {
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} or ${words.at(-1)}`;
}
