// The shapes of the published API. Everything here is plain data; what a store hands out is
// immutable.
import type { Operation } from '../generated/operations.js';

export type { Json, JsonObject, Operation, OperationType } from '../generated/operations.js';

/** Client → number of its messages. */
export type VectorClock = Record<string, number>;

/** A message: what one author did at once. `ts` is in milliseconds. */
export interface CRDTMessage {
  readonly id: string;
  readonly client: string;
  readonly clock: VectorClock;
  readonly lt: number;
  readonly ts: number;
  readonly ops: readonly Operation[];
  /** Given by the server, per room. */
  readonly serverSeq?: number;
  /** The line it was accepted under. */
  readonly stable?: number;
}

/** The origin of an operation that is applied to a bare graph. */
export interface OpMeta {
  readonly client: string;
  readonly clock: VectorClock;
  readonly lt: number;
  readonly ts: number;
}

/** What the document knows of a node beside its properties. */
export interface CRDTEnvelope {
  readonly clock: VectorClock;
  readonly lamportTime: number;
  readonly createdAt: number;
  readonly updatedAt: number;
  /** Present on a removed node. */
  readonly deletedAt?: number;
  /** The last `set` of each property. */
  readonly lww: Readonly<Record<string, { readonly lt: number; readonly client: string }>>;
}

/** A node; its properties lie beside these fields under their literal paths. */
export interface SceneNode {
  readonly key: string;
  readonly tag: string;
  readonly name: string;
  readonly children: readonly string[];
  readonly _crdt: CRDTEnvelope;
  readonly [path: string]: unknown;
}

/** Nodes by key, and which one is the root. */
export interface SceneGraph {
  nodes: Record<string, SceneNode>;
  rootKey: string;
  lww?: Record<string, unknown>;
  tombstones?: Record<string, unknown>;
}

/** A folded document. */
export interface Snapshot {
  readonly graph: SceneGraph;
  readonly vectorClock: VectorClock;
  readonly lt: number;
  readonly journalIndex: number;
  readonly textRopes: Record<string, Record<string, unknown>>;
  /** The line; messages at or below it are folded in. */
  readonly stable?: number;
}

/** A message above the line. */
export interface JournalEntry {
  readonly msg: CRDTMessage;
  readonly ack: boolean;
  /** ts of the message that undid it. */
  readonly deletedAt: number | null;
}

/** What was edited and not committed. */
export interface EditBuffer {
  readonly ops: readonly Operation[];
  readonly baseGraph: SceneGraph | null;
  /** The older name of baseGraph. */
  readonly startGraph: SceneGraph | null;
}

/** All that a replica knows, as plain immutable data. */
export interface ClientState {
  readonly graph: SceneGraph;
  readonly journal: readonly JournalEntry[];
  readonly edits: EditBuffer;
  readonly snapshot: Snapshot;
  readonly lt: number;
  readonly vectorClock: VectorClock;
  readonly client: string;
}

/** Something a developer should know that is no exception. */
export interface RtcWarning {
  readonly code: string;
  readonly message: string;
  readonly msgId?: string;
}

/** How a store starts, and whom it tells. */
export interface CreateGraphOptions {
  /** The author's name; one name never runs in two stores. */
  client?: string;
  /** The older name of `client`. */
  sessionId?: string;
  /** Gets every message that must reach the others. */
  onSend?: (message: CRDTMessage) => void;
  /** Gets the state after every change. */
  onStateChange?: (state: ClientState) => void;
  /** Called after onSend. */
  onMessageSent?: (message: CRDTMessage) => void;
  /** Gets what is no exception but should be known; the console unless given. */
  onWarning?: (warning: RtcWarning) => void;
  initialSnapshot?: Snapshot;
  /** Milliseconds; Date.now unless given. */
  now?: () => number;
}

/** Where the server put an own message. */
export interface AckStamp {
  readonly lt?: number;
  readonly serverSeq?: number;
  readonly stable?: number;
}

/** Figures of a store. */
export interface StoreStatus {
  readonly client: string;
  readonly pending: number;
  readonly unacked: number;
  readonly lt: number;
  /** The line, -1 before the first. */
  readonly stable: number;
  /** Messages the server refused for good, oldest first. */
  readonly rejected: readonly CRDTMessage[];
  readonly disposed: boolean;
}
