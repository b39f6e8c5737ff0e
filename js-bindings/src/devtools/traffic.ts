// What went to and came from the server, and whether its digest is this replica's.
import type { Room } from '../net/socket.js';
import type { RoomEvents } from '../net/types.js';
import type { GraphStore } from '../store/graph_store.js';

export class Traffic {
  private readonly store: GraphStore;
  private readonly room: Room;
  private readonly received = new Map<string, number>();
  private readonly ends: (() => void)[];
  private sent = 0;
  private verdict = 'not compared yet';

  /** Calls `changed` when there is something new to show. */
  constructor(store: GraphStore, room: Room, changed: () => void) {
    this.store = store;
    this.room = room;
    this.ends = [
      store.onOutgoing(() => ++this.sent),
      room.on('frame', (frame) => {
        this.take(frame);
        changed();
      }),
    ];
  }

  stop(): void {
    for (const end of this.ends.splice(0)) end();
  }

  /** One line each. */
  lines(): string[] {
    const { serverSeq, lastAckedSeq, rtt } = this.room.status;
    const kinds = [...this.received].map(([mtype, count]) => `${mtype} ${count}`);
    return [
      `sent ${this.sent} messages; received ${kinds.join(', ') || 'nothing'}`,
      `serverSeq ${serverSeq}, last ack ${lastAckedSeq}, ${Math.round(rtt)} ms there and back`,
      `digest of the server: ${this.verdict}`,
    ];
  }

  private take({ mtype, status }: RoomEvents['frame']): void {
    this.received.set(mtype, (this.received.get(mtype) ?? 0) + 1);
    if (mtype === 'sync-status' && status?.checksum !== undefined) this.compare(status);
  }

  /** Only where both speak of the same messages. */
  private compare(status: { checksum?: string; serverSeq?: number }): void {
    const { serverSeq } = this.room.status;
    if (status.serverSeq !== serverSeq || this.store.status().unacked > 0) return;
    const same = status.checksum === this.store.digest();
    this.verdict = `${same ? 'equal' : 'DIFFERENT'} at ${serverSeq}`;
  }
}
