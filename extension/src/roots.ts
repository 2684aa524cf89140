// The folders of the workspace as the user opened them, for places that the server names by their real paths.
//
// Invariant: a folder that was opened through a symbolic link is never opened a second time under its real path.

import { realpathSync } from "node:fs";
import { sep } from "node:path";
import { Uri, type WorkspaceFolder, workspace } from "vscode";

export class Roots {
  private folders: readonly WorkspaceFolder[] = [];
  private real: string[] = [];

  /** The workspace folder whose real path this is. */
  folderOf(root: string): WorkspaceFolder | undefined {
    this.look();
    return this.folders[this.real.indexOf(root)];
  }

  /** The file as it was opened: below the folder that the user chose. */
  asOpened(uri: Uri): Uri {
    this.look();
    if (uri.scheme !== "file") {
      return uri;
    }
    const path = uri.fsPath;
    const index = this.real.findIndex(root => path === root || path.startsWith(root + sep));
    const folder = this.folders[index];
    const root = this.real[index];
    if (!folder || !root || folder.uri.fsPath === root) {
      return uri;
    }
    const below = path.slice(root.length).split(sep).filter(Boolean);
    return Uri.joinPath(folder.uri, ...below).with({ fragment: uri.fragment });
  }

  /** What stands before a path of this root: the folder's name where there are several, or else nothing. */
  prefixOf(root: string): string {
    this.look();
    if (this.folders.length < 2) {
      return "";
    }
    const folder = this.folderOf(root);
    if (!folder) {
      return `${root.split(/[\\/]/).filter(Boolean).at(-1) ?? root}/`;
    }
    const twins = this.folders.filter(other => other.name === folder.name).length > 1;
    return twins ? `${folder.uri.fsPath.split(/[\\/]/).filter(Boolean).slice(-2).join("/")}/` : `${folder.name}/`;
  }

  /** Read the folders again where they have changed: links are followed once. */
  private look(): void {
    const folders = workspace.workspaceFolders ?? [];
    if (folders !== this.folders) {
      this.folders = folders;
      this.real = folders.map(folder => realPath(folder.uri.fsPath));
    }
  }
}

/** One for the window. */
export const roots = new Roots();

function realPath(path: string): string {
  try {
    return realpathSync.native(path);
  } catch {
    return path;
  }
}
