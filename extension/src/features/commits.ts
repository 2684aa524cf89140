// A cited commit as a page that can be read and not written: it is no file, so the server is asked for its text.
//
// Request: surefoot.source. Scheme: surefoot-commit.
// Invariant: what is shown comes from the clone at the moment of opening, and nothing of it is kept.

import { type TextDocumentContentProvider, type TextEditor, Uri, window, workspace } from "vscode";
import type { Server } from "../server";
import { shortCommit } from "../sources";
import type { Surefoot } from "./feature";

const SCHEME = "surefoot-commit";

export function activate({ context, server }: Surefoot): void {
  context.subscriptions.push(workspace.registerTextDocumentContentProvider(SCHEME, new Commits(server)));
}

class Commits implements TextDocumentContentProvider {
  constructor(private readonly server: Server) {}

  async provideTextDocumentContent(uri: Uri): Promise<string> {
    const query = new URLSearchParams(uri.query);
    const { text } = await this.server.source(query.get("root") ?? "", query.get("path") ?? "");
    return text;
  }
}

/** Show the commit, named by its digits. */
export async function openCommit(place: { root: string; path: string }, preview: boolean): Promise<TextEditor> {
  const query = new URLSearchParams({ root: place.root, path: place.path }).toString();
  const uri = Uri.from({ scheme: SCHEME, path: `/${shortCommit(place.path)}`, query });
  return window.showTextDocument(uri, { preview });
}
