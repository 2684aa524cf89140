// The index view: what is indexed of each root and what is not, the map, symbols and their neighbours, the model.
//
// Invariant: the only things that it changes are the ones that it has buttons for: re-indexing, and the model.

import { html, nothing } from "../vendor/lit.js";
import { getJson, postJson, sentenceOf } from "../base/api.js";
import { draw } from "../base/draw.js";
import { loaded } from "../base/load.js";
import { counted, recently, remaining, whole } from "../base/numbers.js";
import { button, empty, failure, notice, section } from "../base/pieces.js";
import { go, hashFor } from "../base/route.js";
import { visible, visibleLine } from "../base/visible.js";
import { loadStatus, workspace } from "../base/workspace.js";
import { coverageMap } from "./map.js";
import { loadModels, modelPart } from "./models.js";
import { enterGraph, graphPart } from "./neighbours.js";
import { rootFigures, rootLists } from "./roots.js";

const status = loaded();
const coverage = loaded();
const reindexing = { isBusy: false, said: "", error: "" };
let params = new URLSearchParams();

export const indexView = {
  title: () => "Index",
  enter: route => {
    params = route.params;
    enterGraph(symbolOf(params));
    if (!status.value) {
      loadCounts();
      void loadModels();
    }
  },
  indexed: loadCounts,
  template,
};

function loadCounts() {
  void status.load(signal => getJson("/api/status", { details: 1 }, { signal }));
  void coverage.load(signal => getJson("/api/coverage", {}, { signal }));
}

function symbolOf(from) {
  return { name: from.get("symbol") ?? "", root: from.get("of") ?? "", path: from.get("in") ?? "" };
}

/** Change a part of the address and keep the rest. */
function show(changes) {
  const now = Object.fromEntries(["root", "folder", "symbol", "of", "in"].map(name => [name, params.get(name) ?? ""]));
  go(hashFor("index", [], { ...now, ...changes }));
}

function template() {
  return html`
    <div class="view-head with-actions">
      <div>
        <h1 tabindex="-1">Index</h1>
        <p class="secondary">${status.value ? measured(status.value) : nothing}</p>
      </div>
      <p class="actions">
        ${button(reindexing.isBusy ? "Re-indexing…" : "Re-index", reindex, { kind: "primary", symbol: "sync", testId: "reindex", disabled: reindexing.isBusy })}
        ${button(
          "Count again",
          () => {
            void loadStatus();
            loadCounts();
          },
          { kind: "quiet" },
        )}
      </p>
    </div>
    ${progressPart()}
    ${reindexing.error ? failure(reindexing.error, reindex) : nothing}
    <p class="secondary" role="status" data-testid="reindexed">${reindexing.said}</p>
    ${status.template("Counting against the disk…", roots)}
    ${section(
      "graph",
      "Around a symbol",
      graphPart(({ name, root, path }) => show({ symbol: name, of: root, in: path })),
    )}
    ${section("model", "Language model", modelPart())}
  `;
}

function measured({ files, symbols, chunks, measured_at: at, roots: all, waits_for_power: waits }) {
  const where = all.length === 1 ? "" : ` in ${counted(all.length, "folder")}`;
  return `${counted(files, "file")}${where}, ${counted(symbols, "symbol")}, ${counted(chunks, "chunk")}. Counted against disk at ${recently(at)}${status.isBusy ? "; counting again" : ""}.${waits ? " The next look at everything waits for power; saved files are followed." : ""}`;
}

function progressPart() {
  const { progress } = workspace;
  if (!progress?.indexing) {
    return nothing;
  }
  const { done, total, seconds_left: left } = progress;
  return html`<div class="progress" data-testid="progress">
    <p>
      ${total === 0 ? "Indexing: looking for files." : `Indexing: ${whole(done)} of ${counted(total, "file")}${left === null ? "" : `, about ${remaining(left)} left`}.`}
    </p>
    ${total > 0 ? html`<progress aria-label="Indexing" max=${total} value=${done}></progress>` : nothing}
  </div>`;
}

function roots(value) {
  if (value.roots.length === 0) {
    return empty(
      "No folder is open, so there is nothing to index.",
      html`Start <code>surefoot dashboard --root FOLDER</code>.`,
    );
  }
  return html`${(value.notices ?? []).map(text => notice(text))} ${value.roots.map(rootPart)}`;
}

function rootPart(root) {
  const id = `root:${root.root}`;
  return html`<section class="section" data-testid="root" aria-labelledby=${id}>
    <h2 id=${id}>${visibleLine(root.name)} <small class="secondary"><bdi dir="ltr">${visible(root.root)}</bdi></small></h2>
    ${rootFigures(root)}
    <h3>Coverage</h3>
    ${coverage.template("Comparing every file…", ({ roots: covered }) => mapOf(root, covered))} ${rootLists(root)}
  </section>`;
}

function mapOf({ root }, covered) {
  const found = covered.find(one => one.root === root);
  const at = params.get("root") === root || covered.length === 1 ? (params.get("folder") ?? "") : "";
  return found ? coverageMap(found, at, folder => show({ root: covered.length === 1 ? "" : root, folder })) : nothing;
}

async function reindex() {
  Object.assign(reindexing, { isBusy: true, said: "", error: "" });
  draw();
  try {
    reindexing.said = told(await postJson("/api/reindex", {}));
    await loadStatus();
    loadCounts();
  } catch (error) {
    reindexing.error = sentenceOf(error);
  }
  reindexing.isBusy = false;
  draw();
}

function told({ indexed, unchanged, removed, failed, seconds }) {
  const parts = [`${whole(indexed)} read anew`, `${whole(unchanged)} unchanged`, `${whole(removed)} removed`];
  return `${parts.join(", ")}${failed.length > 0 ? `, ${whole(failed.length)} failed` : ""} in ${seconds.toFixed(1)} s.`;
}
