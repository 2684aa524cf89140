// The map of a root: folders as tiles, files in the colour of their state; a table says the same in numbers.
//
// Invariant: what a colour says is also said in words: in the legend, in each tile's name, and in the table.

import { html, nothing, ref, svg } from "../vendor/lit.js";
import { draw } from "../base/draw.js";
import { counted, size, whole } from "../base/numbers.js";
import { button, empty, pressing, table } from "../base/pieces.js";
import { go, hashForSource } from "../base/route.js";
import { visibleLine } from "../base/visible.js";
import { squarified } from "./treemap.js";
import { childrenOf, inStates, nodeAt, STATES, treeOf, worstOf } from "./tree.js";

const HEIGHT = 380;
const TITLE = 17; // of a folder's tile
const LETTER = 6.4; // about as wide as one of a label's
const SMALLEST = 4; // of a side; below it a folder is one rectangle
const MOST_RECTANGLES = 6000;

const state = { width: 0, isTable: false, hidden: new Set(["skipped"]), focused: 0 };
const widths = new ResizeObserver(([entry]) => {
  const width = Math.floor(entry.contentRect.width);
  if (width !== state.width) {
    state.width = width;
    draw();
  }
});

/** The map of one root. `at` is the folder that is shown, `open(path)` goes to another. */
export function coverageMap({ root, files, more }, at, open) {
  const tree = treeOf(files, one => !state.hidden.has(one));
  const node = nodeAt(tree, at) ?? tree;
  return html`
    <div class="map-head">
      ${breadcrumb(node.path, open)}
      <div class="segments" role="group" aria-label="Show as">
        ${["Map", "Table"].map(name => showAs(name))}
      </div>
    </div>
    ${legend(files)}
    ${
      node.files === 0
        ? empty("No file here is in one of the ticked states.", "Tick another state, or go up a folder.")
        : state.isTable
          ? folderTable(root, node, open)
          : tiles(root, node, open)
    }
    ${more > 0 ? html`<p class="secondary">${counted(more, "further file")} that are as they should be are left out.</p>` : nothing}
  `;
}

function showAs(name) {
  const isTable = name === "Table";
  const choose = () => {
    state.isTable = isTable;
    draw();
  };
  return button(name, choose, {
    kind: "segment",
    pressed: state.isTable === isTable ? "true" : "false",
    testId: `map-${name.toLowerCase()}`,
  });
}

function breadcrumb(path, open) {
  const names = path === "" ? [] : path.split("/");
  const crumbs = names.map((name, index) => [name, names.slice(0, index + 1).join("/")]);
  return html`<nav class="crumbs" aria-label="Folder">
    ${[["all", ""], ...crumbs].map(([name, to], index) =>
      to === path
        ? html`${index > 0 ? "/" : ""}<span aria-current="true">${visibleLine(name)}</span>`
        : html`${index > 0 ? "/" : ""}<button type="button" class="link" @click=${() => open(to)}>${visibleLine(name)}</button>`,
    )}
  </nav>`;
}

function legend(files) {
  const counts = {};
  for (const file of files) {
    counts[file.state] = (counts[file.state] ?? 0) + 1;
  }
  const names = Object.keys(STATES).filter(name => counts[name] > 0);
  names.includes("skipped") && names.push(names.shift()); // it is the least of interest here, if the first in rank
  const toggle = name => () => {
    state.hidden.has(name) ? state.hidden.delete(name) : state.hidden.add(name);
    draw();
  };
  return html`<div class="legend" role="group" aria-label="States that are shown">
    ${names.map(
      name => html`<label class="check" data-state=${name}>
        <input type="checkbox" .checked=${!state.hidden.has(name)} @change=${toggle(name)}>
        <svg class="swatch" viewBox="0 0 10 10" aria-hidden="true"><rect class="tile ${name}" width="10" height="10"></rect></svg>
        <span>${STATES[name]} <span class="secondary">${whole(counts[name])}</span></span>
      </label>`,
    )}
  </div>`;
}

function tiles(root, node, open) {
  const shown = node.children ? childrenOf(node) : [node];
  const width = Math.max(state.width, 1);
  const places = squarified(
    shown.map(one => one.weight),
    { x: 0, y: 0, width, height: HEIGHT },
  );
  const budget = { left: MOST_RECTANGLES };
  state.focused = Math.min(state.focused, shown.length - 1);
  return html`<div class="map" ${ref(watch)}>
    <svg
      class="treemap"
      width=${width}
      height=${HEIGHT}
      viewBox="0 0 ${width} ${HEIGHT}"
      role="group"
      aria-label="Map of ${visibleLine(node.path || "all files")}: arrows walk, Enter opens"
      data-testid="treemap"
      @keydown=${event => walked(event, node, open)}
    >
      ${shown.map((child, index) => tile(root, child, places[index], index, open, budget))}
    </svg>
  </div>`;
}

function watch(element) {
  if (element) {
    widths.disconnect();
    widths.observe(element);
  }
}

function tile(root, node, place, index, open, budget) {
  const press = () => (node.file ? openFile(root, node) : open(node.path));
  const name = `${node.file ? "" : "Folder "}${visibleLine(node.name)}, ${size(node.bytes)}: ${inStates(node)}`;
  return svg`<g
    class="tile-group"
    role="button"
    tabindex=${index === state.focused ? 0 : -1}
    aria-label=${name}
    @click=${press}
    @focus=${() => (state.focused = index)}
    @keydown=${pressing(press)}
  ><title>${name}</title>${inner(node, place, budget, true)}<rect class="outline" x=${place.x} y=${place.y} width=${place.width} height=${place.height}></rect></g>`;
}

/** A file's rectangle, or a folder's with those of its files in it. */
function inner(node, place, budget, isTop = false) {
  budget.left -= 1;
  const { x, y, width, height } = place;
  if (node.file || budget.left < 0 || width < SMALLEST || height < SMALLEST) {
    return svg`<rect class="tile ${worstOf(node)}" x=${x} y=${y} width=${width} height=${height}></rect>
      ${isTop || node.file ? label(node, place) : nothing}`;
  }
  const hasTitle = width > 30 && height > TITLE + 10;
  const inside = hasTitle
    ? { x: x + 1, y: y + TITLE, width: width - 2, height: height - TITLE - 1 }
    : { x: x + 0.5, y: y + 0.5, width: width - 1, height: height - 1 };
  const children = childrenOf(node);
  const places = squarified(
    children.map(child => child.weight),
    inside,
  );
  return svg`<rect class="folder" x=${x} y=${y} width=${width} height=${height}></rect>
    ${hasTitle ? label(node, place) : nothing}
    ${children.map((child, index) => inner(child, places[index], budget))}`;
}

function label(node, { x, y, width, height }) {
  const letters = Math.floor((width - 8) / LETTER);
  const name = visibleLine(node.name) + (node.file ? "" : "/");
  return letters < 3 || height < TITLE
    ? nothing
    : svg`<text class="tile-label ${node.file ? worstOf(node) : "of-folder"}" x=${x + 4} y=${y + 12.5}>${name.length > letters ? `${name.slice(0, letters - 1)}…` : name}</text>`;
}

function openFile(root, node) {
  if (!["skipped", "gone"].includes(node.file.state)) {
    go(hashForSource(root, node.path));
  }
}

function walked(event, node, open) {
  const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
  if (event.key === "Backspace" && node.path) {
    event.preventDefault();
    open(node.path.split("/").slice(0, -1).join("/"));
  } else if (step) {
    event.preventDefault();
    const groups = [...event.currentTarget.querySelectorAll(".tile-group")];
    const next = groups[(state.focused + step + groups.length) % groups.length];
    state.focused = groups.indexOf(next);
    next?.focus();
    draw();
  }
}

function folderTable(root, node, open) {
  const states = Object.keys(STATES).filter(name => node.states[name] > 0);
  const rows = (node.children ? childrenOf(node) : [node]).map(
    child => html`<tr>
      <th scope="row">
        ${
          child.file
            ? html`<a class="place-link" href=${hashForSource(root, child.path)}><bdi class="place" dir="ltr">${visibleLine(child.name)}</bdi></a>`
            : html`<button type="button" class="link place" @click=${() => open(child.path)}>${visibleLine(child.name)}/</button>`
        }
        ${child.file?.reason ? html`<span class="secondary">${visibleLine(child.file.reason)}</span>` : nothing}
      </th>
      <td class="number">${whole(child.files)}</td>
      <td class="number">${size(child.bytes)}</td>
      ${states.map(name => html`<td class="number">${child.states[name] ?? ""}</td>`)}
    </tr>`,
  );
  const columns = ["Name", "Files", "Size", ...states.map(name => STATES[name])];
  return table(`Files of ${node.path || "all folders"}`, columns, rows);
}
