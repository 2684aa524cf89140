// What the extension costs VS Code's start: its own activation, and the window's start with it and without it.
import { test } from "vitest";
import { type Code, startCode } from "../harness/code.ts";
import { report } from "./figures.ts";

const TIMES = 20;
const PROJECTS = ["httpx"];

test("activation and start-up", async () => {
  const activations: Activation[] = [];
  const withIt = await restarts({ note: async code => void activations.push(await activation(code)) });
  const without = await restarts({ withoutProduct: true });
  report(
    "Activation: reading the extension's code",
    activations.map(({ load }) => load),
  );
  report(
    "Activation: until activate() returns",
    activations.map(({ returned }) => returned),
  );
  report(
    "Activation: both together",
    activations.map(({ load, returned }) => load + returned),
  );
  report("From reload to a restored window and an answering extension host, with the extension", withIt);
  report("From reload to a restored window and an answering extension host, without it", without);
});

interface Activation {
  load: number;
  returned: number;
}

async function restarts(how: { withoutProduct?: boolean; note?(code: Code): Promise<void> }): Promise<number[]> {
  const code = await startCode({ projects: PROJECTS, withoutProduct: how.withoutProduct ?? false });
  try {
    const took: number[] = [];
    for (let round = 0; round < TIMES; round++) {
      const begun = performance.now();
      await code.reload();
      took.push(performance.now() - begun);
      await how.note?.(code);
    }
    return took;
  } finally {
    await code.stop();
  }
}

/** As the companion timed it; the extension is activated when the start-up is over, so it may take a moment. */
async function activation(code: Code): Promise<Activation> {
  for (;;) {
    const { load, returned } = await code.inHost((_api, _argument, inside) => inside.activation);
    if (load !== undefined && returned !== undefined) return { load, returned };
    await new Promise(resolve => setTimeout(resolve, 100));
  }
}
