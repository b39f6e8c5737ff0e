// After a server came back with less than before: what this client has and the server lacks is
// offered, and what the server then wants goes out before anything that is unacknowledged, since
// an author's numbers come without gaps.
import type { CRDTMessage } from '../store/types.js';

const WAIT_MS = 5_000;

export class Offers {
  private readonly messages = new Map<string, CRDTMessage>();
  private askedAt = 0;

  /** Own messages wait until the server has said what it wants. */
  get open(): boolean {
    return this.askedAt !== 0;
  }

  keep(messages: readonly CRDTMessage[]): void {
    for (const msg of messages) this.messages.set(msg.id, msg);
  }

  /** What to offer; also again, when the last connection ended before all was accepted. */
  ask(): string[] {
    this.askedAt = this.messages.size > 0 ? Date.now() : 0;
    return [...this.messages.keys()];
  }

  /** The server's `want`. */
  choose(ids: readonly string[]): void {
    this.askedAt = 0;
    const wanted = new Set(ids);
    for (const id of [...this.messages.keys()]) if (!wanted.has(id)) this.messages.delete(id);
  }

  /** What is wanted and has no ack yet, in the order in which it was once accepted. */
  chosen(): CRDTMessage[] {
    return this.open ? [] : [...this.messages.values()];
  }

  /** A message that is accepted now. */
  take(id: string): CRDTMessage | undefined {
    const message = this.messages.get(id);
    this.messages.delete(id);
    return message;
  }

  /** The server does not know the question. */
  overdue(now: number): boolean {
    return this.open && now - this.askedAt > WAIT_MS;
  }

  /** The connection is gone. */
  stop(): void {
    this.askedAt = 0;
  }

  clear(): void {
    this.messages.clear();
    this.askedAt = 0;
  }
}
