// The dialog "Swap shifts": pick a colleague's shift and ask.
import { requestSwap } from "../client";

export async function onAsk(mine: number, theirs: number) {
  await requestSwap(mine, theirs);
}
