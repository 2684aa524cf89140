// The offer to download the default model, where nothing but its file is missing.
//
// Invariant: made once; again only a week after "Not Now", and not at all after "Never".

import { type ExtensionContext, window } from "vscode";
import type { ModelRow } from "../protocol";
import type { Server } from "../server";
import { setting } from "../settings";
import { downloadIfAgreed } from "./downloads";
import { say, writes } from "./messages";
import { gibibytes, mayOffer, type Offer, shortTitle } from "./modelChoice";
import { hasLlama } from "./modelSupport";

const OFFER = "surefoot.modelOffer";

/** Offer the default model where nothing but its file is missing. */
export async function offerDefaultModel(
  context: ExtensionContext,
  server: Server,
  command: string[] | undefined,
): Promise<void> {
  const wanted = setting<string>("model", "default") === "default";
  if (!wanted || !mayOffer(context.globalState.get<Offer>(OFFER), Date.now()) || !(await hasLlama(command))) {
    return;
  }
  try {
    const row = (await server.models()).models.find(model => model.default);
    if (row && !row.downloaded) {
      await offer(context, server, row);
    }
  } catch {
    // The server has just stopped; it is offered at another start.
  }
}

async function offer(context: ExtensionContext, server: Server, row: ModelRow): Promise<void> {
  const size = `${gibibytes(row.size_bytes)}, ${row.licence}`;
  const question = `Download ${shortTitle(row)} (${size})? It lets Surefoot answer in sentences, on this machine only.`;
  await context.globalState.update(OFFER, { askedAt: Date.now() } satisfies Offer);
  const answer = await window.showInformationMessage(question, "Download", "Not Now", "Never");
  if (answer === "Never") {
    await context.globalState.update(OFFER, { never: true } satisfies Offer);
  } else if (answer === "Download") {
    await downloadIfAgreed(server, row, () => say(writes(shortTitle(row))));
  }
}
