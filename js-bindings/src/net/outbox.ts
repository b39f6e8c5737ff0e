// Own messages on their way to the server: in order, once per connection, no faster than a server's
// rate limits allow, and again when no answer comes.
import type { CRDTMessage } from '../store/types.js';

/** Well below the server's defaults of 500 messages and 4 MiB a second, with 2,000 at once. */
const BURST = 1000;
const PER_SECOND = 400;
const ACK_MS = 10_000;

export class Outbox {
  private readonly write: (message: CRDTMessage) => boolean;
  private queue: CRDTMessage[] = [];
  private next = 0;
  private tokens = BURST;
  private refilledAt = 0;
  private waitingSince = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;

  /** `write` says whether the message left. */
  constructor(write: (message: CRDTMessage) => boolean) {
    this.write = write;
  }

  add(message: CRDTMessage): void {
    this.queue.push(message);
    this.pump();
  }

  /** These, and nothing that waited before. */
  replace(messages: readonly CRDTMessage[]): void {
    this.clear();
    this.queue = [...messages];
    this.pump();
  }

  /** The connection is gone. */
  clear(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.queue = [];
    this.next = 0;
    this.waitingSince = 0;
  }

  /** The server answered; `left` messages have no ack yet. */
  answered(left: number): void {
    this.waitingSince = left > 0 ? Date.now() : 0;
  }

  /** What has left was not answered in time. */
  overdue(now: number): boolean {
    return this.waitingSince !== 0 && now - this.waitingSince > ACK_MS;
  }

  private pump(): void {
    if (this.timer !== undefined) return;
    this.refill();
    while (this.next < this.queue.length && this.tokens >= 1) {
      if (!this.write(this.queue[this.next] as CRDTMessage)) return this.clear();
      ++this.next;
      --this.tokens;
      if (this.waitingSince === 0) this.waitingSince = Date.now();
    }
    if (this.next === this.queue.length) {
      this.queue = [];
      this.next = 0;
    } else {
      this.timer = setTimeout(() => {
        this.timer = undefined;
        this.pump();
      }, 50);
    }
  }

  private refill(): void {
    const now = Date.now();
    const passed = Math.max(0, now - this.refilledAt) / 1000;
    this.refilledAt = now;
    this.tokens = Math.min(BURST, this.tokens + passed * PER_SECOND);
  }
}
