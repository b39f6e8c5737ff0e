// When to connect again: uniformly between 0 and a cap that doubles (full jitter).
const BASE_MS = 250;
const CAP_MS = 15_000;
const HIDDEN_CAP_MS = 300_000;

export class Backoff {
  private attempts = 0;

  reset(): void {
    this.attempts = 0;
  }

  /** Milliseconds to wait; never less than what the server asked for. */
  next(hidden: boolean, atLeast = 0): number {
    const cap = Math.min(hidden ? HIDDEN_CAP_MS : CAP_MS, BASE_MS * 2 ** this.attempts);
    this.attempts = Math.min(this.attempts + 1, 20);
    return atLeast + Math.random() * cap;
  }
}
