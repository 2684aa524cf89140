// The questions of one conversation and what is known of their answers; pure, so that it can be tested plainly.
//
// Invariant: a turn is changed by the server's pieces and replies only; the final reply is the truth where they differ.

import { driftInWords } from "../numbers";
import type { AskReply, CitationReply, ClaimReply, HitReply, RecheckReply, Streamed, WithheldReply } from "../protocol";
import { iconOfPlace, isCommit, isWebAddress, nameOf, SOURCES, shortCommit } from "../sources";
import type { ShownTurn, TurnStatus } from "../webview/askMessages";

export interface Turn {
  id: string;
  question: string;
  status: TurnStatus;
  hits: HitReply[];
  claims: ClaimReply[];
  citations: CitationReply[];
  withheld: WithheldReply[];
  /** Why no sentence is written yet, while the model is busy with another answer. */
  waiting: string;
  reply: AskReply | undefined;
  error: string;
  reported: boolean;
}

// So many turns are kept over a reload of the window; older ones are still in the traces.
export const KEPT_TURNS = 10;
export const KEPT_QUESTIONS = 50;

// The way out that follows is for the command line; here it is a button.
const NO_MODEL = /^Answered without a language model: /;

export function newTurn(id: string, question: string): Turn {
  return {
    id,
    question,
    status: "running",
    hits: [],
    claims: [],
    citations: [],
    withheld: [],
    waiting: "",
    reply: undefined,
    error: "",
    reported: false,
  };
}

/** Take in one piece of an answer that is still being made. */
export function addPiece(turn: Turn, piece: Streamed): void {
  if (piece.event === "evidence") {
    turn.hits = piece.hits;
  } else if (piece.event === "waiting") {
    turn.waiting = piece.notice;
  } else if (piece.event === "claim") {
    turn.claims.push(piece.claim);
    const known = new Set(turn.citations.map(citation => citation.id));
    turn.citations.push(...piece.citations.filter(citation => !known.has(citation.id)));
  } else {
    turn.withheld.push(piece.withheld);
  }
}

/** Take in the whole answer, which repeats every piece. */
export function finish(turn: Turn, reply: AskReply): void {
  turn.status = "done";
  turn.question = reply.question || turn.question;
  turn.reply = reply;
  turn.claims = reply.claims;
  turn.citations = reply.citations;
  turn.withheld = reply.withheld;
}

/** The trace of the answer that a new question may refer back to: "" where it was not kept, none at the beginning. */
export function previousTrace(turns: readonly Turn[]): string | undefined {
  return turns.findLast(turn => turn.status === "done")?.reply?.trace_id;
}

/** What stands before a path: the name of its root and a slash where the workspace has several, or else nothing. */
export type RootPrefix = (root: string) => string;

/** `path:12-30`, or `commit 3f2a91c0de`, with the root's name in front where there are several. */
export function labelOf(
  place: { root: string; path: string; start_line: number; end_line: number },
  prefixOf: RootPrefix,
): string {
  if (isCommit(place)) {
    return `${prefixOf(place.root)}${shortCommit(place.path)}`;
  }
  const lines = place.start_line === place.end_line ? `${place.start_line}` : `${place.start_line}-${place.end_line}`;
  return `${prefixOf(place.root)}${place.path}:${lines}`;
}

/** Where a citation stands now, found when it was opened or copied; the turn shows that from then on. */
export function restate(turn: Turn, id: number, now: RecheckReply): void {
  for (const citation of turn.citations) {
    if (citation.id === id && now.verdict !== "valid") {
      Object.assign(citation, now);
    }
  }
}

export function shownTurn(turn: Turn, prefixOf: RootPrefix): ShownTurn {
  const reply = turn.reply;
  return {
    id: turn.id,
    question: turn.question,
    status: turn.status,
    hits: turn.hits.map(hit => ({
      label: labelOf(hit, prefixOf),
      symbol: nameOf(hit),
      icon: iconOfPlace(hit),
      why: hit.why,
    })),
    claims: turn.claims,
    citations: turn.citations.map(citation => ({
      id: citation.id,
      symbol: nameOf(citation),
      verdict: citation.verdict,
      label: citation.source === "tickets" && citation.symbol ? citation.symbol : labelOf(citation, prefixOf),
      icon:
        citation.source && citation.source !== "code" ? iconOfPlace({ kind: "string", source: citation.source }) : "",
      hasAddress: isWebAddress(citation.url),
    })),
    withheld: turn.withheld,
    waiting: turn.waiting,
    missing: reply?.missing ?? [],
    nearMisses: reply?.near_misses ?? [],
    notices: (reply?.notices ?? []).filter(notice => !NO_MODEL.test(notice)),
    lacksModel: (reply?.notices ?? []).some(notice => NO_MODEL.test(notice)),
    abstained: reply?.abstained ?? false,
    origin: reply ? originOf(reply) : "",
    error: turn.error,
    traced: Boolean(reply?.trace_id),
    reported: turn.reported,
  };
}

function originOf(reply: AskReply): string {
  const files = `${reply.index.files.toLocaleString("en")} ${reply.index.files === 1 ? "file" : "files"}`;
  const going = reply.index.indexing ? ", still indexing" : "";
  const behind = reply.index.drift ? `, ${driftInWords(reply.index.drift, new Date())}` : "";
  const writer =
    reply.mode === "llm"
      ? `Written by ${reply.model}, its words checked against what it cites`
      : "Taken from the index";
  return `${writer}; ${files}${going}${behind}${drawnFrom(reply)}`;
}

/** Which sources were used besides code and documents, and which there are none of. */
function drawnFrom({ sources = [] }: Partial<AskReply>): string {
  const used = sources.filter(use => use.used).map(use => use.source);
  if (!used.some(source => source !== "code" && source !== "docs")) {
    return "";
  }
  const absent = sources.filter(use => use.indexed === 0 && use.source !== "docs").map(use => SOURCES[use.source]);
  const told = `; drawn from ${used.map(source => SOURCES[source] ?? source).join(", ")}`;
  return absent.length > 0 ? `${told}; not indexed: ${absent.join(", ")}` : told;
}
