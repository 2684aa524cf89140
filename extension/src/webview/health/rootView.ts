// One root: how much of it is indexed, in which languages, and every file that is not.

import { html, nothing, type TemplateResult } from "lit";
import { counted, share, size, whole } from "../../numbers";
import type { RootStatusReply } from "../../protocol";
import { SOURCES } from "../../sources";
import { visible } from "../../visible";
import { bars, facts, fold, icon, link, type Piece, table } from "../panelPieces";
import { coverageOf, languagesOf, type SkippedReason, skippedOf } from "./coverage";
import { coverageView } from "./coverageView";
import type { HealthPage } from "./page";

const BAR = 1000;
const LISTED = 200; // of a drift list; more lines than that nobody reads

export function rootView(page: HealthPage, root: RootStatusReply): TemplateResult {
  const coverage = coverageOf(root);
  const width = coverage.wanted > 0 ? (coverage.current / coverage.wanted) * BAR : BAR;
  const id = `root:${root.root}`;
  return html`<section data-testid="health-root" aria-labelledby=${id}>
    <h2 id=${id}>${visible(root.name)}</h2>
    <p class="secondary place">${visible(root.root)}</p>
    ${coverageView(coverage)}
    ${bars([{ x: 0, width }], BAR)} ${countsView(root)}
    <h3>Languages</h3>
    ${languagesView(root)}
    <h3>Not as on disk</h3>
    ${driftView(page, root)}
    <h3>Could not be read</h3>
    ${failedView(page, root)}
    <h3>Skipped on purpose</h3>
    ${skippedView(page, root)}
  </section>`;
}

function countsView(root: RootStatusReply): Piece {
  return facts([
    ["Files", whole(root.files)],
    ["Symbols", whole(root.symbols)],
    ["Chunks", whole(root.chunks)],
    ["Drifted chunks", whole(root.drifted_chunks)],
    ["Not indexed yet", counted(root.unindexed_files, "file")],
    ["Sources", sourcesOf(root)],
    ["Database", html`<span class="place">${visible(root.database)}</span>, ${size(root.database_bytes)}`],
  ]);
}

/** Tickets and commits themselves, and of the others the files. */
function sourcesOf(root: RootStatusReply): string {
  const found = Object.entries(SOURCES).map(([source, name]) => `${whole(root.sources[source] ?? 0)} ${name}`);
  return found.join(", ");
}

function languagesView(root: RootStatusReply): Piece {
  const languages = languagesOf(root);
  if (languages.length === 0) {
    return html`<p>No file is indexed.</p>`;
  }
  const rows = languages.map(
    ([language, files]) => html`<tr data-testid="health-language">
      <th scope="row">${visible(language)}</th>
      <td class="number">${whole(files)}</td>
      <td class="number">${share(files, root.files)}</td>
      <td class="wide">${bars([{ x: 0, width: root.files > 0 ? (files / root.files) * BAR : 0 }], BAR)}</td>
    </tr>`,
  );
  return table(`Languages of ${root.name}`, ["Language", "Files", "Share", "In proportion"], rows);
}

function driftView(page: HealthPage, root: RootStatusReply): TemplateResult {
  const { drifted_files: drifted, unindexed_files: unindexed } = root;
  const fresh =
    unindexed > 0 ? html`<p>${icon("warning")} ${counted(unindexed, "file")} not indexed yet.</p>` : nothing;
  return html`<div data-testid="health-drift">
    ${fresh}
    ${
      drifted.length === 0
        ? html`<p>${icon("check")} No indexed file has changed or gone.</p>`
        : html`<p>${icon("warning")} ${counted(drifted.length, "file")} changed or gone since indexed:</p>
          ${fileList(page, root, drifted.slice(0, LISTED), drifted.length)}`
    }
  </div>`;
}

function failedView(page: HealthPage, root: RootStatusReply): TemplateResult {
  const rows = root.failed.map(
    ({ path, error }) => html`<tr>
      <th scope="row">${fileLink(page, root, path)}</th>
      <td>${visible(error)}</td>
    </tr>`,
  );
  return html`<div data-testid="health-failed">
    ${
      rows.length === 0
        ? html`<p>${icon("check")} Every file could be read.</p>`
        : html`<p>${icon("error")} ${counted(rows.length, "file")} could not be read:</p>
          ${table(`Files of ${root.name} that could not be read`, ["File", "Why"], rows)}`
    }
  </div>`;
}

function skippedView(page: HealthPage, root: RootStatusReply): TemplateResult {
  const reasons = skippedOf(root);
  return html`<div data-testid="health-skipped">
    ${reasons.length === 0 ? html`<p>No file is skipped.</p>` : reasons.map(reason => reasonView(page, root, reason))}
  </div>`;
}

function reasonView(page: HealthPage, root: RootStatusReply, { reason, count, files }: SkippedReason): Piece {
  const summary = html`${visible(reason)} <span class="secondary">${counted(count, "file")}</span>`;
  return fold(page.folding, `skipped:${root.root}:${reason}`, summary, fileList(page, root, files, count));
}

function fileList(page: HealthPage, root: RootStatusReply, paths: string[], all: number): Piece {
  if (paths.length === 0) {
    return html`<p>Which files these are is not listed.</p>`;
  }
  const further = all - paths.length;
  return html`<ul class="plain files">
      ${paths.map(path => html`<li>${fileLink(page, root, path)}</li>`)}
    </ul>
    ${further > 0 ? html`<p class="secondary">and ${counted(further, "further file")}</p>` : nothing}`;
}

function fileLink(page: HealthPage, root: RootStatusReply, path: string): TemplateResult {
  return link(path, () => page.send({ type: "openFile", root: root.root, path }));
}
