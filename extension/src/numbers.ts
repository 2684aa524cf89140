// How numbers, sizes and times are written for people, the same in the status bar and in every page.
//
// Invariant: imports nothing, so that it runs in Node and in a page. A share is 100 % only where nothing is left.

const WHOLE = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });
const MOMENT = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "medium" });
const CLOCK = new Intl.DateTimeFormat("en-GB", { timeStyle: "medium" });
const SIZES = ["bytes", "KiB", "MiB", "GiB", "TiB"];
const SECOND = 1000;
const MINUTE = 60;

/** `1,204`. */
export function whole(value: number): string {
  return WHOLE.format(value);
}

/** `1 file`, `1,204 files`. */
export function counted(value: number, one: string, many = `${one}s`): string {
  return `${whole(value)} ${value === 1 ? one : many}`;
}

/** `12.4 MiB`. */
export function size(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < SIZES.length - 1) {
    value /= 1024;
    unit += 1;
  }
  const number = unit === 0 || value >= 100 ? whole(value) : value.toFixed(1);
  return `${number} ${bytes === 1 ? "byte" : SIZES[unit]}`;
}

/** `0.04 ms`, `32 ms`, `1.25 s`. */
export function duration(milliseconds: number): string {
  if (milliseconds >= SECOND) {
    return `${(milliseconds / SECOND).toFixed(2)} s`;
  }
  return `${milliseconds < 10 ? milliseconds.toFixed(milliseconds < 1 ? 2 : 1) : whole(milliseconds)} ms`;
}

/** `40 s`, `3 min`, for time that is left; nobody needs to know it better. */
export function remaining(seconds: number): string {
  return seconds < MINUTE ? `${Math.ceil(seconds)} s` : `${Math.ceil(seconds / MINUTE)} min`;
}

/** `99.9 %`, cut rather than rounded, so that 100 % means all of it. Nothing of nothing is all of it. */
export function share(part: number, all: number): string {
  const percent = all === 0 ? 100 : Math.floor((part / all) * 1000) / 10;
  return `${percent} %`;
}

/** Day and time of seconds since the epoch. */
export function moment(seconds: number): string {
  return MOMENT.format(seconds * SECOND);
}

/** Day and time, without the day where it is today's. */
export function recently(seconds: number, now: Date): string {
  const then = new Date(seconds * SECOND);
  return then.toDateString() === now.toDateString() ? CLOCK.format(then) : MOMENT.format(then);
}

/** `0 changed since, counted at 14:05:33`: what was counted and when, never the one without the other. */
export function driftInWords(
  drift: { measured_at: number; drifted_files: number; unindexed_files: number },
  now: Date,
): string {
  const fresh = drift.unindexed_files > 0 ? `, ${whole(drift.unindexed_files)} not indexed yet` : "";
  return `${whole(drift.drifted_files)} changed since${fresh}, counted at ${recently(drift.measured_at, now)}`;
}

/** A number of a trace: up to four digits that matter. */
export function measure(value: number): string {
  return Number.isInteger(value) ? whole(value) : String(Number(value.toPrecision(4)));
}

/** What is put off while this machine runs on its battery, with `pause_on_battery`; nothing most of the time. */
export function waiting(status: { waits_for_power: boolean }): string[] {
  return status.waits_for_power ? ["The next look at everything waits for power; saved files are followed."] : [];
}
