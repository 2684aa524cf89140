// The page around a webview's script: strict about where anything may come from.
//
// Invariant: no inline script or style, nothing from a network; whatever a repository contains is data.

import { randomBytes } from "node:crypto";
import { Uri, type Webview } from "vscode";

export type PageName = "ask" | "trace" | "health";

/** Where a webview may load files from. */
export function localRoots(extension: Uri): Uri[] {
  return [Uri.joinPath(extension, "dist", "webview")];
}

export function pageOf(webview: Webview, extension: Uri, name: PageName, title: string): string {
  const nonce = randomBytes(16).toString("base64url");
  const file = (path: string) => webview.asWebviewUri(Uri.joinPath(extension, "dist", "webview", path));
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    // The elements bring their styles as constructed style sheets, which need no permission.
    `style-src ${webview.cspSource} 'nonce-${nonce}'`,
    `font-src ${webview.cspSource}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
  return `<!DOCTYPE html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta http-equiv="Content-Security-Policy" content="${policy}">
    <title>${title}</title>
    <link rel="stylesheet" href="${file("codicon.css")}" id="vscode-codicon-stylesheet">
    <link rel="stylesheet" href="${file("common.css")}">
    <link rel="stylesheet" href="${file(`${name}.css`)}">
  </head>
  <body>
    <main id="page"></main>
    <script nonce="${nonce}" src="${file(`${name}.js`)}"></script>
  </body>
</html>`;
}
