// What is said about language models, and what a user may enter for one.
//
// Invariant: only an address on this machine passes; the server refuses others too.

import type { ModelRow } from "../protocol";

const LOOPBACK = new Set(["localhost", "127.0.0.1", "[::1]"]);
const WEEK_MS = 7 * 24 * 60 * 60 * 1000;

export function gibibytes(bytes: number): string {
  return `${(bytes / 2 ** 30).toFixed(1)} GiB`;
}

/** The name without the way it was quantised: "Qwen2.5-Coder 1.5B Instruct". */
export function shortTitle(row: ModelRow): string {
  return row.title.split(",", 1)[0] ?? row.title;
}

/** What a list says beside a model's name. */
export function described(row: ModelRow): string {
  return [gibibytes(row.size_bytes), row.licence, `needs ${gibibytes(row.memory_bytes)} of memory`].join(" · ");
}

/** Whether it is here, and what there is to know. */
export function detailed(row: ModelRow): string {
  const here = row.downloaded ? "On this machine" : row.incomplete ? "Download incomplete" : "Not downloaded";
  return row.note ? `${here} · ${row.note}` : here;
}

/** What a user agrees to before a download. */
export function terms(row: ModelRow): string {
  return [
    `Size: ${gibibytes(row.size_bytes)}`,
    `Licence: ${row.licence}`,
    `Memory while it answers: about ${gibibytes(row.memory_bytes)}`,
    `From: ${row.repo}`,
    `To: ${row.path}`,
    "",
    "It is checked after the download, and your code stays on this machine. A download that stops goes on where it stopped.",
  ].join("\n");
}

/** The value of the setting surefoot.model for a row. */
export function settingFor(row: ModelRow): string {
  return row.default ? "default" : row.name;
}

/** Whether the setting means this row. */
export function isChosen(row: ModelRow, setting: string): boolean {
  return setting === "default" ? row.default : setting.toLowerCase() === row.name || setting === row.path;
}

/** Whether a model of this setting runs in llama.cpp here, and not in another program or not at all. */
export function needsLlama(setting: string): boolean {
  return setting.toLowerCase() !== "none" && !isAddress(setting);
}

export function isAddress(setting: string): boolean {
  return /^https?:\/\//i.test(setting);
}

/** What is wrong with an address, or undefined. */
export function addressFault(text: string): string | undefined {
  const trimmed = text.trim();
  if (!isAddress(trimmed)) {
    return "An address looks like http://localhost:11434#qwen2.5-coder:7b.";
  }
  let url: URL;
  try {
    url = new URL(trimmed);
  } catch {
    return "This is not an address; it looks like http://localhost:11434#qwen2.5-coder:7b.";
  }
  if (!LOOPBACK.has(url.hostname)) {
    return `${url.hostname} is not this machine, and Surefoot sends your code to no other; use localhost.`;
  }
  return url.username || url.password ? "An address with a password in it cannot be used." : undefined;
}

/** What became of the offer to download the default model. */
export interface Offer {
  never?: boolean;
  askedAt?: number;
}

/** Whether to offer a download: never after “Never”, and after “Not Now” not for a week. */
export function mayOffer(offer: Offer | undefined, now: number): boolean {
  return !offer?.never && now - (offer?.askedAt ?? 0) >= WEEK_MS;
}
