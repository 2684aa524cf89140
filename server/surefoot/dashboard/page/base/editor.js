// Links that open a place in the reader's editor.
//
// Invariant: a template makes links of editors only; one that would run script here makes none.

import { kept } from "./kept.js";
import { workspace } from "./workspace.js";

const STANDARD = "vscode://file/{path}:{line}";
const SCHEME = /^([a-z][a-z0-9+.-]*):/i;
const REFUSED = ["javascript", "data", "vbscript", "blob", "about", "file"];

/** The template that holds: that of this browser, or else the server's. */
export function editorTemplate() {
  const own = kept("editor");
  return isTemplate(own) ? own : serverTemplate();
}

export function serverTemplate() {
  const told = workspace.status?.editor_link ?? "";
  return isTemplate(told) ? told : STANDARD;
}

export function isTemplate(template) {
  const scheme = SCHEME.exec(template)?.[1].toLowerCase();
  return scheme !== undefined && !REFUSED.includes(scheme) && template.includes("{path}");
}

/** The address that opens `path` of `root` at a line in the editor. */
export function editorLink(root, path, line = 1) {
  const template = editorTemplate();
  const encoded = absolute(root, path).split("/").map(encodeURIComponent).join("/").replaceAll("%3A", ":");
  const doubled = template.includes("/{path}") && encoded.startsWith("/");
  return template.replaceAll("{path}", doubled ? encoded.slice(1) : encoded).replaceAll("{line}", String(line));
}

/** The whole path of a file, as the server's machine has it. */
export function absolute(root, path) {
  return `${root.replaceAll("\\", "/").replace(/\/$/, "")}/${path}`;
}
