// Search the Codebase: a quick pick with live results; the arrow keys preview, Escape goes back.
//
// Command: surefoot.searchCodebase, optionally with {query}. Request: surefoot.search.
// Invariant: the list is the server's, in its order; a result of an older query never replaces a newer one.

import {
  CancellationError,
  CancellationTokenSource,
  commands,
  type Disposable,
  type QuickInputButton,
  type QuickPick,
  type QuickPickItem,
  TabInputText,
  ThemeIcon,
  type Uri,
  ViewColumn,
  window,
  workspace,
} from "vscode";
import type { HitReply, SearchArguments } from "../protocol";
import { roots } from "../roots";
import { fileOf, type Server, sentenceOf } from "../server";
import { setting } from "../settings";
import { iconOfPlace, isCommit, isWebAddress, nameOf, SOURCES } from "../sources";
import { labelOf } from "./conversation";
import type { Surefoot } from "./feature";
import { inGivenOrder, plain } from "./lists";
import { look, openAddress, openPlace, unlight } from "./places";

const QUIET_MS = 60; // between keys; a search takes a few tens of milliseconds
const DEFAULT_RESULTS = 20;
const MOST_RESULTS = 100;

interface Filter {
  source?: string | undefined;
  root?: string | undefined;
  lang?: string | undefined;
}

interface HitItem extends QuickPickItem {
  hit?: HitReply;
}

export function activate({ context, server }: Surefoot): void {
  context.subscriptions.push(
    commands.registerCommand("surefoot.searchCodebase", (argument?: { query?: string }) =>
      new Search(server).run(argument?.query ?? ""),
    ),
  );
}

const SOURCE: QuickInputButton = {
  iconPath: new ThemeIcon("filter"),
  tooltip: "Only code, documents, tickets, commits or designs",
};
const LANGUAGE: QuickInputButton = { iconPath: new ThemeIcon("code"), tooltip: "Only one language" };
const TICKET: QuickInputButton = {
  iconPath: new ThemeIcon("link-external"),
  tooltip: "Open the ticket in the browser",
};
const ROOT: QuickInputButton = { iconPath: new ThemeIcon("root-folder"), tooltip: "Only one folder" };

/** Whether a list is on screen: a late way back must not take the focus from it. */
let isOpen = false;

class Search {
  private readonly picker: QuickPick<HitItem> = inGivenOrder(window.createQuickPick<HitItem>());
  private readonly goBack = wayBack();
  // The preview is not what the user looks at: of several products, the one that is open now is meant.
  private readonly open = window.activeTextEditor?.document.uri;
  private readonly filter: Filter = {};
  private languages: string[] = [];
  private cancel = new CancellationTokenSource();
  private timer: NodeJS.Timeout | undefined;
  private ended = false; // chosen or dismissed: no preview may come any more
  private accepted = false;
  private previewed: Uri | undefined;
  private asking = false; // a filter is being chosen, for which the list gives way

  constructor(private readonly server: Server) {}

  run(query: string): void {
    const { picker } = this;
    picker.placeholder = "What are you looking for? A behaviour, a name, a path";
    picker.buttons = (workspace.workspaceFolders?.length ?? 0) > 1 ? [SOURCE, LANGUAGE, ROOT] : [SOURCE, LANGUAGE];
    picker.title = titleOf(this.filter);
    picker.keepScrollPosition = true;
    const listeners: Disposable[] = [
      picker,
      picker.onDidChangeValue(() => this.soon()),
      picker.onDidChangeActive(items => this.preview(items[0])),
      picker.onDidAccept(() => this.accept()),
      picker.onDidTriggerButton(button => this.choose(button)),
      picker.onDidTriggerItemButton(({ item }) => openAddress(item.hit?.url)),
      picker.onDidHide(() => {
        if (!this.asking) {
          this.end(listeners);
        }
      }),
    ];
    picker.value = query;
    isOpen = true;
    picker.show();
    if (query) {
      void this.search();
    }
  }

  private soon(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.search(), QUIET_MS);
  }

  private async search(): Promise<void> {
    this.cancel.cancel();
    this.cancel = new CancellationTokenSource();
    const { token } = this.cancel;
    const query = this.picker.value.trim();
    if (!query) {
      this.picker.items = [];
      return;
    }
    this.picker.busy = true;
    try {
      const reply = await this.server.search(argumentOf(query, this.filter, this.open), token);
      if (!token.isCancellationRequested) {
        this.noteLanguages(reply.hits);
        this.picker.items = reply.no_match ? noMatch(reply.near_misses) : itemsOf(reply.hits);
      }
    } catch (error) {
      if (!(error instanceof CancellationError) && !token.isCancellationRequested) {
        this.picker.items = [{ label: `$(warning) ${sentenceOf(error)}`, alwaysShow: true }];
      }
    } finally {
      if (!token.isCancellationRequested) {
        this.picker.busy = false;
      }
    }
  }

  private noteLanguages(hits: HitReply[]): void {
    if (!this.filter.lang) {
      this.languages = [...new Set(hits.map(hit => hit.language))].filter(Boolean).sort();
    }
  }

  private async preview(item: HitItem | undefined): Promise<void> {
    const hit = item?.hit;
    if (!hit || this.ended || isCommit(hit)) {
      return; // a commit is shown when it is chosen: it is no file, and git is asked for it
    }
    try {
      const editor = await window.showTextDocument(fileOf(hit), { preview: true, preserveFocus: true });
      if (this.ended && !this.accepted) {
        await this.goBack(editor.document.uri); // it was dismissed while the file was opened
      } else if (this.picker.activeItems[0] === item) {
        look(editor, hit.start_line, hit.end_line);
        this.previewed = editor.document.uri;
      }
    } catch {
      // A file that cannot be shown is told when it is chosen.
    }
  }

  private async accept(): Promise<void> {
    const hit = this.picker.activeItems[0]?.hit;
    if (!hit) {
      return;
    }
    this.accepted = true;
    this.ended = true;
    this.picker.hide();
    await openPlace(this.server, hit, { preview: false });
  }

  private async choose(button: QuickInputButton): Promise<void> {
    this.asking = true;
    try {
      const chosen = await filterFrom(button, this.filter, this.languages);
      if (chosen) {
        Object.assign(this.filter, chosen);
      }
    } finally {
      this.asking = false;
    }
    this.picker.title = titleOf(this.filter);
    this.picker.show();
    await this.search();
  }

  private end(listeners: Disposable[]): void {
    isOpen = false;
    clearTimeout(this.timer);
    this.cancel.cancel();
    for (const listener of listeners) {
      listener.dispose();
    }
    this.ended = true;
    if (!this.accepted) {
      unlight();
      void this.goBack(this.previewed);
    }
  }
}

// --- small parts ---------------------------------------------------------------------------------------------------

function argumentOf(query: string, filter: Filter, open: Uri | undefined): SearchArguments {
  return {
    query,
    trace: false, // one for every key would soon be all that is kept

    k: Math.min(MOST_RESULTS, Math.max(1, Math.trunc(setting("search.results", DEFAULT_RESULTS)) || DEFAULT_RESULTS)),
    ...(filter.source ? { source: filter.source } : {}),
    ...(filter.lang ? { lang: filter.lang } : {}),
    ...(filter.root ? { roots: [filter.root] } : {}),
    ...(open?.scheme === "file" ? { open: open.toString() } : {}),
  };
}

function itemsOf(hits: HitReply[]): HitItem[] {
  return hits.map(hit => ({
    label: plain(nameOf(hit) || lastPart(hit.path)),
    description: plain(labelOf(hit, root => roots.prefixOf(root))),
    detail: plain(tellingLine(hit)),
    iconPath: new ThemeIcon(iconOfPlace(hit)),
    alwaysShow: true,
    hit,
    ...(isWebAddress(hit.url) ? { buttons: [TICKET] } : {}),
  }));
}

function noMatch(nearMisses: string[]): HitItem[] {
  const nearest = nearMisses.map(miss => ({ label: plain(miss), description: "nearest miss", alwaysShow: true }));
  return [{ label: "$(circle-slash) Nothing indexed is about this.", alwaysShow: true }, ...nearest];
}

function titleOf(filter: Filter): string {
  const parts = [
    filter.source ? `${SOURCES[filter.source] ?? filter.source} only` : "",
    filter.lang ?? "",
    filter.root ? lastPart(filter.root) : "",
  ].filter(Boolean);
  return parts.length > 0 ? `Search the Codebase: ${parts.join(", ")}` : "Search the Codebase";
}

async function filterFrom(button: QuickInputButton, filter: Filter, languages: string[]): Promise<Filter | undefined> {
  if (button === SOURCE) {
    const only = Object.entries(SOURCES).map(([value, name]) => ({ label: `${capitalised(name)} only`, value }));
    const choices = [{ label: "Everything", value: undefined }, ...only];
    const chosen = await window.showQuickPick(choices, { title: "Search in" });
    return chosen && { source: chosen.value };
  }
  if (button === ROOT) {
    const folders = (workspace.workspaceFolders ?? []).map(folder => ({
      label: folder.name,
      value: folder.uri.fsPath,
    }));
    const chosen = await window.showQuickPick([{ label: "All folders", value: undefined }, ...folders], {
      title: "Search in",
    });
    return chosen && { root: chosen.value };
  }
  const known = filter.lang ? [...new Set([filter.lang, ...languages])] : languages;
  const chosen = await window.showQuickPick(
    [{ label: "All languages", value: undefined }, ...known.map(name => ({ label: name, value: name }))],
    { title: "Search in", placeHolder: "The languages of what was found" },
  );
  return chosen && { lang: chosen.value };
}

/** How to get back to where the user was before the preview: the same place, or the same tab of another kind. */
function wayBack(): (previewed: Uri | undefined) => Promise<void> {
  const editor = window.activeTextEditor;
  const tab = window.tabGroups.activeTabGroup.activeTab;
  const isText = tab?.input instanceof TabInputText;
  const place = editor && isText ? { uri: editor.document.uri, selection: editor.selection } : undefined;
  const column = editor?.viewColumn ?? ViewColumn.Active;
  return async previewed => {
    if (previewed && place) {
      // The focus goes back too, unless the next search has it already.
      const options = { selection: place.selection, viewColumn: column, preserveFocus: isOpen };
      await window.showTextDocument(place.uri, options);
    } else if (previewed) {
      const tabs = window.tabGroups.all.flatMap(group => group.tabs);
      const shown = tabs.filter(({ input, isPreview }) => {
        return isPreview && input instanceof TabInputText && input.uri.toString() === previewed.toString();
      });
      await window.tabGroups.close(shown); // VS Code then shows what was there before
    }
  };
}

/** The line that names the symbol, or else the first that says anything. */
function tellingLine({ text, symbol }: HitReply): string {
  const lines = text.split("\n").filter(line => line.trim());
  const name = symbol.split(".").at(-1) ?? "";
  return ((name && lines.find(line => line.includes(name))) || lines[0] || "").trim().slice(0, 200);
}

function capitalised(word: string): string {
  return word.slice(0, 1).toUpperCase() + word.slice(1);
}

function lastPart(path: string): string {
  return path.split(/[\\/]/).filter(Boolean).at(-1) ?? path;
}
