// What a question may see: one root of several, one source, a language, a glob of paths.

import { html, live, nothing } from "../vendor/lit.js";
import { draw } from "../base/draw.js";
import { icon } from "../base/icons.js";
import { button } from "../base/pieces.js";
import { SOURCES } from "../base/sources.js";
import { visibleLine } from "../base/visible.js";
import { rootsOf } from "../base/workspace.js";
import { countOf, NO_FILTERS } from "./question.js";
import { filter, search } from "./state.js";

let isOpen = false;

export function filterToggle() {
  const count = countOf(search.filters);
  const toggle = () => {
    isOpen = !isOpen;
    draw();
  };
  return html`<button
    type="button"
    class="button quiet filter-toggle"
    data-testid="filters"
    aria-expanded=${isShown() ? "true" : "false"}
    aria-controls="filters"
    @click=${toggle}
  >
    ${icon("filter")}<span>Filters${count > 0 ? ` (${count})` : ""}</span>
  </button>`;
}

export function filterFields() {
  if (!isShown()) {
    return html`<div id="filters" hidden></div>`;
  }
  const { filters } = search;
  return html`<div id="filters" class="filters" role="group" aria-label="Filters">
    ${rootsOf().length > 1 ? rootField(filters) : nothing}
    ${select("Source", "source", filters.source, [
      ["", "everything"],
      ...Object.entries(SOURCES),
    ])}
    ${select("Language", "lang", filters.lang, [["", "any"], ...languages().map(name => [name, name])])}
    <label class="field">
      <span>Path</span>
      <input
        type="text"
        data-testid="filter-path"
        spellcheck="false"
        autocapitalize="off"
        placeholder="src/** or *.py"
        .value=${live(filters.path)}
        @change=${event => filter({ path: event.target.value })}
      >
    </label>
    ${countOf(filters) > 0 ? button("Clear", () => filter(NO_FILTERS), { kind: "quiet", symbol: "close" }) : nothing}
  </div>`;
}

// Filters that are set are always shown: nobody should wonder why something isn't found.
function isShown() {
  return isOpen || countOf(search.filters) > 0;
}

function rootField({ roots }) {
  const options = [["", "all folders"], ...rootsOf().map(({ root, name }) => [root, name])];
  const value = roots[0] ?? "";
  return select("Folder", "root", value, options, chosen => filter({ roots: chosen ? [chosen] : [] }));
}

function select(title, name, value, options, changed = chosen => filter({ [name]: chosen })) {
  const known = options.some(([option]) => option === value) ? options : [...options, [value, value]];
  return html`<label class="field">
    <span>${title}</span>
    <select data-testid="filter-${name}" @change=${event => changed(event.target.value)}>
      ${known.map(
        ([option, label]) => html`<option value=${option} .selected=${option === value}>${visibleLine(label)}</option>`,
      )}
    </select>
  </label>`;
}

function languages() {
  const names = new Set(rootsOf().flatMap(root => Object.keys(root.languages)));
  return [...names].sort();
}
