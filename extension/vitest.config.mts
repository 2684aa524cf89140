// Three kinds of tests, run in this order by scripts/run-tests.mts: plain Node, inside the extension host, and by browser.
import { defineConfig } from "vitest/config";

// A VS Code on two cores: starting takes seconds, a question with a model up to a minute.
const SLOW = { fileParallelism: false, testTimeout: 90_000, hookTimeout: 180_000, retry: 0 };

export default defineConfig({
  test: {
    projects: [
      { test: { name: "unit", include: ["test/unit/**/*.test.ts"] } },
      { test: { name: "host", include: ["test/host/**/*.test.ts"], ...SLOW } },
      { test: { name: "browser", include: ["test/browser/**/*.test.ts"], ...SLOW } },
      // Measurements, not tests: `make ext-bench`.
      { test: { name: "bench", include: ["test/bench/**/*.bench.ts"], ...SLOW, testTimeout: 600_000 } },
    ],
  },
});
