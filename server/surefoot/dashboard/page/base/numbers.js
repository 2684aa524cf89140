// How numbers, sizes and times are written for people, as in the pages of the VS Code extension.
//
// Invariant: a share is 100 % only where nothing is left.

const WHOLE = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });
const MOMENT = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "medium" });
const CLOCK = new Intl.DateTimeFormat("en-GB", { timeStyle: "medium" });
const SIZES = ["bytes", "KiB", "MiB", "GiB", "TiB"];

/** `1,204`. */
export function whole(value) {
  return WHOLE.format(value);
}

/** `1 file`, `1,204 files`. */
export function counted(value, one, many = `${one}s`) {
  return `${whole(value)} ${value === 1 ? one : many}`;
}

/** `12.4 MiB`. */
export function size(bytes) {
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
export function duration(milliseconds) {
  if (milliseconds >= 1000) {
    return `${(milliseconds / 1000).toFixed(2)} s`;
  }
  return `${milliseconds < 10 ? milliseconds.toFixed(milliseconds < 1 ? 2 : 1) : whole(milliseconds)} ms`;
}

/** `40 s`, `3 min`, for time that is left; nobody needs to know it better. */
export function remaining(seconds) {
  return seconds < 60 ? `${Math.ceil(seconds)} s` : `${Math.ceil(seconds / 60)} min`;
}

/** `99.9 %`, rounded, but never to all of it or to nothing of it where it is not. Nothing of nothing is all of it. */
export function share(part, all) {
  if (part <= 0 || part >= all) {
    return all > 0 && part <= 0 ? "0 %" : "100 %";
  }
  const tenths = Math.round((part / all) * 1000);
  return tenths === 0 ? "< 0.1 %" : `${Math.min(tenths, 999) / 10} %`;
}

/** Day and time of seconds since the epoch, without the day where it is today's. */
export function recently(seconds, now = new Date()) {
  const then = new Date(seconds * 1000);
  return then.toDateString() === now.toDateString() ? CLOCK.format(then) : MOMENT.format(then);
}

/** `0 changed since, counted at 14:05:33`: what was counted and when, never the one without the other. */
export function driftInWords(drift, now = new Date()) {
  const fresh = drift.unindexed_files > 0 ? `, ${whole(drift.unindexed_files)} not indexed yet` : "";
  return `${whole(drift.drifted_files)} changed since${fresh}, counted at ${recently(drift.measured_at, now)}`;
}

/** A number of a trace: up to four digits that matter. */
export function measure(value) {
  return Number.isInteger(value) ? whole(value) : String(Number(value.toPrecision(4)));
}
