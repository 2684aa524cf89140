// How much is indexed, as a sentence with a sign.

import { html, type TemplateResult } from "lit";
import { counted, share, whole } from "../../numbers";
import { icon } from "../panelPieces";
import type { Coverage } from "./coverage";

export function coverageView({ current, wanted }: Coverage): TemplateResult {
  const sentence =
    wanted === 0
      ? "There is no file to index here."
      : `${share(current, wanted)} covered: ${whole(current)} of ${counted(wanted, "file")} indexed as on disk.`;
  return html`<p class="headline">${icon(current === wanted ? "pass" : "warning")} ${sentence}</p>`;
}
