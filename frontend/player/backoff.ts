// Trying again after a while, and after twice as long each time it fails.

/** Seconds before the first repeat, and the longest pause between two. */
const FIRST = 1;
const LONGEST = 30;

/** Runs `attempt` 1, 2, 4 … up to 30 seconds after each call of `next`. */
export class Backoff {
  private failures = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly attempt: () => void) {}

  /** Plans the next attempt; calls while one is planned change nothing. */
  next(): void {
    if (this.timer !== undefined) return;
    const seconds = Math.min(LONGEST, FIRST * 2 ** this.failures);
    this.failures += 1;
    this.timer = setTimeout(() => this.now(), seconds * 1000);
  }

  /** Attempts at once instead of waiting. */
  now(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.attempt();
  }

  /** Forgets all failures and what was planned. */
  reset(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.failures = 0;
  }
}
