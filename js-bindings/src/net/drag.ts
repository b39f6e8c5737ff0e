// Edits of a drag: seen at once, committed at most once in a while.
const THROTTLE_MS = 33;

export class Drag {
  private readonly commit: () => unknown;
  private readonly wait: number;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(commit: () => unknown, { throttleMs = THROTTLE_MS }: { throttleMs?: number }) {
    this.commit = commit;
    this.wait = throttleMs;
  }

  /** Something was edited. */
  edited(): void {
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      this.commit();
    }, this.wait);
  }

  stop(): void {
    clearTimeout(this.timer);
  }
}
