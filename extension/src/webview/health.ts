// The index health page: what is indexed, what is not and why.
//
// Invariant: shows what it is sent and keeps nothing but what is unfolded; every state is a sentence, and one that
// somebody can mend has a button.

import { html, nothing, render, type TemplateResult } from "lit";
import type { StatusReply } from "../protocol";
import { visible } from "../visible";
import type { HealthPage } from "./health/page";
import { rootView } from "./health/rootView";
import { headerView, modelView, progressView, verdictView } from "./health/summaryView";
import type { FromHealthPage, HealthState, KeptHealth, ToHealthPage } from "./healthMessages";
import { openHost } from "./host";
import { button, buttonsFor, foldingOf, icon, type Piece } from "./panelPieces";

const host = openHost<FromHealthPage, ToHealthPage, KeptHealth>(message => take(message));
const page = document.getElementById("page");
const folding = foldingOf(host.kept()?.open ?? [], open => host.keep({ open }));
let state: HealthState | undefined;

function take(message: ToHealthPage): void {
  if (message.type === "state") {
    state = message.state;
  } else if (state) {
    state = { ...state, progress: message.progress };
  }
  if (page && state) {
    render(viewOf({ state, folding, send: host.send }), page);
  }
}

function viewOf(parts: HealthPage): TemplateResult {
  return html`${headerView(parts)} ${progressView(parts.state.progress)} ${hindranceView(parts)}
  ${parts.state.status ? countedView(parts, parts.state.status) : nothing}`;
}

function countedView(parts: HealthPage, status: StatusReply): TemplateResult {
  return html`${verdictView(status)} ${status.roots.map(root => rootView(parts, root))} ${modelView(status)}`;
}

/** Why there is nothing to show, or nothing newer. */
function hindranceView({ state, send }: HealthPage): Piece {
  const { hindrance, problem, status, counting } = state;
  if (hindrance) {
    return html`<p role=${hindrance.busy ? "status" : "alert"}>
        ${icon(hindrance.busy ? "loading" : "warning", hindrance.busy)} ${visible(hindrance.sentence)}
      </p>
      <div class="buttons">${buttonsFor(hindrance.help, command => send({ type: "command", command }))}</div>`;
  }
  if (problem) {
    return html`<p role="alert">${icon("error")} The index could not be counted: ${visible(problem)}</p>
      <div class="buttons">
        ${button({ title: "Count Again", primary: true, press: () => send({ type: "refresh" }) })}
        ${button({ title: "Show Log", press: () => send({ type: "command", command: "surefoot.showLog" }) })}
      </div>`;
  }
  return status || !counting ? nothing : html`<p role="status">${icon("loading", true)} Counting what is indexed.</p>`;
}

host.send({ type: "ready" });
