// Downloads a model after the user agreed, with progress that can be cancelled.
//
// Invariant: nothing is downloaded that was not shown with size, licence and place before.

import { CancellationError, ProgressLocation, window } from "vscode";
import type { ModelRow } from "../protocol";
import { type Server, sentenceOf } from "../server";
import { showLog, tell } from "./messages";
import { shortTitle, terms } from "./modelChoice";

type AfterDownload = () => unknown;

/** Ask, download, and go on with `then` when the model is here. */
export async function downloadIfAgreed(server: Server, row: ModelRow, then: AfterDownload): Promise<void> {
  const question = `Download ${shortTitle(row)}?`;
  const options = { modal: true, detail: terms(row) };
  if ((await window.showInformationMessage(question, options, "Download")) === "Download") {
    await download(server, row, then);
  }
}

/** What fails is told, with a button that goes on where it stopped. */
async function download(server: Server, row: ModelRow, then: AfterDownload): Promise<void> {
  const title = `Downloading ${shortTitle(row)}`;
  const options = { location: ProgressLocation.Notification, title, cancellable: true };
  try {
    await window.withProgress(options, (progress, token) => {
      let reached = 0;
      return server.pullModel(row.name, token, ({ message, percentage }) => {
        const increment = Math.max(0, (percentage ?? reached) - reached);
        reached += increment;
        progress.report({ increment, ...(message ? { message } : {}) });
      });
    });
  } catch (error) {
    if (!(error instanceof CancellationError)) {
      tell("error", sentenceOf(error), { "Try Again": () => download(server, row, then), ...showLog });
    }
    return;
  }
  await then();
}
