// An answer as Markdown, for an issue, a chat or a commit message.

import type { CitationReply } from "../protocol";
import { isCommit, nameOf } from "../sources";
import { visible } from "../visible";
import { labelOf, type RootPrefix, type Turn } from "./conversation";

/** The answer with numbered places, each linked where `links` (in the order of the citations) has an address. */
export function asMarkdown(turn: Turn, links: readonly string[], prefixOf: RootPrefix, on: Date): string {
  const parts = [`**${literal(turn.question)}**`];
  const claims = turn.claims.map(claim => `${literal(claim.text)} ${claim.citations.map(id => `[${id}]`).join("")}`);
  parts.push(claims.length > 0 ? claims.join("\n\n") : "No answer was found in the code.");
  if (turn.reply?.missing.length) {
    parts.push(`Not found: ${turn.reply.missing.map(literal).join("; ")}`);
  }
  if (turn.citations.length > 0) {
    parts.push(turn.citations.map((citation, index) => cited(citation, links[index] ?? "", prefixOf)).join("\n"));
  }
  const day = on.toISOString().slice(0, 10);
  parts.push(`_Surefoot, ${day}; every place was checked against the working tree._`);
  return `${parts.join("\n\n")}\n`;
}

function cited(citation: CitationReply, link: string, prefixOf: RootPrefix): string {
  const name = nameOf(citation);
  const label = code(isCommit(citation) ? name : labelOf(citation, prefixOf));
  const symbol = name && !isCommit(citation) ? ` ${code(name)}` : "";
  const gone = citation.verdict === "missing" ? " (no longer there)" : "";
  return `- [${citation.id}] ${link ? `[${label}](${inBrackets(link)})` : label}${symbol}${gone}`;
}

/** Inline code whatever stands in it, as a ticket's title: the fence is longer than any run of backticks inside. */
function code(text: string): string {
  const line = visible(text.replace(/\s+/g, " "));
  const longest = Math.max(0, ...[...line.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  return longest > 0 ? `${fence} ${line} ${fence}` : `${fence}${line}${fence}`;
}

/** An address that a bracket in it does not end: that of a ticket is somebody's text. */
function inBrackets(link: string): string {
  return link.replaceAll("(", "%28").replaceAll(")", "%29");
}

/** One line that renders as exactly this text, with what stands in backticks as code. */
function literal(text: string): string {
  const line = visible(text.replace(/\s+/g, " ").trim());
  return line.replace(/(`+)[^`]+\1|[\\*_{}[\]<>#|~&!$@]/g, found => (found.length > 1 ? found : `\\${found}`));
}
