// Builds dist/: the extension for Node, one script per webview for the browser, and the styles and icons they show.
import { cpSync, mkdirSync, rmSync } from "node:fs";
import { build } from "esbuild";

const production = process.argv.includes("--production");
const shared = { bundle: true, minify: production, sourcemap: production ? false : "linked", logLevel: "warning" };

rmSync("dist", { recursive: true, force: true });
await build({
  ...shared,
  // The client is a file of its own, so that VS Code's start does not wait until it is read.
  entryPoints: ["src/extension.ts", "src/client.ts"],
  outdir: "dist",
  platform: "node",
  format: "cjs",
  target: "node20",
  external: ["vscode", "./client.js"],
});
await build({
  ...shared,
  entryPoints: ["src/webview/ask.ts", "src/webview/trace.ts", "src/webview/health.ts"],
  outdir: "dist/webview",
  platform: "browser",
  format: "iife",
  target: "es2022",
});
mkdirSync("dist/webview", { recursive: true });
for (const file of ["codicon.css", "codicon.ttf"]) {
  cpSync(`node_modules/@vscode/codicons/dist/${file}`, `dist/webview/${file}`);
}
cpSync("src/webview/styles", "dist/webview", { recursive: true });
