// The page "Inbox": swaps that wait for me, as colleague or as planner.
import { acceptSwap, approveSwap } from "../client";

export async function onAgree(swap: number) {
  const answer = await acceptSwap(swap);
  return answer.status === 409 ? "This would break a rule." : "Waits for the planner.";
}

export async function onApprove(swap: number) {
  await approveSwap(swap);
}
