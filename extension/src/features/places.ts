// Opens a cited place: asks the server where its lines stand now, shows them, lights them up.
//
// Invariant: what is lit has just been compared with the file or the unsaved buffer; where the lines are gone, that is
// said, and nothing is opened in their stead.

import {
  commands,
  env,
  Range,
  Selection,
  type TextEditor,
  TextEditorRevealType,
  ThemeColor,
  Uri,
  ViewColumn,
  window,
  workspace,
} from "vscode";
import type { RecheckArguments, RecheckReply } from "../protocol";
import { fileOf, type Server, sentenceOf } from "../server";
import { isCommit, isWebAddress, shortCommit } from "../sources";
import { openCommit } from "./commits";
import type { Surefoot } from "./feature";

export interface Place {
  root: string;
  path: string;
  start_line: number;
  end_line: number;
  symbol: string;
  /** The lines as they were shown; empty where they are not known, and then the lines are opened as they are. */
  text: string;
  /** What people call it, where it is no lines of a text file; answers of earlier versions have none. */
  label?: string;
}

const lit = window.createTextEditorDecorationType({
  isWholeLine: true,
  backgroundColor: new ThemeColor("surefoot.citedLinesBackground"),
  borderColor: new ThemeColor("surefoot.citedLinesBorder"),
  borderStyle: "solid",
  borderWidth: "0 0 0 3px",
  overviewRulerColor: new ThemeColor("editorOverviewRuler.findMatchForeground"),
});

export function activate({ context }: Surefoot): void {
  context.subscriptions.push(
    lit,
    // Lines that are edited are no longer the lines that were cited.
    workspace.onDidChangeTextDocument(event => {
      for (const editor of window.visibleTextEditors) {
        if (editor.document === event.document && event.contentChanges.length > 0) {
          editor.setDecorations(lit, []);
        }
      }
    }),
  );
}

/**
 * Open the place at its lines as they stand now. Never throws; what goes wrong is told.
 *
 * Returns where the lines stand, or nothing where that could not be found out.
 */
export async function openPlace(
  server: Server,
  place: Place,
  options: { preview?: boolean } = {},
): Promise<RecheckReply | undefined> {
  try {
    const now = place.text ? await standing(server, place) : undefined;
    if (now?.verdict === "missing") {
      void tellGone(place);
      return now;
    }
    if (isCommit(place)) {
      await openCommit(place, options.preview ?? true);
      return now;
    }
    const editor = await shown(place, options.preview ?? true);
    if (!editor) {
      return now;
    }
    light(editor, now?.start_line ?? place.start_line, now?.end_line ?? place.end_line);
    if (now && now.verdict !== "valid") {
      const what = now.verdict === "moved" ? "have moved" : "have changed";
      window.setStatusBarMessage(`The cited lines ${what} since the answer; they are shown as they stand now.`, 8000);
    }
    return now;
  } catch (error) {
    const name = isCommit(place) ? shortCommit(place.path) : place.path;
    void window.showWarningMessage(`${name} could not be opened: ${sentenceOf(error)}`);
    return undefined;
  }
}

/** The file in an editor of texts; what is none (a PDF) in whatever opens it, and then there are no lines to light. */
async function shown(place: Place, preview: boolean): Promise<TextEditor | undefined> {
  try {
    return await window.showTextDocument(fileOf(place), { preview, viewColumn: columnForCode() });
  } catch (error) {
    if (!place.label) {
      throw error;
    }
    await commands.executeCommand("vscode.open", fileOf(place), { preview, viewColumn: columnForCode() });
    return undefined;
  }
}

/** Show a ticket in its tracker; the address is one of the web, or nothing happens. */
export async function openAddress(url: string | undefined): Promise<void> {
  if (isWebAddress(url)) {
    await env.openExternal(Uri.parse(url, true));
  }
}

/** Where the lines stand now; nothing where the server does not run, and then it is said that nobody has checked. */
async function standing(server: Server, place: Place): Promise<RecheckReply | undefined> {
  await server.settled();
  if (server.state.kind !== "running") {
    window.setStatusBarMessage(
      "Surefoot does not run, so these lines are shown as they were when they were cited.",
      8000,
    );
    return undefined;
  }
  return server.recheck(rechecked(place));
}

/** Show lines of an open editor, with the cursor at their beginning; the lines are 1-based and inclusive. */
export function light(editor: TextEditor, start: number, end: number): void {
  const range = look(editor, start, end);
  editor.selection = new Selection(range.start, range.start);
}

/** As `light`, for a glance: the cursor stays where it is. */
export function look(editor: TextEditor, start: number, end: number): Range {
  const last = Math.min(end, editor.document.lineCount) - 1;
  const range = new Range(start - 1, 0, Math.max(start - 1, last), Number.MAX_SAFE_INTEGER);
  editor.setDecorations(lit, [range]);
  editor.revealRange(range, TextEditorRevealType.InCenterIfOutsideViewport);
  return range;
}

/** Take the light off again, where a preview is dismissed. */
export function unlight(): void {
  for (const editor of window.visibleTextEditors) {
    editor.setDecorations(lit, []);
  }
}

/** The lines of a selection, 1-based and inclusive; one that ends before the first character of a line leaves it out. */
export function selectedLines({ start, end }: Range): { first: number; last: number } {
  const last = end.character === 0 && end.line > start.line ? end.line : end.line + 1;
  return { first: start.line + 1, last };
}

/** The arguments of `surefoot.recheck`. */
export function rechecked(place: Place): RecheckArguments {
  const { root, path, start_line, end_line, symbol, text } = place;
  return { root, path, start_line, end_line, text, ...(symbol ? { symbol } : {}) };
}

function columnForCode(): ViewColumn {
  return window.activeTextEditor?.viewColumn ?? ViewColumn.Active;
}

async function tellGone(place: Place): Promise<void> {
  const what = place.symbol ? `${place.symbol} no longer stands` : "The cited lines no longer stand";
  const again = "Search for It";
  const where = isCommit(place) ? "this clone" : place.path;
  const chosen = await window.showWarningMessage(`${what} in ${where}; it was there when it was cited.`, again);
  if (chosen === again) {
    await commands.executeCommand("surefoot.searchCodebase", { query: place.symbol || place.path });
  }
}
