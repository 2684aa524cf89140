import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { StatusPull } from "../../src/features/statusPull.ts";
import type { StatusReply } from "../../src/protocol.ts";
import { statusOf } from "./healthSamples.ts";

describe("the status", () => {
  const answers: { resolve(status: StatusReply): void; reject(error: Error): void }[] = [];
  const onStatus = vi.fn();
  const onProblem = vi.fn();
  let pull: StatusPull;

  beforeEach(() => {
    vi.useFakeTimers();
    answers.length = 0;
    onStatus.mockReset();
    onProblem.mockReset();
    pull = new StatusPull({
      pull: () => new Promise((resolve, reject) => answers.push({ resolve, reject })),
      onStatus,
      onProblem,
    });
  });

  afterEach(() => {
    pull.dispose();
    vi.useRealTimers();
  });

  async function answer(): Promise<void> {
    answers.at(-1)?.resolve(statusOf([]));
    await vi.advanceTimersByTimeAsync(0);
  }

  it("is asked for once, however many reasons come at once", async () => {
    pull.want();
    pull.want();
    await vi.advanceTimersByTimeAsync(1000);
    expect(answers).toHaveLength(1);
    await answer();
    expect(onStatus).toHaveBeenCalledTimes(1);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(answers).toHaveLength(1);
  });

  it("is asked for once more where something happened meanwhile", async () => {
    void pull.now();
    pull.want();
    pull.want();
    await answer();
    await vi.advanceTimersByTimeAsync(1000);
    expect(answers).toHaveLength(2);
  });

  it("takes a small share of the time where counting is slow", async () => {
    void pull.now();
    await vi.advanceTimersByTimeAsync(2000);
    await answer();
    pull.want();
    await vi.advanceTimersByTimeAsync(17_000);
    expect(answers).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1001);
    expect(answers).toHaveLength(2);
  });

  it("is asked for at once where somebody waits", async () => {
    void pull.now();
    await vi.advanceTimersByTimeAsync(2000);
    await answer();
    void pull.now();
    expect(answers).toHaveLength(2);
  });

  it("tells a failure, and is asked for again afterwards", async () => {
    void pull.now();
    answers[0]?.reject(new Error("The server stopped."));
    await vi.advanceTimersByTimeAsync(0);
    expect(onProblem).toHaveBeenCalledWith(new Error("The server stopped."));
    pull.want();
    await vi.advanceTimersByTimeAsync(1000);
    expect(answers).toHaveLength(2);
  });

  it("is of no interest any more when nobody looks", async () => {
    void pull.now();
    pull.dispose();
    await answer();
    pull.want();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(onStatus).not.toHaveBeenCalled();
    expect(answers).toHaveLength(1);
  });
});
