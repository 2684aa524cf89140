// What the reader can choose for this browser: light or dark, and the link that opens the editor.

import { html, live, nothing, ref } from "./vendor/lit.js";
import { draw } from "./base/draw.js";
import { editorTemplate, isTemplate, serverTemplate } from "./base/editor.js";
import { icon } from "./base/icons.js";
import { button, opened } from "./base/pieces.js";
import { keep, kept } from "./base/kept.js";

const KEYS = [
  ["/", "to the box of the view, or to the search"],
  ["Enter", "asks what is typed"],
  ["↓ ↑", "through the hits and back to the box"],
  ["Esc", "stops the answer, empties the box, leaves a window"],
  ["?", "this window"],
];

let shown; // { template, isWrong } while the dialog is open

export function openSettings() {
  shown = { template: editorTemplate(), isWrong: false };
  draw();
}

export function theme() {
  return kept("theme") || "system";
}

export function setTheme(name) {
  keep("theme", name === "system" ? "" : name);
  if (name === "system") {
    delete document.documentElement.dataset.theme;
  } else {
    document.documentElement.dataset.theme = name;
  }
  draw();
}

export function isDark() {
  return theme() === "system" ? matchMedia("(prefers-color-scheme: dark)").matches : theme() === "dark";
}

/** The quick switch of the header: whatever is shown, the other one. */
export function themeSwitch() {
  const other = isDark() ? "light" : "dark";
  return html`<button
    type="button"
    class="icon-button"
    data-testid="theme"
    title="Switch to ${other}"
    aria-label="Switch to ${other}"
    @click=${() => setTheme(other)}
  >
    ${icon(isDark() ? "sun" : "moon")}
  </button>`;
}

export function settingsDialog() {
  if (!shown) {
    return nothing;
  }
  return html`<dialog class="dialog" aria-labelledby="settings-title" data-testid="settings" @close=${closed} ${ref(opened)}>
    <form @submit=${save}>
      <h2 id="settings-title">Settings of this browser</h2>
      <fieldset class="segments">
        <legend>Theme</legend>
        ${["system", "light", "dark"].map(themeChoice)}
      </fieldset>
      <label class="field wide">
        <span>Link that opens the editor</span>
        <input
          type="text"
          data-testid="editor-template"
          spellcheck="false"
          aria-describedby="editor-help"
          aria-invalid=${shown.isWrong ? "true" : "false"}
          .value=${live(shown.template)}
          @input=${event => (shown.template = event.target.value)}
        >
      </label>
      <p id="editor-help" class="secondary">
        ${
          shown.isWrong
            ? html`<strong class="bad-text" role="alert">It has to begin with an editor's scheme and hold {path}, as ${serverTemplate()} does.</strong>`
            : html`{path} and {line} are filled in, for example <code>idea://open?file={path}&amp;line={line}</code>. Empty means the server's: <code>${serverTemplate()}</code>.`
        }
      </p>
      <h3>Keys</h3>
      <dl class="keys-list">
        ${KEYS.map(([key, what]) => html`<div><dt><kbd>${key}</kbd></dt><dd>${what}</dd></div>`)}
      </dl>
      <p class="actions">
        <button type="submit" class="button primary" data-testid="settings-save"><span>Save</span></button>
        ${button("Close", event => event.target.closest("dialog").close(), { kind: "quiet" })}
      </p>
    </form>
  </dialog>`;
}

function themeChoice(name) {
  return html`<label class="segment">
    <input type="radio" name="theme" value=${name} .checked=${live(theme() === name)} @change=${() => setTheme(name)}>
    <span>${name}</span>
  </label>`;
}

function closed() {
  shown = undefined;
  draw();
}

function save(event) {
  event.preventDefault();
  const typed = shown.template.trim();
  if (typed && !isTemplate(typed)) {
    shown.isWrong = true;
  } else {
    keep("editor", typed === serverTemplate() ? "" : typed);
    shown = undefined;
  }
  draw();
}
