// Shows a webview's page without VS Code: in Chromium, under its real policy, in three themes and three widths.
//
//   node scripts/preview.mjs FOLDER PAGE JSON...
//
// PAGE is ask, trace or health. Each JSON file is what the page is sent: a message, a list of messages, the output of
// `surefoot trace export ID`, or that of `surefoot status --json`. Writes screenshots and axe-core's findings to FOLDER,
// and fails where the page breaks its policy, throws, is wider than its window or has a serious finding.
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { basename, extname, join } from "node:path";
import { build } from "esbuild";
import { chromium } from "playwright-core";
import { THEMES } from "./preview-themes.mjs";

const WIDTHS = [300, 760, 1600];
const TYPES = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".ttf": "font/ttf" };
const [folder, page, ...files] = process.argv.slice(2);
const built = mkdtempSync(join(tmpdir(), "surefoot-preview-"));
let failures = 0;

try {
  await main();
} finally {
  rmSync(built, { recursive: true, force: true });
}
process.exitCode = failures > 0 ? 1 : 0;

async function main() {
  mkdirSync(folder, { recursive: true });
  await buildPage();
  const server = createServer(serve).listen(0, "127.0.0.1");
  await new Promise(resolve => server.once("listening", resolve));
  const address = `http://127.0.0.1:${server.address().port}`;
  writeFileSync(join(built, "index.html"), await pageHtml(address));
  const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox"] });
  try {
    for (const file of files) {
      for (const theme of Object.keys(THEMES)) {
        for (const width of WIDTHS) {
          await look(browser, address, file, theme, width);
        }
      }
    }
  } finally {
    await browser.close();
    server.close();
  }
}

async function buildPage() {
  await build({
    entryPoints: [`src/webview/${page}.ts`],
    outdir: built,
    bundle: true,
    format: "iife",
    target: "es2022",
    logLevel: "warning",
  });
  for (const file of ["codicon.css", "codicon.ttf"]) {
    cpSync(`node_modules/@vscode/codicons/dist/${file}`, join(built, file));
  }
  cpSync("src/webview/styles", built, { recursive: true });
}

/** The page as src/page.ts makes it, so that the policy is the real one. */
async function pageHtml(address) {
  const outfile = join(built, "page.mjs");
  const vscode = {
    name: "vscode",
    setup(plugins) {
      plugins.onResolve({ filter: /^vscode$/ }, () => ({ path: "vscode", namespace: "stub" }));
      plugins.onLoad({ filter: /.*/, namespace: "stub" }, () => ({
        contents: "export const Uri = { joinPath: (_base, ...parts) => parts.at(-1) };",
      }));
    },
  };
  await build({
    entryPoints: ["src/page.ts"],
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    plugins: [vscode],
  });
  const { pageOf } = await import(outfile);
  return pageOf({ asWebviewUri: path => `${address}/${path}`, cspSource: address }, undefined, page, page);
}

function serve(request, response) {
  try {
    const name = basename(new URL(request.url, "http://localhost").pathname) || "index.html";
    const content = readFileSync(join(built, name));
    response.writeHead(200, { "content-type": TYPES[extname(name)] ?? "application/octet-stream" }).end(content);
  } catch {
    response.writeHead(404).end();
  }
}

async function look(browser, address, file, theme, width) {
  const name = `${page}-${basename(file, ".json")}-${theme}-${width}`;
  const context = await browser.newContext({ viewport: { width, height: 900 } });
  const tab = await context.newPage();
  const said = [];
  tab.on("console", message => message.type() === "error" && said.push(message.text()));
  tab.on("pageerror", error => said.push(error.message));
  await tab.addInitScript(standIn, { ...THEMES[theme] });
  await tab.goto(address);
  for (const message of messagesOf(JSON.parse(readFileSync(file, "utf8")))) {
    await tab.evaluate(data => window.postMessage(data, "*"), message);
  }
  await tab.waitForFunction(() => document.querySelector("#page")?.childElementCount);
  await tab.waitForTimeout(150);
  const before = said.length; // what a screenshot or axe-core does to the page is not the page's fault
  await shoot(tab, join(folder, `${name}.png`));
  await unfoldAll(tab);
  const problems = [...said.slice(0, before), ...(await tooWide(tab))];
  await shoot(tab, join(folder, `${name}-unfolded.png`));
  problems.push(...(await axeFindings(tab, join(folder, `${name}.axe.json`))));
  report(name, problems);
  await context.close();
}

/** Stands in for VS Code: its API, its variables, its class on the body. Runs in the page. */
function standIn({ className, variables }) {
  let kept;
  window.acquireVsCodeApi = () => ({
    postMessage: () => undefined,
    getState: () => kept,
    setState: state => {
      kept = state;
    },
  });
  document.addEventListener("DOMContentLoaded", () => {
    document.body.classList.add(className);
    for (const [name, value] of Object.entries(variables)) {
      document.documentElement.style.setProperty(`--vscode-${name}`, value);
    }
    document.documentElement.style.setProperty("background", variables["editor-background"]);
  });
}

function messagesOf(content) {
  if (Array.isArray(content)) {
    return content;
  }
  if (content.stages) {
    return [{ type: "trace", id: content.trace_id, trace: content }];
  }
  return [content.roots ? { type: "state", state: { counting: false, problem: "", status: content } } : content];
}

async function unfoldAll(tab) {
  await tab.evaluate(() => {
    for (const details of document.querySelectorAll("details")) {
      details.open = true;
    }
  });
  await tab.waitForTimeout(50);
}

async function shoot(tab, path) {
  await tab.screenshot({ path, fullPage: true });
}

async function tooWide(tab) {
  const [wide, window] = await tab.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
  return wide > window ? [`The page is ${wide} px wide in a window of ${window}.`] : [];
}

async function axeFindings(tab, path) {
  await tab.evaluate(readFileSync("node_modules/axe-core/axe.min.js", "utf8"));
  const { violations } = await tab.evaluate(() => window.axe.run(document, { preload: false }));
  writeFileSync(path, JSON.stringify(violations, null, 2));
  return violations
    .filter(violation => violation.impact === "serious" || violation.impact === "critical")
    .map(violation => `${violation.id}: ${violation.help}: ${violation.nodes[0]?.html.slice(0, 200)}`);
}

function report(name, problems) {
  failures += problems.length;
  console.log(problems.length === 0 ? `${name}: fine` : `${name}:\n  ${problems.join("\n  ")}`);
}
