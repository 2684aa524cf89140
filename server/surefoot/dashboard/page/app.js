// The page: which view the address asks for, what stands around it, and the keys that hold everywhere.
//
// Invariant: one function draws the whole page from the state of the views; nothing else touches the document.

import { html, nothing, render } from "./vendor/lit.js";
import { onLocked } from "./base/api.js";
import { draw, onDraw } from "./base/draw.js";
import { icon } from "./base/icons.js";
import { counted, recently, remaining, whole } from "./base/numbers.js";
import { go, hashFor, onRoute, routeOf } from "./base/route.js";
import { scrollOn, scrollTowards, startScroll } from "./base/scroll.js";
import { currentToken, onToken, setToken, startToken, takeFromAddress } from "./base/token.js";
import { lookUp } from "./base/values.js";
import { visibleLine } from "./base/visible.js";
import { followIndexer, loadStatus, onIndexed, rootsOf, stopFollowing, workspace } from "./base/workspace.js";
import { indexView } from "./coverage/view.js";
import { lockedTemplate } from "./locked.js";
import { qualityView } from "./quality/view.js";
import { searchView } from "./search/view.js";
import { openSettings, settingsDialog, themeSwitch } from "./settings.js";
import { sourceView } from "./source/view.js";
import { compareView } from "./traces/compareView.js";
import { tracesView } from "./traces/listView.js";
import { traceView } from "./traces/traceView.js";

const VIEWS = {
  search: searchView,
  source: sourceView,
  traces: tracesView,
  trace: traceView,
  compare: compareView,
  index: indexView,
  quality: qualityView,
};
const TABS = [
  ["search", "Search", ["source"]],
  ["traces", "Traces", ["trace", "compare"]],
  ["index", "Index", []],
  ["quality", "Quality", []],
];

let route = routeOf(location.hash);
let isLocked = false;
let lastSearch = hashFor("search"); // its answer may have taken minutes

function view() {
  return lookUp(VIEWS, route.view) ?? searchView;
}

function follow({ isBack = false } = {}) {
  if (takeFromAddress()) {
    unlocked();
    return;
  }
  const before = view();
  route = routeOf(location.hash);
  view().enter(route);
  if (isBack || before !== view()) {
    scrollTowards(isBack);
  }
  draw();
  if (before !== view()) {
    queueMicrotask(() => focusView(isBack));
  }
}

/** A view that is new on the page is where the reader goes on: its box, or its heading. */
function focusView(isBack) {
  view().focus
    ? view().focus({ preventScroll: isBack })
    : document.querySelector("#main h1[tabindex]")?.focus({ preventScroll: true });
}

function pageTemplate() {
  if (isLocked) {
    return lockedTemplate(unlocked);
  }
  return html`
    <a class="skip" href="#main" @click=${skip}>Skip to the content</a>
    ${header()}
    <main id="main" class="main view-${Object.hasOwn(VIEWS, route.view) ? route.view : "search"}" tabindex="-1">${view().template()}</main>
    ${settingsDialog()}
  `;
}

function skip(event) {
  event.preventDefault(); // the fragment is the page's state
  document.getElementById("main").focus();
}

function header() {
  return html`<header class="header">
    <a class="brand" href=${hashFor("search")}><svg class="logo" viewBox="0 0 32 32" aria-hidden="true"><path d="M8 24l5-12 4 7 3-4 4 9z"></path></svg>Surefoot</a>
    <nav class="tabs" aria-label="Views">
      ${TABS.map(([name, title, others]) => {
        const isHere = view() === VIEWS[name] || others.some(other => view() === VIEWS[other]);
        return html`<a href=${name === "search" && !isHere ? lastSearch : hashFor(name)} aria-current=${isHere ? "page" : nothing} data-testid="tab-${name}">${title}</a>`;
      })}
    </nav>
    <div class="header-end">
      ${indexState()} ${themeSwitch()}
      <button type="button" class="icon-button" title="Settings and keys" aria-label="Settings and keys" data-testid="open-settings" @click=${openSettings}>
        ${icon("gear")}
      </button>
    </div>
  </header>`;
}

/** What is indexed, or how far indexing is. A screen reader is told when it begins and ends, not five times a second. */
function indexState() {
  const { status, progress, error, isLost } = workspace;
  const isIndexing = progress ? progress.indexing : status?.indexing === true;
  return html`<a class="index-state" href=${hashFor("index")} data-testid="index-state" data-indexing=${isIndexing}>
      ${isLost || (error && !status) ? html`${icon("warning")}<span>No answer</span>` : isIndexing ? running(progress) : standing(status)}
    </a>
    <span class="hidden" role="status">${isIndexing ? "Indexing." : progress ? "Indexing is over." : ""}</span>`;
}

function running(progress) {
  const { done = 0, total = 0, seconds_left: left = null } = progress ?? {};
  const how = total > 0 ? `${whole(done)} of ${whole(total)}` : "looking for files";
  return html`<span class="spinner" aria-hidden="true"></span><span>Indexing: ${how}${left === null ? "" : `, ${remaining(left)} left`}</span>`;
}

function standing(status) {
  if (!status) {
    return html`<span class="secondary">Counting…</span>`;
  }
  const { drifted_chunks: drifted, unindexed_files: fresh } = status;
  const isCurrent = drifted === 0 && fresh === 0;
  const name = rootsOf().length === 1 ? visibleLine(rootsOf()[0].name) : counted(rootsOf().length, "folder");
  return html`${icon(isCurrent ? "check" : "warning")}<span title=${`Counted at ${recently(status.measured_at)}.`}><span class="cut root-name">${name}</span> ${counted(status.files, "file")}${isCurrent ? "" : ", not as on disk"}</span>`;
}

function pressed(event) {
  if (
    event.ctrlKey ||
    event.metaKey ||
    event.altKey ||
    isTyping(event.target) ||
    document.querySelector("dialog[open]")
  ) {
    return;
  }
  if (event.key === "/") {
    event.preventDefault();
    const box = document.querySelector("#main [data-box], #question");
    box ? box.focus() : go(lastSearch);
    box?.select?.();
  } else if (event.key === "?") {
    openSettings();
  } else if (event.key === "Escape" && view() === searchView) {
    searchView.focus();
  }
}

function isTyping(target) {
  return target instanceof Element && target.matches("input:not([type=checkbox], [type=radio]), textarea, select");
}

function unlocked() {
  isLocked = false;
  void start();
}

async function start() {
  void loadStatus().then(() => view() === sourceView && view().enter(route));
  followIndexer();
  follow();
  queueMicrotask(() => view().focus?.());
}

onDraw(() => {
  lastSearch = view() === searchView ? location.hash : lastSearch;
  document.title = isLocked ? "Surefoot" : `${visibleLine(view().title()).slice(0, 80)} – Surefoot`;
  render(pageTemplate(), document.getElementById("page"));
  scrollOn();
});
onLocked(() => {
  isLocked = true;
  draw();
});
onToken(token => {
  if (isLocked && token !== currentToken()) {
    setToken(token, { isTold: false });
    unlocked();
  }
});
onRoute(follow);
onIndexed(() => view().indexed?.());
addEventListener("keydown", pressed);
document.addEventListener("visibilitychange", () => (document.hidden ? stopFollowing() : isLocked || followIndexer()));
addEventListener("hashchange", () => location.hash.startsWith("#token=") && follow());
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
startScroll();
await startToken();
await start();
