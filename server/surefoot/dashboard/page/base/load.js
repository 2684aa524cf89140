// What a view shows of one thing that it fetches: loading, there, or failed; of two fetches the later one counts.

import { isAborted, sentenceOf } from "./api.js";
import { draw } from "./draw.js";
import { failure, loading } from "./pieces.js";

/** A place for something fetched: { value, error, isBusy, load(fetching), template(words, shown) }. */
export function loaded() {
  let controller;
  const self = {
    value: undefined,
    error: "",
    isBusy: false,
    again: () => {},
    /** Fetch with `fetching(signal)`. What is there stays until what comes replaces it, unless `anew`. */
    async load(fetching, { anew = false } = {}) {
      controller?.abort();
      controller = new AbortController();
      const { signal } = controller;
      Object.assign(self, { isBusy: true, error: "", again: () => self.load(fetching, { anew }) });
      if (anew) {
        self.value = undefined;
      }
      draw();
      try {
        const value = await fetching(signal);
        if (signal.aborted) {
          return;
        }
        self.value = value;
      } catch (error) {
        if (isAborted(error) || signal.aborted) {
          return;
        }
        self.error = sentenceOf(error);
      }
      self.isBusy = false;
      draw();
    },
    /** Empty again; what is on its way is given up. */
    clear() {
      controller?.abort();
      Object.assign(self, { value: undefined, error: "", isBusy: false });
    },
    template(words, shown) {
      if (self.error) {
        return failure(self.error, () => self.again());
      }
      return self.value === undefined ? loading(words) : shown(self.value);
    },
  };
  return self;
}
