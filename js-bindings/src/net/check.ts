// Compares this replica with the server now and then: digests, over the same accepted messages.
import type { GraphStore } from '../store/graph_store.js';
import type { ServerFrame } from './frames.js';

const IDLE_MS = 60_000;

export class Check {
  private readonly store: GraphStore;
  private readonly send: (frame: Readonly<Record<string, unknown>>) => void;
  private askedAt = 0;
  private requests = 0;

  constructor(store: GraphStore, send: (frame: Readonly<Record<string, unknown>>) => void) {
    this.store = store;
    this.send = send;
  }

  ask(): void {
    this.askedAt = Date.now();
    this.send({ mtype: 'sync-check', requestId: String(++this.requests) });
  }

  tick(now: number): void {
    if (now - this.askedAt > IDLE_MS) this.ask();
  }

  /** Whether the server's answer says that this replica differs. */
  differs({ status, requestId }: ServerFrame, serverSeq: number): boolean {
    if (status?.checksum === undefined || requestId !== String(this.requests)) return false;
    if (status.serverSeq !== serverSeq || this.store.status().unacked > 0) return false;
    return status.checksum !== this.store.digest();
  }
}
