// What the trace page and the index health page are made of: buttons, places, bars, and tables that scroll by key.
//
// Invariant: no style attribute anywhere, which the policy of the page forbids; widths are attributes of SVG.

import "@vscode-elements/elements/dist/vscode-button/index.js";
import { html, nothing, svg, type TemplateResult } from "lit";
import { ref } from "lit/directives/ref.js";
import type { Help } from "../features/hindrance";
import { visible } from "../visible";

export type Piece = TemplateResult | string | typeof nothing;

export interface Button {
  title: string;
  testId?: string;
  primary?: boolean;
  icon?: string;
  press(): void;
}

export function button({ title, testId, primary = false, icon = "", press }: Button): TemplateResult {
  return html`<vscode-button
    ?secondary=${!primary}
    icon=${icon || nothing}
    data-testid=${testId ?? nothing}
    @click=${press}
    >${title}</vscode-button
  >`;
}

export function buttonsFor(help: Help[], run: (command: string) => void): TemplateResult[] {
  return help.map((one, index) => button({ title: one.title, primary: index === 0, press: () => run(one.command) }));
}

/** A place or a file that opens. */
export function link(label: string, press: () => void): TemplateResult {
  return html`<button type="button" class="link place" @click=${press}>${visible(label)}</button>`;
}

export function icon(name: string, spins = false): TemplateResult {
  return html`<span
    class="codicon codicon-${name} ${spins ? "codicon-modifier-spin" : ""}"
    aria-hidden="true"
  ></span>`;
}

/** Bars on one track of `scale` units. What they show stands beside them in numbers. */
export function bars(parts: { x: number; width: number }[], scale: number): TemplateResult {
  return html`<svg class="bars" viewBox="0 0 ${scale} 10" preserveAspectRatio="none" aria-hidden="true">
    <rect class="track" x="0" y="0" width=${scale} height="10"></rect>
    ${parts.map(({ x, width }) => svg`<rect class="bar" x=${x} y="0" width=${width} height="10"></rect>`)}
  </svg>`;
}

/** A table, which on a narrow page scrolls by mouse and by keyboard. `name` is what a screen reader calls it. */
export function table(name: string, columns: string[], rows: TemplateResult[]): TemplateResult {
  return html`<div class="scroll" data-name=${name} ${ref(watchWidth)}>
    <table>
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

function watchWidth(element: Element | undefined): void {
  if (element) {
    widths.observe(element);
  }
}

export function facts(entries: [string, Piece][]): Piece {
  if (entries.length === 0) {
    return nothing;
  }
  return html`<dl>
    ${entries.map(([name, value]) => html`<div><dt>${visible(name)}</dt><dd>${value}</dd></div>`)}
  </dl>`;
}

/** Something that unfolds, and is unfolded again after a reload. `key` is its own on the page. */
export interface Folding {
  isOpen(key: string): boolean;
  toggle(key: string, open: boolean): void;
}

export function fold(folding: Folding, key: string, summary: Piece, content: Piece, testId?: string): TemplateResult {
  return html`<details
    ?open=${folding.isOpen(key)}
    data-testid=${testId ?? nothing}
    @toggle=${(event: Event) => folding.toggle(key, (event.currentTarget as HTMLDetailsElement).open)}
  >
    <summary>${summary}</summary>
    <div class="unfolded">${content}</div>
  </details>`;
}

/** Which keys are unfolded, kept by `keep`. */
export function foldingOf(open: string[], keep: (open: string[]) => void): Folding {
  const keys = new Set(open);
  return {
    isOpen: key => keys.has(key),
    toggle: (key, isOpen) => {
      if (isOpen !== keys.has(key)) {
        keys[isOpen ? "add" : "delete"](key);
        keep([...keys]);
      }
    },
  };
}
