// The server's digest of the room: asked for soon after a change, and now and then.
const SOON_MS = 250;
const IDLE_MS = 5_000;

export interface ServerDigest {
  readonly digest: string;
  readonly serverSeq: number;
}

export class ServerDigestWatch {
  latest: ServerDigest | undefined;
  private readonly address: string;
  private readonly changed: () => void;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private due = Infinity;

  constructor(room: string, changed: () => void) {
    this.address = `api/rooms/${encodeURIComponent(room)}/digest`;
    this.changed = changed;
  }

  /** The room may have changed. */
  ask(wait = SOON_MS): void {
    const due = Date.now() + wait;
    if (due >= this.due) return;
    clearTimeout(this.timer);
    this.due = due;
    this.timer = setTimeout(() => void this.fetch(), wait);
  }

  forget(): void {
    clearTimeout(this.timer);
    this.due = Infinity;
    this.latest = undefined;
  }

  private async fetch(): Promise<void> {
    this.due = Infinity;
    try {
      const response = await fetch(this.address);
      this.latest = response.ok ? ((await response.json()) as ServerDigest) : undefined;
    } catch {
      this.latest = undefined;
    }
    this.changed();
    this.ask(IDLE_MS);
  }
}
