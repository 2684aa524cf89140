// Wrong answer: the right place is picked, and the question becomes a case of the golden set.
//
// Requests: surefoot.reportAnswer, surefoot.search.
// Invariant: nothing is written before the place was picked and the note was not dismissed.

import { commands, type Disposable, type QuickPickItem, Uri, window, workspace } from "vscode";
import type { AskReply, ReportArguments, ReportedPlace } from "../protocol";
import { roots } from "../roots";
import { fileOf, type Server, sentenceOf } from "../server";
import { labelOf } from "./conversation";
import { inGivenOrder, plain } from "./lists";
import { selectedLines } from "./places";

const SHOWN = 20;
const QUIET_MS = 80;

interface PlaceItem extends QuickPickItem {
  /** Where the answer is; none where nothing answers the question. */
  places: ReportedPlace[];
}

/** Ask for the right place and write the case. Returns whether one was written. */
export async function reportWrongAnswer(server: Server, reply: AskReply): Promise<boolean> {
  if (!reply.trace_id) {
    await tellUntraced();
    return false;
  }
  const item = await pickPlace(server, reply);
  if (!item) {
    return false;
  }
  const note = await window.showInputBox({
    title: "Wrong answer (2 of 2)",
    prompt: "What was wrong? It is kept with the case. May be left empty.",
    ignoreFocusOut: true,
  });
  return note !== undefined && write(server, { trace_id: reply.trace_id, places: item.places, note });
}

async function write(server: Server, report: ReportArguments): Promise<boolean> {
  try {
    const written = await server.report(report);
    const open = "Open Cases";
    void window.showInformationMessage(`Saved as case ${written.case_id} of the golden set.`, open).then(chosen => {
      return chosen === open ? commands.executeCommand("vscode.open", Uri.file(written.file)) : undefined;
    });
    return true;
  } catch (error) {
    const again = "Try Again";
    const chosen = await window.showWarningMessage(`The case was not saved: ${sentenceOf(error)}`, again);
    return chosen === again && write(server, report);
  }
}

async function tellUntraced(): Promise<void> {
  const open = "Open Setting";
  const sentence = "This answer was not traced, so it cannot be reported; the setting surefoot.trace turns traces on.";
  if ((await window.showInformationMessage(sentence, open)) === open) {
    await commands.executeCommand("workbench.action.openSettings", "@id:surefoot.trace");
  }
}

function pickPlace(server: Server, reply: AskReply): Promise<PlaceItem | undefined> {
  const picker = inGivenOrder(window.createQuickPick<PlaceItem>());
  picker.title = "Wrong answer (1 of 2): where is the right place?";
  picker.placeholder = "Type a name, a path or other words for it";
  const fixed = [...selection(), nothing()];
  picker.items = fixed;
  let timer: NodeJS.Timeout | undefined;
  let latest = 0;
  const find = async (query: string) => {
    const turn = ++latest;
    picker.busy = true;
    const found = await candidates(server, query);
    if (turn === latest) {
      picker.items = [...found, ...fixed];
      picker.busy = false;
    }
  };
  const listeners: Disposable[] = [picker];
  return new Promise(resolve => {
    listeners.push(
      picker.onDidChangeValue(value => {
        clearTimeout(timer);
        timer = setTimeout(() => void find(value.trim() || reply.question), QUIET_MS);
      }),
      picker.onDidAccept(() => {
        resolve(picker.selectedItems[0]);
        picker.hide();
      }),
      picker.onDidHide(() => {
        clearTimeout(timer);
        resolve(undefined);
        for (const listener of listeners) {
          listener.dispose();
        }
      }),
    );
    void find(reply.question);
    picker.show();
  });
}

async function candidates(server: Server, query: string): Promise<PlaceItem[]> {
  try {
    const reply = await server.search({ query, k: SHOWN, trace: false });
    return reply.hits.map(hit => ({
      label: plain(hit.symbol || hit.path),
      description: plain(labelOf(hit, root => roots.prefixOf(root))),
      alwaysShow: true,
      places: [{ path: fileOf(hit).fsPath, start_line: hit.start_line, end_line: hit.end_line }],
    }));
  } catch {
    return []; // the lines that are selected, and "nothing", can still be picked
  }
}

function selection(): PlaceItem[] {
  const editor = window.activeTextEditor;
  if (editor?.document.uri.scheme !== "file") {
    return [];
  }
  const { first, last } = selectedLines(editor.selection);
  const place = { path: editor.document.uri.fsPath, start_line: first, end_line: last };
  const lines = first === last ? `line ${first}` : `lines ${first} to ${last}`;
  const path = plain(workspace.asRelativePath(editor.document.uri));
  return [
    {
      label: `$(selection) What is selected: ${path}, ${lines}`,
      alwaysShow: true,
      places: [place],
    },
  ];
}

function nothing(): PlaceItem {
  return { label: "$(circle-slash) Nothing here answers it", alwaysShow: true, places: [] };
}
