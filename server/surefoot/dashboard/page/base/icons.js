// Small drawings of our own; each stands beside words, or its button has a label.

import { html, svg } from "../vendor/lit.js";

const DRAWN = {
  search: "M7 2.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9M10.4 10.4l3.6 3.6",
  editor: "M9 2.5h4.5V7M13.5 2.5L7.5 8.5M6 3.5H3v9.5h9.5V10",
  copy: "M6 5.5h7v8H6zM3 10.5v-8h7",
  check: "M3 8.5l3.3 3.5L13 4.5",
  moved: "M3 5.5h9L9.5 3M13 10.5H4L6.5 13",
  edit: "M3 13l.6-3L11 2.6 13.4 5 6 12.4z",
  gone: "M8 2.5a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11M4.2 4.2l7.6 7.6",
  question: "M5.5 6a2.5 2.5 0 1 1 3.6 2.2c-.8.5-1.1.9-1.1 1.8M8 12.6v.4",
  warning: "M8 2.5L14 13H2zM8 6.5v3M8 11v.5",
  info: "M8 2.5a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11M8 7.3V11M8 4.9v.5",
  right: "M6 3.5L10.5 8 6 12.5",
  down: "M3.5 6L8 10.5 12.5 6",
  close: "M3.5 3.5l9 9M12.5 3.5l-9 9",
  stop: "M4 4h8v8H4z",
  filter: "M2.5 4h11M4.5 8h7M6.5 12h3",
  sun: "M8 5a3 3 0 1 0 0 6 3 3 0 0 0 0-6M8 1v1.6M8 13.4V15M1 8h1.6M13.4 8H15M3 3l1.1 1.1M11.9 11.9L13 13M3 13l1.1-1.1M11.9 4.1L13 3",
  moon: "M13 9.5A5.5 5.5 0 0 1 6.5 3 5.5 5.5 0 1 0 13 9.5",
  gear: "M2 4.5h5M11 4.5h3M2 11.5h3M9 11.5h5M9 2.8a1.7 1.7 0 1 0 0 3.4 1.7 1.7 0 0 0 0-3.4M7 9.8a1.7 1.7 0 1 0 0 3.4 1.7 1.7 0 0 0 0-3.4",
  sync: "M13 6.5A5.3 5.3 0 0 0 3.6 5M3 2.5V5.4h2.9M3 9.5A5.3 5.3 0 0 0 12.4 11M13 13.5v-2.9h-2.9",
  file: "M4 1.8h5.5L12.5 5v9.2H4zM9.3 2v3.2h3",
  ticket: "M2.5 4.5h11v2a1.5 1.5 0 0 0 0 3v2h-11v-2a1.5 1.5 0 0 0 0-3zM9.5 4.5v1.2M9.5 7.4v1.2M9.5 10.3v1.2",
  commit: "M8 5.5a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5M1.5 8h4M10.5 8h4",
  shape: "M2.5 2.5h5v4h-5zM8.5 9.5h5v4h-5zM5 6.5v5h3.5",
  outside: "M9 2.5h4.5V7M13.5 2.5L7.5 8.5M6 3.5H3v9.5h9.5V10",
  enter: "M13 3.5v5H3.5M6.5 5.5l-3 3 3 3",
  up: "M3.5 10L8 5.5 12.5 10",
  rise: "M8 13V3.5M4 7l4-4 4 4",
  fall: "M8 3v9.5M4 9l4 4 4-4",
};

export function icon(name) {
  return html`<svg class="icon" data-icon=${name} viewBox="0 0 16 16" aria-hidden="true" focusable="false">
    ${svg`<path d=${DRAWN[name] ?? DRAWN.question}></path>`}
  </svg>`;
}
