import { ClockFace } from '../core/model';

const TICK_MS = 400;
const STEP_ORE = 10;

/** The price that the wall shows between two polls; the server's is the one that counts. */
export function priceNow(face: ClockFace, skew: number, now = Date.now()): number {
  const since = now + skew - Date.parse(face.startedAt);
  const ticks = Math.max(0, Math.floor(since / TICK_MS));
  return Math.max(0, face.fromPrice - ticks * STEP_ORE);
}

/** By how much the server's time is ahead of ours. */
export function skewOf(face: ClockFace, now = Date.now()): number {
  return Date.parse(face.serverTime) - now;
}
