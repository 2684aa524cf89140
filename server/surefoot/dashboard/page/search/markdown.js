// An answer as Markdown, for an issue, a chat or a commit message; the same text as the VS Code extension copies.
//
// Invariant: nothing of a repository becomes markup of the text that it is pasted into, but code in backticks.

import { isCommit, nameOf, placeLabel } from "../base/sources.js";
import { visible } from "../base/visible.js";

export function asMarkdown(turn, on = new Date()) {
  const parts = [`**${literal(turn.question)}**`];
  const claims = turn.claims.map(claim => `${literal(claim.text)} ${claim.citations.map(id => `[${id}]`).join("")}`);
  parts.push(claims.length > 0 ? claims.join("\n\n") : "No answer was found in the code.");
  if (turn.reply?.missing.length) {
    parts.push(`Not found: ${turn.reply.missing.map(literal).join("; ")}`);
  }
  if (turn.citations.length > 0) {
    parts.push(turn.citations.map(cited).join("\n"));
  }
  parts.push(`_Surefoot, ${on.toISOString().slice(0, 10)}; every place was checked against the working tree._`);
  return `${parts.join("\n\n")}\n`;
}

function cited(citation) {
  const name = isCommit(citation) ? "" : nameOf(citation);
  const symbol = name ? ` ${code(name)}` : "";
  const gone = citation.verdict === "missing" ? " (no longer there)" : "";
  return `- [${citation.id}] ${code(isCommit(citation) ? nameOf(citation) : placeLabel(citation))}${symbol}${gone}`;
}

/** Inline code whatever stands in it: the fence is longer than any run of backticks inside. */
function code(text) {
  const line = visible(text.replace(/\s+/g, " "));
  const longest = Math.max(0, ...[...line.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  return longest > 0 ? `${fence} ${line} ${fence}` : `${fence}${line}${fence}`;
}

/** One line that renders as exactly this text, with what stands in backticks as code. */
function literal(text) {
  const line = visible(text.replace(/\s+/g, " ").trim());
  return line.replace(/(`+)[^`]+\1|[\\*_{}[\]<>#|~&!$@`]/g, found => (found.length > 1 ? found : `\\${found}`));
}
