// What the parts of the index health page are given.

import type { FromHealthPage, HealthState } from "../healthMessages";
import type { Folding } from "../panelPieces";

export interface HealthPage {
  state: HealthState;
  folding: Folding;
  send(message: FromHealthPage): void;
}
