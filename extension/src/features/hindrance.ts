// Why the server cannot be asked now, in one sentence, and the commands that help.
//
// Invariant: imports no `vscode`. Every state but "running" has a sentence, and every one that a user can mend a button.

import type { ServerState } from "../server";

export interface Help {
  title: string;
  command: string;
}

export interface Hindrance {
  sentence: string;
  /** Whether it goes away by itself. */
  busy: boolean;
  help: Help[];
}

const SET_UP: Help = { title: "Set Up", command: "surefoot.setUp" };
const RESTART: Help = { title: "Restart Server", command: "surefoot.restartServer" };
const SHOW_LOG: Help = { title: "Show Log", command: "surefoot.showLog" };
const OPEN_SETTINGS: Help = { title: "Open Settings", command: "_surefoot.openSettings" };
const CHOOSE_MODEL: Help = { title: "Choose Language Model", command: "surefoot.chooseModel" };
const OPEN_FOLDER: Help = { title: "Open Folder", command: "workbench.action.files.openFolder" };
const MANAGE_TRUST: Help = { title: "Manage Workspace Trust", command: "workbench.trust.manage" };

/** What a page or a menu may run to help; everything else is refused. */
export const HELPING_COMMANDS: ReadonlySet<string> = new Set(
  [SET_UP, RESTART, SHOW_LOG, OPEN_SETTINGS, CHOOSE_MODEL, OPEN_FOLDER, MANAGE_TRUST].map(help => help.command),
);

export function hindranceOf(state: ServerState): Hindrance | undefined {
  switch (state.kind) {
    case "running":
      return undefined;
    case "starting":
      return { sentence: `${state.what}…`, busy: true, help: [SHOW_LOG] };
    case "untrusted":
      return stuck("This folder is not trusted, so nothing in it is read or indexed.", [MANAGE_TRUST]);
    case "noFolder":
      return stuck("No folder is open, so there is nothing to index.", [OPEN_FOLDER]);
    case "absent":
      // What a setting has broken, a setting mends.
      return stuck(
        state.why,
        /setting surefoot\./.test(state.why) ? [OPEN_SETTINGS, RESTART] : [SET_UP, RESTART, SHOW_LOG],
      );
    case "failed":
      return stuck(state.why, [RESTART, SET_UP, SHOW_LOG]);
    case "stopped":
      return stuck("Surefoot's server does not run.", [RESTART, SHOW_LOG]);
  }
}

function stuck(sentence: string, help: Help[]): Hindrance {
  return { sentence, busy: false, help };
}
