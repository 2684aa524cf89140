// One file as it stands now, with the cited lines lit.
//
// Invariant: the lines are laid out in blocks, of which the browser draws those that are in sight; nothing is wrapped.

import { html, nothing, ref } from "../vendor/lit.js";
import { getJson, sentenceOf } from "../base/api.js";
import { draw } from "../base/draw.js";
import { counted, whole } from "../base/numbers.js";
import { copyButton, editorIcon, failure, loading } from "../base/pieces.js";
import { visible, visibleLine } from "../base/visible.js";
import { isCommit, shortCommit } from "../base/sources.js";
import { prefixOf, rootsOf } from "../base/workspace.js";

const BLOCK = 100; // lines
const LINES = /^(\d{1,9})(?:-(\d{1,9}))?$/;

const state = {
  root: "",
  path: "",
  first: 0,
  last: 0,
  at: "", // what the lit lines begin with, in a text that has other lines than its file
  reply: undefined,
  blocks: [],
  count: 0,
  error: "",
  isBusy: false,
  isNew: false,
};

export const sourceView = {
  title: () => state.path.split("/").at(-1) || "Source",
  enter,
  indexed: () => load(false),
  template,
};

function enter({ params }) {
  const matched = LINES.exec(params.get("line") ?? "");
  const first = matched ? Number(matched[1]) : 0;
  const last = matched ? Math.max(first, Number(matched[2] ?? first)) : 0;
  const root = params.get("root") || (rootsOf().length === 1 ? rootsOf()[0].root : "");
  const isSame = root === state.root && params.get("path") === state.path;
  Object.assign(state, { root, path: params.get("path") ?? "", first, last, at: params.get("at") ?? "", isNew: true, error: "" });
  if (!isSame) {
    Object.assign(state, { reply: undefined, blocks: [] });
  }
  void load(true);
}

async function load(isNew) {
  const { root, path } = state;
  state.isBusy = true;
  draw();
  try {
    const reply = await getJson("/api/source", { root, path });
    if (root !== state.root || path !== state.path) {
      return;
    }
    Object.assign(state, { reply, error: "", isNew });
    Object.assign(state, shownOf(reply));
  } catch (error) {
    Object.assign(state, { reply: undefined, error: sentenceOf(error) });
  }
  state.isBusy = false;
  draw();
  requestAnimationFrame(reveal);
}

/** What is read in a file is shown in its own lines; those that were cited are found by how they begin. */
function shownOf({ text, lines }) {
  if (lines.length === 0 || !state.at) {
    return blocksOf(text, state.first, state.last); // traces have the lines of what is read, as this view has
  }
  const [from, to] = litOf(text.split("\n"), lines, state.first, state.at);
  return blocksOf(text, from, to);
}

/** The lines of a reading, from 1, that were made of a line of the file: the paragraph that begins with `at`. */
export function litOf(texts, lines, line, at) {
  const made = texts.findIndex((text, index) => lines[index] === line && (!at || text.startsWith(at)));
  const begin = made >= 0 || !at ? made : texts.findIndex(text => text.startsWith(at));
  if (line === 0 || begin < 0) {
    return [0, 0];
  }
  const length = texts.slice(begin).findIndex(text => !text.trim());
  return [begin + 1, length < 0 ? texts.length : begin + length];
}

/** Blocks of lines; the lit lines are blocks of their own. */
export function blocksOf(text, first, last) {
  const lines = visible(text.replaceAll("\r\n", "\n")).split("\n");
  if (lines.at(-1) === "" && lines.length > 1) {
    lines.pop(); // the end of the last line isn't a line
  }
  const cuts = new Set([0, lines.length]);
  for (let line = BLOCK; line < lines.length; line += BLOCK) {
    cuts.add(line);
  }
  const [from, to] = [Math.max(0, first - 1), Math.min(last, lines.length)];
  const hasLit = first > 0 && from < lines.length;
  if (hasLit) {
    cuts.add(from).add(to);
  }
  const ordered = [...cuts].sort((one, other) => one - other);
  const blocks = ordered.slice(0, -1).map((start, index) => ({
    start: start + 1,
    lines: lines.slice(start, ordered[index + 1]),
    isLit: hasLit && start >= from && start < to,
  }));
  return { blocks, count: lines.length };
}

function template() {
  const { root, path, reply, error, isBusy } = state;
  return html`
    <div class="source-head">
      <h1 tabindex="-1"><bdi class="place" dir="ltr">${visibleLine(isCommit({ path }) ? shortCommit(path) : prefixOf(root) + path)}</bdi></h1>
      <div class="row">
        ${reply ? html`<span class="secondary">${described(reply)}</span>` : nothing}
        ${path ? copyButton("Copy path", () => pathToCopy(), { testId: "copy-path" }) : nothing}
        ${path && root && !isCommit({ path }) ? html`${editorIcon({ root, path, start_line: lineOfFile() })}` : nothing}
      </div>
    </div>
    ${warning()} ${error ? failure(error, () => load(true)) : nothing}
    ${!reply && isBusy ? loading("Reading the file…") : nothing} ${reply ? code() : nothing}
  `;
}

function lineOfFile() {
  const { reply, first, at } = state;
  return (reply && !at ? reply.lines[first - 1] : undefined) || first || 1;
}

function described({ language, indexed, lines: ofFile }) {
  if (ofFile.length > 0) {
    return `${counted(state.count, "line")} as read in the file · ${language}${indexed ? "" : " · not indexed"}`;
  }
  const { first, last, count } = state;
  const lines = first === last ? `line ${first}` : `lines ${first}-${Math.min(last, count)}`;
  const lit = first > 0 && first <= count ? ` · ${lines} lit` : "";
  return `${counted(state.count, "line")} · ${language || "plain text"}${indexed ? "" : " · not indexed"}${lit}`;
}

function pathToCopy() {
  const lines = state.first ? `:${state.first === state.last ? state.first : `${state.first}-${state.last}`}` : "";
  return `${state.path}${lines}`;
}

function warning() {
  const { reply, first, count } = state;
  return reply && reply.lines.length === 0 && first > count
    ? html`<p class="notice bad" role="status">The file has ${counted(count, "line")} now; line ${whole(first)} is not there any more.</p>`
    : nothing;
}

function code() {
  return html`<div class="source" tabindex="0" role="region" aria-label="Text of ${visibleLine(state.path)}" data-testid="source">
    ${state.blocks.map(block => blockTemplate(block))}
  </div>`;
}

function blockTemplate({ start, lines, isLit }) {
  const numbers = lines.map((_line, index) => start + index).join("\n");
  return html`<div class="block ${isLit ? "lit" : ""}" data-testid=${isLit ? "lit" : nothing} ${ref(sized(lines))}>
    <pre class="gutter" aria-hidden="true" .textContent=${numbers}></pre>
    <pre class="code" .textContent=${lines.join("\n") || " "}></pre>
  </div>`;
}

/** The place of a block that isn't drawn yet is as high as its lines. */
function sized(lines) {
  return element => element?.style.setProperty("--lines", String(lines.length));
}

/** Bring the lit lines into sight, once for each time that somebody came here. */
function reveal() {
  const [lit, box] = [document.querySelector(".block.lit"), document.querySelector(".source")];
  if (box && state.isNew) {
    state.isNew = false;
    // A long definition is shown from its beginning, with a little of what stands before.
    const above = lit ? Math.max(40, (box.clientHeight - lit.offsetHeight) / 3) : 0;
    box.scrollTop = lit ? lit.offsetTop - above : 0;
  }
}
