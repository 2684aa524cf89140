// What a phone has to tell the depot and could not yet. It survives a restart of the browser.
import { type Attempt, sendAttempts } from "../api/client";

const KEY = "pending-attempts";

export function pending(): Attempt[] {
  return JSON.parse(localStorage.getItem(KEY) ?? "[]") as Attempt[];
}

function keep(attempts: Attempt[]): void {
  localStorage.setItem(KEY, JSON.stringify(attempts));
}

export function remember(attempt: Omit<Attempt, "clientId" | "triedAt">): void {
  const named: Attempt = { ...attempt, clientId: crypto.randomUUID(), triedAt: new Date().toISOString() };
  keep([...pending(), named]);
}

/** Send all that is pending. What was sent is forgotten only when the depot has answered. */
export async function flush(): Promise<number> {
  const batch = pending();
  if (batch.length === 0 || !navigator.onLine) return 0;
  const { taken } = await sendAttempts(batch);
  const sent = new Set(batch.map((each) => each.clientId));
  keep(pending().filter((each) => !sent.has(each.clientId)));
  return taken;
}
