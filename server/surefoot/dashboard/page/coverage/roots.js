// One root in figures: how much of it is indexed, in which languages, and every file that is not.

import { html, nothing } from "../vendor/lit.js";
import { icon } from "../base/icons.js";
import { counted, share, size, whole } from "../base/numbers.js";
import { bars, fold, placeLink, table, tiles } from "../base/pieces.js";
import { SOURCES } from "../base/sources.js";
import { visible, visibleLine } from "../base/visible.js";
import { workspace } from "../base/workspace.js";

const COUNTING = "Told when indexing is over.";
const LISTED = 200; // of a drift list; more lines than that nobody reads

/** Files that are indexed as they are on disk, and those that should be. */
export function coverageOf(root) {
  const current = Math.max(0, root.files - root.drifted_files.length);
  return { current, wanted: root.files + root.unindexed_files + root.failed.length };
}

export function rootFigures(root) {
  const { current, wanted } = coverageOf(root);
  const isWhole = current === wanted;
  return html`
    <p class="headline" data-testid="coverage">
      ${icon(isWhole ? "check" : "warning")}
      <span>${
        wanted === 0
          ? "There is no file to index here."
          : `${share(current, wanted)} covered: ${whole(current)} of ${counted(wanted, "file")} indexed as on disk.`
      }</span>
    </p>
    ${bars([{ x: 0, width: wanted > 0 ? (current / wanted) * 1000 : 1000 }])}
    ${tiles([
      ["Files", whole(root.files)],
      ["Symbols", whole(root.symbols)],
      ["Chunks", whole(root.chunks)],
      ["Drifted chunks", whole(root.drifted_chunks)],
      ["Not indexed yet", whole(root.unindexed_files)],
      ["Could not be read", whole(root.failed.length)],
      ["Index size", size(root.database_bytes)],
    ])}
  `;
}

/** What is not as it should be, and what was left out. */
export function rootLists(root) {
  return html`<div class="columns">
    <div>
      <h3>Not as on disk</h3>
      ${drift(root)}
      <h3>Could not be read</h3>
      ${failed(root)}
    </div>
    <div>
      <h3>Skipped on purpose</h3>
      ${skipped(root)}
      <h3>Sources</h3>
      ${sources(root)}
      <h3>Languages</h3>
      ${languages(root)}
    </div>
  </div>`;
}

function drift(root) {
  const { drifted_files: drifted, unindexed_files: fresh } = root;
  return html`<div data-testid="drift">
    ${fresh > 0 ? html`<p>${icon("warning")} ${counted(fresh, "file")} not indexed yet.</p>` : nothing}
    ${
      drifted.length === 0
        ? html`<p>${icon("check")} No indexed file has changed or gone.</p>`
        : html`<p>${icon("warning")} ${counted(drifted.length, "file")} changed or gone since indexed:</p>
          ${fileList(root, drifted.slice(0, LISTED), drifted.length)}`
    }
  </div>`;
}

function failed(root) {
  if (root.failed.length === 0) {
    return html`<p data-testid="failed">${icon("check")} Every file could be read.</p>`;
  }
  const rows = root.failed.map(
    ({ path, error }) => html`<tr>
      <th scope="row">${placeLink({ root: root.root, path })}</th>
      <td>${visible(error)}</td>
    </tr>`,
  );
  return html`<div data-testid="failed">
    <p>${icon("warning")} ${counted(rows.length, "file")} could not be read:</p>
    ${table(`Files of ${visibleLine(root.name)} that could not be read`, ["File", "Why"], rows)}
  </div>`;
}

function skipped(root) {
  const reasons = Object.entries(root.skipped).sort(byCountThenName);
  const one = ([reason, count]) => {
    const files = root.skipped_files.filter(file => file.reason === reason).map(file => file.path);
    const summary = html`${visible(reason)} <span class="secondary">${counted(count, "file")}</span>`;
    return fold(`skipped ${root.root} ${reason}`, summary, () => plainList(files, count));
  };
  return html`<div data-testid="skipped">${reasons.length === 0 ? html`<p>${isCounting() ? COUNTING : "No file is skipped."}</p>` : reasons.map(one)}</div>`;
}

/** Tickets and commits themselves, and of the others the files. */
function sources(root) {
  const rows = Object.keys(SOURCES).map(
    source => html`<tr>
      <th scope="row">${SOURCES[source]}</th>
      <td class="number">${whole(root.sources[source] ?? 0)}</td>
    </tr>`,
  );
  return html`<div data-testid="sources">${table(`Sources of ${visibleLine(root.name)}`, ["Source", "Indexed"], rows)}</div>`;
}

function languages(root) {
  const found = Object.entries(root.languages).sort(byCountThenName);
  if (found.length === 0) {
    return html`<p>${isCounting() ? COUNTING : "No file is indexed."}</p>`;
  }
  const rows = found.map(
    ([language, files]) => html`<tr>
      <th scope="row">${visibleLine(language)}</th>
      <td class="number">${whole(files)}</td>
      <td class="number">${share(files, root.files)}</td>
      <td class="wide">${bars([{ x: 0, width: root.files > 0 ? (files / root.files) * 1000 : 0 }])}</td>
    </tr>`,
  );
  return table(`Languages of ${visibleLine(root.name)}`, ["Language", "Files", "Share", "In proportion"], rows);
}

function fileList(root, paths, all) {
  return html`<ul class="plain files">${paths.map(path => html`<li>${placeLink({ root: root.root, path })}</li>`)}</ul>
    ${further(paths.length, all)}`;
}

/** Files that are left out are not shown either, so that there is nothing to open. */
function plainList(paths, all) {
  return html`<ul class="plain files">
      ${paths.map(path => html`<li><bdi class="place" dir="ltr">${visibleLine(path)}</bdi></li>`)}
    </ul>
    ${further(paths.length, all)}`;
}

function further(shown, all) {
  return all > shown ? html`<p class="secondary">and ${counted(all - shown, "further file")}</p>` : nothing;
}

function isCounting() {
  return workspace.progress?.indexing === true;
}

function byCountThenName(one, other) {
  return other[1] - one[1] || one[0].localeCompare(other[0]);
}
