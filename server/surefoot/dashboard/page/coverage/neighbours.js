// The graph around one symbol: on the left what names it, on the right what it names, between them where it stands.
//
// Invariant: the drawing shows no more than the list beside it, which reads without it.

import { html, live, nothing, ref, svg } from "../vendor/lit.js";
import { getJson, isAborted } from "../base/api.js";
import { draw } from "../base/draw.js";
import { loaded } from "../base/load.js";
import { counted } from "../base/numbers.js";
import { empty, placeLink, pressing, watchWidth } from "../base/pieces.js";
import { go, hashForSource } from "../base/route.js";
import { visibleLine } from "../base/visible.js";

const QUIET_MS = 120;
const BOX = { width: 190, height: 26, gap: 8 };
const LETTERS = 27; // of a name in a box
const MOST = 12; // boxes of a column; the list has all
const COLUMNS = [8, 260, 512];
const WIDTH = COLUMNS[2] + BOX.width + 8;

const graph = loaded();
const state = { text: "", symbols: [], center: "", controller: undefined, isOpen: false };
let timer;

/** Show the graph of what the address names: { name, root, path }. */
export function enterGraph(wanted) {
  const center = JSON.stringify(wanted);
  if (!wanted.name) {
    graph.clear();
    state.center = "";
  } else if (center !== state.center) {
    Object.assign(state, { center, text: wanted.name, symbols: [], isOpen: false });
    void graph.load(signal => getJson("/api/neighbours", wanted, { signal }), { anew: true });
  }
}

/** `around(symbol)` goes to the graph of another one. */
export function graphPart(around) {
  return html`
    ${finder(around)}
    ${
      state.center
        ? graph.template("Looking who names it…", found => graphTemplate(found, around))
        : empty(
            "Pick a symbol to see what is around it.",
            "Type a name: what names it, what it names, and where it is defined.",
          )
    }
  `;
}

function finder(around) {
  const pick = symbol => () => around({ name: symbol.name, root: symbol.root, path: symbol.path });
  return html`<form class="finder" @submit=${event => submitted(event, around)} @keydown=${escaped}>
    <label class="field grow">
      <span>Symbol</span>
      <input type="search" data-testid="graph-text" spellcheck="false" autocomplete="off" placeholder="Name of a class, a function, a constant" .value=${live(state.text)} @input=${typed}>
    </label>
    ${
      state.isOpen && state.symbols.length > 0
        ? html`<ul class="found-symbols" aria-label="Symbols">
            ${state.symbols.map(
              symbol => html`<li>
                <button type="button" class="choice-button" data-testid="graph-symbol" @click=${pick(symbol)}>
                  <bdi class="symbol" dir="ltr">${visibleLine(symbol.name)}</bdi>
                  <span class="secondary"><bdi dir="ltr">${visibleLine(`${symbol.kind} in ${symbol.path}:${symbol.start_line}`)}</bdi></span>
                </button>
              </li>`,
            )}
          </ul>`
        : nothing
    }
  </form>`;
}

function typed(event) {
  Object.assign(state, { text: event.target.value, isOpen: true });
  clearTimeout(timer);
  timer = setTimeout(find, QUIET_MS);
}

async function find() {
  state.controller?.abort();
  state.controller = new AbortController();
  const text = state.text.trim();
  try {
    const { signal } = state.controller;
    state.symbols = text ? (await getJson("/api/symbols", { text, limit: 12 }, { signal })).symbols : [];
  } catch (error) {
    if (isAborted(error)) {
      return;
    }
    state.symbols = [];
  }
  draw();
}

function submitted(event, around) {
  event.preventDefault();
  const [first] = state.symbols;
  first && state.isOpen
    ? around({ name: first.name, root: first.root, path: first.path })
    : around({ name: state.text.trim(), root: "", path: "" });
}

function escaped(event) {
  if (event.key === "Escape" && state.isOpen) {
    event.preventDefault();
    state.isOpen = false;
    draw();
  }
}

// --- the drawing -------------------------------------------------------------------------------------------------

/** The nodes in their columns: what names the center, what is around it in its file, what it names. */
export function columnsOf({ center, nodes, edges }) {
  const byId = new Map(nodes.map(node => [node.id, node]));
  const targets = kind =>
    edges.filter(edge => edge.kind === kind && edge.source === center).map(edge => byId.get(edge.target));
  const above = edges
    .filter(edge => edge.target === center && ["defines", "contains"].includes(edge.kind))
    .map(edge => byId.get(edge.source));
  const unique = found => [...new Set(found)].filter(node => node && node.id !== center);
  return {
    named: unique(targets("named by")),
    above: unique(above),
    center: byId.get(center),
    below: unique(targets("contains")),
    names: unique(targets("names")),
  };
}

function graphTemplate(found, around) {
  const columns = columnsOf(found);
  if (!columns.center) {
    return empty("The index has nothing around this name.");
  }
  const open = node =>
    node.kind === "symbol"
      ? around({ name: node.name, root: node.root, path: node.path })
      : go(hashForSource(node.root, node.path, node.start_line || undefined, node.end_line || undefined));
  return html`<div class="graph-columns" data-testid="graph">
    <div>
      <div class="scroll graph-scroll" data-name="Graph around ${visibleLine(columns.center.name)}" ${ref(watchWidth)}>${drawing(columns, open)}</div>
      ${leftOut(columns)}
    </div>
    <div>
      ${nodeList("Stands in", columns.above)} ${nodeList("Holds", columns.below)} ${nodeList("Named by", columns.named)}
      ${nodeList("Names", columns.names)}
      ${found.whole ? nothing : html`<p class="secondary">There are more than are shown here.</p>`}
    </div>
  </div>`;
}

function drawing({ named, above, center, below, names }, open) {
  const middle = [...above.slice(0, 3), center, ...below.slice(0, MOST - 4)];
  const rows = Math.max(Math.min(MOST, named.length), middle.length, Math.min(MOST, names.length));
  const height = rows * (BOX.height + BOX.gap) + BOX.gap;
  const column = (nodes, x) => {
    const first = (height - nodes.length * (BOX.height + BOX.gap) + BOX.gap) / 2;
    return nodes.map((node, index) => ({ node, x, y: first + index * (BOX.height + BOX.gap) }));
  };
  const [left, mid, right] = [
    column(named.slice(0, MOST), COLUMNS[0]),
    column(middle, COLUMNS[1]),
    column(names.slice(0, MOST), COLUMNS[2]),
  ];
  const at = mid.find(box => box.node === center);
  return html`<svg class="graph" width=${WIDTH} height=${height} viewBox="0 0 ${WIDTH} ${height}" role="group" aria-label="Graph around ${visibleLine(center.name)}">
    ${left.map(box => curve(box.x + BOX.width, box.y, at.x, at.y))} ${right.map(box => curve(at.x + BOX.width, at.y, box.x, box.y))}
    ${mid.slice(0, -1).map((box, index) => svg`<path class="edge" d="M${box.x + BOX.width / 2} ${box.y + BOX.height}V${mid[index + 1].y}"></path>`)}
    ${[...left, ...mid, ...right].map(box => nodeBox(box, box.node === center, open))}
  </svg>`;
}

function leftOut({ named, below, names }) {
  const more = [named.length - MOST, names.length - MOST, below.length - (MOST - 4)].reduce(
    (sum, one) => sum + Math.max(0, one),
    0,
  );
  return more > 0 ? html`<p class="secondary">${counted(more, "more name")} in the list.</p>` : nothing;
}

function curve(x1, y1, x2, y2) {
  const [from, to, half] = [y1 + BOX.height / 2, y2 + BOX.height / 2, (x1 + x2) / 2];
  return svg`<path class="edge" d="M${x1} ${from}C${half} ${from} ${half} ${to} ${x2} ${to}"></path>`;
}

function nodeBox({ node, x, y }, isCenter, open) {
  const name = visibleLine(node.name);
  // The end of a qualified name or of a path tells more than its beginning.
  const short = name.length > LETTERS ? `…${name.slice(1 - LETTERS)}` : name;
  const press = () => open(node);
  return svg`<g
    class="node ${node.kind} ${isCenter ? "center" : ""}"
    role="button"
    tabindex="0"
    aria-label="${node.kind === "file" ? "File" : node.symbol_kind} ${name}"
    @click=${press}
    @keydown=${pressing(press)}
  ><title>${name}</title><rect x=${x} y=${y} width=${BOX.width} height=${BOX.height} rx="4"></rect><text x=${x + 8} y=${y + 17}>${short}</text></g>`;
}

function nodeList(title, nodes) {
  return nodes.length === 0
    ? nothing
    : html`<h3>${title}</h3>
        <ul class="plain">
          ${nodes.map(node => html`<li>${placeLink(node, node.kind === "symbol" ? { text: html`<bdi class="symbol" dir="ltr">${visibleLine(node.name)}</bdi>` } : {})}</li>`)}
        </ul>`;
}
