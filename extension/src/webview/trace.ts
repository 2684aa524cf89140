// The trace page: why this answer?
//
// Invariant: shows what it is sent and keeps nothing but the trace's id and what is unfolded; texts of a repository or
// a model are texts.

import { html, nothing, render, type TemplateResult } from "lit";
import { duration, moment } from "../numbers";
import type { TraceReply } from "../protocol";
import { visible } from "../visible";
import { openHost } from "./host";
import { button, buttonsFor, foldingOf, icon } from "./panelPieces";
import { candidatesView, rankingsView } from "./trace/candidatesView";
import { claimsView } from "./trace/claimsView";
import type { TracePage } from "./trace/page";
import { evidenceView, understoodView } from "./trace/questionView";
import { contextView, sourcesView } from "./trace/sourcesView";
import { runsOf } from "./trace/stages";
import { textsOf } from "./trace/values";
import { waterfallView } from "./trace/waterfallView";
import type { FromTracePage, KeptTrace, ToTracePage, TracePlace } from "./traceMessages";

const host = openHost<FromTracePage, ToTracePage, KeptTrace>(message => show(message));
const page = document.getElementById("page");
let shownId = host.kept()?.id ?? "";
const folding = foldingOf(host.kept()?.open ?? [], open => host.keep({ id: shownId, open }));

function show(message: ToTracePage): void {
  shownId = message.id;
  host.keep({ id: shownId, open: host.kept()?.open ?? [] });
  if (page) {
    render(viewOf(message), page);
  }
}

function viewOf(message: ToTracePage): TemplateResult {
  switch (message.type) {
    case "trace":
      return traceView(message.trace);
    case "waiting":
      return html`<h1>Trace</h1>
        <p role="status">${icon("loading", true)} ${visible(message.sentence)}</p>`;
    case "failed":
      return html`<h1>Trace</h1>
        <p role="alert">${icon("error")} ${visible(message.sentence)}</p>
        <div class="buttons">
          ${buttonsFor(message.help, command => host.send({ type: "command", command }))}
          ${button({ title: "Try Again", press: () => host.send({ type: "retry" }) })}
          ${button({ title: "Show Another Trace", press: () => host.send({ type: "others" }) })}
        </div>`;
  }
}

function traceView(trace: TraceReply): TemplateResult {
  const products = textsOf(runsOf(trace, "resolve")[0]?.details.products);
  const parts: TracePage = {
    trace,
    folding,
    open: (place: TracePlace) => host.send({ type: "open", place, products }),
  };
  const answer = trace.kind === "search" ? nothing : html`${claimsView(parts)} ${sourcesView(parts)}`;
  return html`${headerView(trace)} ${waterfallView(parts)} ${evidenceView(parts)} ${answer} ${candidatesView(parts)}
  ${rankingsView(parts)} ${understoodView(parts)} ${trace.kind === "search" ? nothing : contextView(parts)}`;
}

function headerView(trace: TraceReply): TemplateResult {
  return html`<header>
    <h1>${visible(trace.question) || "Trace"}</h1>
    <p class="secondary">
      ${visible(trace.kind)}, ${moment(trace.started_at)}, ${duration(trace.milliseconds)} in all, outcome:
      ${visible(trace.outcome) || "none"}
    </p>
    <div class="buttons">
      ${button({ title: "Copy as JSON", icon: "copy", press: () => host.send({ type: "copy" }) })}
      ${button({ title: "Show Another Trace", icon: "list-unordered", press: () => host.send({ type: "others" }) })}
    </div>
  </header>`;
}

host.send({ type: "ready" });
