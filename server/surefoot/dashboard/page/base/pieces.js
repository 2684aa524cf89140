// What all views are made of: places, buttons, notices, tables, folds, and what is shown while or where nothing is.
//
// Invariant: no style attribute in any template, which the policy of the page forbids; text goes through `visible`.

import { html, nothing, ref, svg } from "../vendor/lit.js";
import { draw } from "./draw.js";
import { editorLink } from "./editor.js";
import { icon } from "./icons.js";
import { hashForSource } from "./route.js";
import { sentence } from "./sentence.js";
import { visible, visibleLine } from "./visible.js";
import { prefixOf } from "./workspace.js";

/** A text of many lines, which can be scrolled with the keys where it is long. */
export function longText(text, { testId } = {}) {
  return html`<pre class="text" tabindex="0" data-testid=${testId ?? nothing}>${visible(text)}</pre>`;
}

/** `path:12-30`, as editors and terminals write it. */
export function labelOf({ path, start_line: start, end_line: end, line }) {
  if (String(path).startsWith("commit:")) {
    return `commit ${path.slice("commit:".length, "commit:".length + 10)}`;
  }
  if (line) {
    return `${path}:${line}`; // of what is read in a file, the line there
  }
  return start ? `${path}:${start === end ? start : `${start}-${end}`}` : path;
}

/** A label that breaks after its folders and before its lines, where the view is too narrow for it. */
export function placeText(label) {
  const parts = visibleLine(label).split(/(?<=\/)|(?=:[\d-]+$)/);
  return html`<bdi class="place" dir="ltr">${parts.map((part, index) => (index === 0 ? part : html`<wbr>${part}`))}</bdi>`;
}

/** A place that opens in the source view. */
export function placeLink(place, { text, label } = {}) {
  const shown = prefixOf(place.root) + labelOf(place);
  return html`<a
    class="place-link"
    data-testid="place"
    href=${hashForSource(place.root, place.path, place.start_line, place.end_line)}
    aria-label=${label ?? nothing}
    >${text ?? placeText(shown)}</a
  >`;
}

/** The second way to open a place: in the editor. */
export function editorIcon({ root, path, start_line: line = 1 }) {
  const where = visibleLine(`${path}:${line}`);
  return html`<a
    class="icon-button editor-link"
    data-testid="open-editor"
    href=${editorLink(root, path, line)}
    title="Open in the editor"
    aria-label="Open ${where} in the editor"
    >${icon("editor")}</a
  >`;
}

export function button(title, press, { kind = "", symbol = "", testId, disabled = false, pressed } = {}) {
  return html`<button
    type="button"
    class="button ${kind}"
    data-testid=${testId ?? nothing}
    ?disabled=${disabled}
    aria-pressed=${pressed ?? nothing}
    @click=${press}
    >${symbol ? icon(symbol) : nothing}<span>${title}</span></button
  >`;
}

/** A button that says on itself that it has copied. */
export function copyButton(title, text, { kind = "quiet", testId } = {}) {
  const copy = async event => {
    const words = event.currentTarget.querySelector("span");
    const said = await copied(await text());
    words.textContent = said ? "Copied" : "Not allowed to copy";
    setTimeout(() => (words.textContent = title), 1500);
  };
  return html`<button type="button" class="button ${kind}" data-testid=${testId ?? nothing} @click=${copy}>
    ${icon("copy")}<span aria-live="polite" .textContent=${title}></span>
  </button>`;
}

async function copied(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}

export function notice(text, symbol = "info", kind = "") {
  return html`<p class="notice ${kind}" data-testid="notice">${icon(symbol)} <span>${sentence(text)}</span></p>`;
}

/** What went wrong, in the server's sentence, and a way to try again. */
export function failure(sentence, again) {
  return html`<div class="failure" role="alert" data-testid="error">
    ${notice(sentence, "warning", "bad")} ${again ? button("Try again", again, { symbol: "sync" }) : nothing}
  </div>`;
}

export function loading(what) {
  return html`<p class="loading" role="status" data-testid="loading"><span class="spinner" aria-hidden="true"></span>${what}</p>`;
}

/** A view with nothing to show says what to do. */
export function empty(title, ...lines) {
  return html`<div class="empty" data-testid="empty">
    <p class="empty-title">${title}</p>
    ${lines.map(line => html`<p class="secondary">${line}</p>`)}
  </div>`;
}

export function facts(entries) {
  return html`<dl class="facts">
    ${entries.map(([name, value]) => html`<div><dt>${visible(name)}</dt><dd>${value}</dd></div>`)}
  </dl>`;
}

/** Large figures side by side. `note` is a word on what the figure is of. */
export function tiles(entries) {
  return html`<dl class="tiles">
    ${entries.map(
      ([name, value, note]) =>
        html`<div><dt>${name}</dt><dd>${value}${note ? html`<small>${note}</small>` : nothing}</dd></div>`,
    )}
  </dl>`;
}

/** A table, which on a narrow page scrolls by mouse and by keyboard. `name` is what a screen reader calls it. */
export function table(name, columns, rows, kind = "") {
  return html`<div class="scroll" data-name=${name} ${ref(watchWidth)}>
    <table class=${kind} aria-label=${name}>
      <thead>
        <tr>
          ${columns.map(column => html`<th scope="col">${visible(column)}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows}
      </tbody>
    </table>
  </div>`;
}

// Only what scrolls is a stop for the keyboard; a page with a stop per table is a long way to walk.
const widths = new ResizeObserver(entries => {
  for (const { target } of entries) {
    const scrolls = target.scrollWidth > target.clientWidth;
    const attributes = { tabindex: "0", role: "group", "aria-label": target.getAttribute("data-name") ?? "" };
    for (const [name, value] of Object.entries(attributes)) {
      scrolls ? target.setAttribute(name, value) : target.removeAttribute(name);
    }
  }
});

export function watchWidth(element) {
  if (element) {
    widths.observe(element);
  }
}

const unfolded = new Set();

/** Something that unfolds, and stays so while the page is open. What is folded is not drawn. `key` is its own. */
export function fold(key, summary, content, { testId, open = false } = {}) {
  const isOpen = unfolded.has(key) !== open;
  const toggled = event => {
    if (event.currentTarget.open !== isOpen) {
      unfolded.has(key) ? unfolded.delete(key) : unfolded.add(key);
      draw();
    }
  };
  return html`<details class="fold" ?open=${isOpen} data-testid=${testId ?? nothing} @toggle=${toggled}>
    <summary>${icon("right")}<span class="summary">${summary}</span></summary>
    ${isOpen ? html`<div class="unfolded">${content()}</div>` : nothing}
  </details>`;
}

/** A section with its heading. */
export function section(id, title, ...content) {
  return html`<section class="section" aria-labelledby=${id}>
    <h2 id=${id} tabindex="-1">${title}</h2>
    ${content}
  </section>`;
}

/** Bars on one track, in thousandths of its width. What they show stands beside them in numbers. */
export function bars(parts) {
  return html`<svg class="bars" viewBox="0 0 1000 10" preserveAspectRatio="none" aria-hidden="true">
    <rect class="track" x="0" y="0" width="1000" height="10"></rect>
    ${parts.map(({ x, width, kind = "" }) => svg`<rect class="bar ${kind}" x=${x} y="0" width=${width} height="10"></rect>`)}
  </svg>`;
}

/** For `ref` of a dialog: open it as soon as it stands in the page. Its first field has the focus then. */
export function opened(dialog) {
  queueMicrotask(() => {
    if (dialog?.isConnected && !dialog.open) {
      dialog.showModal();
    }
  });
}

/** For what is a button without being one, as a part of a drawing: Enter and the space bar press it. */
export function pressing(press) {
  return event => {
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      press();
    }
  };
}
