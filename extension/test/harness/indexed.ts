// Waiting until the server has indexed, as it counts itself.
import { expect, vi } from "vitest";
import type { Code } from "./code.ts";

const INDEXES_WITHIN = 90_000;

export interface Counted {
  readonly files: number;
  readonly unindexed_files: number;
  readonly drifted_chunks: number;
  readonly indexing: boolean;
  readonly roots: readonly { root: string; files: number; skipped: Record<string, number> }[];
}

export function status(code: Code): Promise<Counted> {
  return code.inHost(api => api.commands.executeCommand<Counted>("surefoot.status", { details: false }));
}

/** The counts once nothing is left to index. The command is there only when the server is: until then, ask again. */
export function indexed(code: Code, within = INDEXES_WITHIN): Promise<Counted> {
  return vi.waitFor(
    async () => {
      const counted = await status(code);
      expect(counted).toMatchObject({ indexing: false, unindexed_files: 0 });
      return counted;
    },
    { timeout: within, interval: 250 },
  );
}
