// Asks for the status when there is a reason to, and never more often than is good for the disk that it is counted on.
//
// Invariant: imports no `vscode`; at most one request runs, and reasons that come meanwhile lead to one more.

import type { StatusReply } from "../protocol";

// A pass ends and the next one begins; what is counted in between is old at once.
const SETTLES_MS = 250;
// Counting walks the whole tree, so that it may take this share of the time at most.
const REST_PER_PULL = 9;

export interface PullOptions {
  pull(): Promise<StatusReply>;
  onStatus(status: StatusReply): void;
  onProblem(error: unknown): void;
}

export class StatusPull {
  private timer: ReturnType<typeof setTimeout> | undefined;
  private running = false;
  private wantedAgain = false;
  private notBefore = 0;
  private stopped = false;

  constructor(private readonly options: PullOptions) {}

  /** Ask soon. */
  want(): void {
    if (this.running) {
      this.wantedAgain = true;
    } else if (this.timer === undefined && !this.stopped) {
      const rest = Math.max(SETTLES_MS, this.notBefore - Date.now());
      this.timer = setTimeout(() => this.now(), rest);
    }
  }

  /** Ask at once: somebody waits for it. */
  async now(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (this.running) {
      this.wantedAgain = true;
      return;
    }
    this.running = true;
    const began = Date.now();
    try {
      const status = await this.options.pull();
      this.unlessStopped(() => this.options.onStatus(status));
    } catch (error) {
      this.unlessStopped(() => this.options.onProblem(error));
    } finally {
      this.running = false;
      this.notBefore = Date.now() + REST_PER_PULL * (Date.now() - began);
    }
    if (this.wantedAgain) {
      this.wantedAgain = false;
      this.want();
    }
  }

  dispose(): void {
    this.stopped = true;
    clearTimeout(this.timer);
    this.timer = undefined;
  }

  private unlessStopped(tell: () => void): void {
    if (!this.stopped) {
      tell();
    }
  }
}
