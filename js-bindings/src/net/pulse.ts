// Heartbeats of a connection: when one is due, how long it took, and whether the server is silent
// or ahead.
const HEARTBEAT_MS = 15_000;
const SILENCE_MS = 30_000;
const AHEAD_MS = 2_000;

export class Pulse {
  /** Milliseconds of the last heartbeat there and back; 0 before the first. */
  rtt = 0;
  private heardAt = 0;
  private sentAt = 0;
  private awaiting = false;
  private aheadSince = 0;

  /** Something came in. */
  alive(): void {
    this.heardAt = Date.now();
  }

  /** The connection is another one now. */
  reset(): void {
    this.heardAt = 0;
    this.awaiting = false;
    this.aheadSince = 0;
  }

  caughtUp(): void {
    this.aheadSince = 0;
  }

  /** An own heartbeat left, or could not. */
  sent(left: boolean): void {
    this.awaiting = left;
    this.sentAt = Date.now();
  }

  /** False when it was the server's own heartbeat, which wants an answer. */
  heard(theirSeq: number, ourSeq: number): boolean {
    const answer = this.awaiting;
    this.awaiting = false;
    if (answer) this.rtt = Date.now() - this.sentAt;
    if (theirSeq <= ourSeq) this.aheadSince = 0;
    else if (this.aheadSince === 0) this.aheadSince = Date.now();
    return answer;
  }

  due(now: number): boolean {
    return now - this.sentAt > HEARTBEAT_MS;
  }

  dead(now: number): boolean {
    return this.heardAt !== 0 && now - this.heardAt > SILENCE_MS;
  }

  /** The server has had more than we do for a while. */
  behind(now: number): boolean {
    return this.aheadSince !== 0 && now - this.aheadSince > AHEAD_MS;
  }
}
