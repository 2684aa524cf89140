// Quick picks that show what the server found: in its order, and as text.
//
// Invariant: the first row is the best hit, and nothing in a name or a line of code is drawn as an icon.

import type { QuickPick, QuickPickItem } from "vscode";
import { visible } from "../visible";

/** Keep the rows in the order in which they are given; VS Code would sort them by where the typed text stands. */
export function inGivenOrder<Item extends QuickPickItem>(picker: QuickPick<Item>): QuickPick<Item> {
  // Not in the typed API (microsoft/vscode#73904), and there since 1.44; without it the list is sorted as before.
  (picker as { sortByLabel?: boolean }).sortByLabel = false;
  return picker;
}

/** `$(name)` would be shown as an icon, and other characters would not be shown at all. */
export function plain(text: string): string {
  return visible(text).replaceAll("$(", "\\$(");
}
