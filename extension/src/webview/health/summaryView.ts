// The top of the index health page: what is true of the whole workspace, what goes on, and the buttons.

import { html, nothing, type TemplateResult } from "lit";
import { counted, recently, remaining, size, waiting, whole } from "../../numbers";
import type { StatusChanged, StatusReply } from "../../protocol";
import { visible } from "../../visible";
import { button, facts, icon, type Piece } from "../panelPieces";
import { coverageOfAll } from "./coverage";
import { coverageView } from "./coverageView";
import type { HealthPage } from "./page";

export function headerView(page: HealthPage): TemplateResult {
  const { status, counting } = page.state;
  return html`<header>
    <h1>Index Health</h1>
    ${status ? measuredView(status, counting) : nothing}
    <div class="buttons">
      ${button({
        title: "Re-index",
        icon: "sync",
        primary: true,
        testId: "health-reindex",
        press: () => page.send({ type: "reindex" }),
      })}
      ${button({
        title: "Choose Model",
        icon: "symbol-event",
        testId: "health-choose-model",
        press: () => page.send({ type: "chooseModel" }),
      })}
      ${button({
        title: "Open Trace",
        icon: "list-tree",
        testId: "health-open-trace",
        press: () => page.send({ type: "openTrace" }),
      })}
      ${button({
        title: "Refresh",
        icon: "refresh",
        testId: "health-refresh",
        press: () => page.send({ type: "refresh" }),
      })}
    </div>
  </header>`;
}

function measuredView(status: StatusReply, counting: boolean): TemplateResult {
  const where = status.roots.length === 1 ? "" : ` in ${counted(status.roots.length, "folder")}`;
  const again = counting ? "; counting again" : "";
  return html`<p class="secondary">
    ${counted(status.files, "file")}${where}, ${counted(status.symbols, "symbol")}, ${counted(status.chunks, "chunk")},
    ${size(status.database_bytes)}. Counted against disk at ${recently(status.measured_at, new Date())}${again}.
    ${waiting(status)}
  </p>`;
}

/** For several roots together; one root says it for itself. */
export function verdictView(status: StatusReply): Piece {
  if (status.roots.length === 0) {
    return html`<p>${icon("warning")} No folder is open, so there is nothing to index.</p>`;
  }
  return status.roots.length === 1 ? nothing : coverageView(coverageOfAll(status));
}

/** How far indexing is. A screen reader is told when it begins and ends, not five times a second. */
export function progressView(progress: StatusChanged | undefined): TemplateResult {
  const indexing = progress?.indexing === true;
  return html`<div class="hidden" role="status">${indexing ? "Indexing." : progress ? "Indexing is over." : ""}</div>
    ${indexing && progress ? runningView(progress) : nothing}`;
}

function runningView(progress: StatusChanged): TemplateResult {
  const { done, total, files_per_second: speed, seconds_left: left } = progress;
  if (total === 0) {
    return html`<p>${icon("sync", true)} Indexing: looking for files.</p>`;
  }
  const rest = [
    speed > 0 ? `${whole(speed)} a second` : "",
    left === null ? "" : `about ${remaining(left)} left`,
  ].filter(Boolean);
  return html`<p>
      ${icon("sync", true)} Indexing: ${whole(done)} of ${counted(total, "file")}${rest.map(part => `, ${part}`)}.
    </p>
    <progress aria-label="Indexing" max=${total} value=${done}></progress>`;
}

export function modelView(status: StatusReply): TemplateResult {
  const entries: [string, Piece][] = [
    ["Model", visible(status.model)],
    ["State", visible(status.model_state)],
    ["Embedder", visible(status.embedder)],
  ];
  return html`<section data-testid="health-model" aria-labelledby="model">
    <h2 id="model">Language model</h2>
    ${facts(entries)}
  </section>`;
}
