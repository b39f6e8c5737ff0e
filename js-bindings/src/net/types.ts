// The shapes of the provider.
import type { GraphStore } from '../store/graph_store.js';
import type { GraphSchema } from '../store/schema.js';
import type { CreateGraphOptions, RtcWarning } from '../store/types.js';
import type { CarrierOptions } from './carrier.js';
import type { Format, ServerFrame } from './frames.js';
import type { PersistAdapter } from './persist.js';

/** Where a connection stands. */
export type StatusName = 'connecting' | 'syncing' | 'synced' | 'offline' | 'closed';

/** The connection, and what the server has. */
export interface RoomStatus {
  readonly state: StatusName;
  /** Why it is offline or closed. */
  readonly reason: string;
  readonly unacked: number;
  readonly serverSeq: number;
  readonly lastAckedSeq: number;
  /** Milliseconds of the last heartbeat there and back; 0 before the first. */
  readonly rtt: number;
}

/** How a room is entered, and what its store is told. */
export interface ConnectOptions<S extends GraphSchema = GraphSchema>
  extends Omit<CreateGraphOptions, 'initialSnapshot' | 'sessionId'>, CarrierOptions {
  /** A store of one's own; without it connect() makes one for `client`. */
  store?: GraphStore<S>;
  /** `json` to read the traffic; `msgpack` unless given. */
  format?: Format;
  /**
   * Keeps the store over reloads and crashes: in IndexedDB, or where the adapter says. What is
   * edited before `loaded` has resolved is edited again on what was kept.
   */
  persist?: boolean | PersistAdapter;
  /** Milliseconds between two commits of room.edit(). */
  throttleMs?: number;
}

/** What `room.on` tells. */
export interface RoomEvents {
  status: RoomStatus;
  /** A message the server refused for good. */
  rejected: { readonly msgId: string; readonly code: string; readonly error: string };
  warning: RtcWarning;
  /** What the server sent, as it was read. */
  frame: ServerFrame;
  /** The room was cleared on purpose; own unacknowledged messages stay and are sent. */
  reset: RoomStatus;
  /** This replica differed from the server and was loaded again. */
  divergence: { readonly serverSeq: number };
}
