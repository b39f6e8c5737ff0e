// GraphStore: a replica with callbacks. A call changes the core first; then one round of callbacks
// runs, in which listeners may call the store again.
import { RtcError } from '../core/error.js';
import { decode } from '../core/reader.js';
import { ownReplica, replicaFrom } from './actions.js';
import { checkFunction, checkOptions, checkString } from './checks.js';
import { attempt, Listeners, rethrow } from './listeners.js';
import { NodeWatchers } from './node_watchers.js';
import { Replica } from './replica.js';
import type {
  AckStamp,
  ClientState,
  CreateGraphOptions,
  CRDTMessage,
  Operation,
  RtcWarning,
  SceneGraph,
  SceneNode,
  Snapshot,
  StoreStatus,
} from './types.js';

/** Feeds of more calls than this are read even when nobody reads the document. */
const MAX_UNREAD = 256;

type Outgoing = readonly CRDTMessage[];
const NOTHING: Outgoing = [];

export class GraphStore {
  readonly client: string;
  private readonly replica: Replica;
  private readonly options: CreateGraphOptions;
  private readonly now: () => number;
  private readonly listeners = new Listeners<[ClientState]>();
  private readonly watchers = new NodeWatchers();
  private readonly senders = new Listeners<[CRDTMessage]>();
  private batchDepth = 0;
  private batched = false;
  private held: CRDTMessage[] = [];
  private unreadCalls = 0;

  constructor(options: CreateGraphOptions, replica?: Replica) {
    checkOptions(options);
    this.options = options;
    this.now = options.now ?? Date.now;
    this.client = (options.client ?? options.sessionId) as string;
    this.replica = replica ?? replicaFrom(this.client, options.initialSnapshot, []);
    this.replica.warn = (warning) => this.warn(warning);
    ownReplica(this.replica);
  }

  static fromServer(
    client: string,
    snapshot: Snapshot,
    journal: readonly CRDTMessage[],
    onSend?: (message: CRDTMessage) => void,
    onStateChange?: (state: ClientState) => void,
    onMessageSent?: (message: CRDTMessage) => void,
  ): GraphStore {
    const options: CreateGraphOptions = { client };
    if (onSend !== undefined) options.onSend = onSend;
    if (onStateChange !== undefined) options.onStateChange = onStateChange;
    if (onMessageSent !== undefined) options.onMessageSent = onMessageSent;
    return new GraphStore(options, replicaFrom(client, snapshot, journal));
  }

  /** A store out of exportBytes(). It is the same author: never run both. */
  static fromBytes(
    bytes: Uint8Array,
    options: Omit<CreateGraphOptions, 'initialSnapshot'>,
  ): GraphStore {
    if (!(bytes instanceof Uint8Array)) throw new TypeError('bytes must be a Uint8Array');
    const client = (options.client ?? options.sessionId) as string;
    return new GraphStore(options, Replica.fromBytes(client, bytes));
  }

  // --- editing ---

  /** Puts an operation on top of the document. Nothing is sent before commit(). */
  edit(op: Operation): void {
    this.replica.edit(op, this.now());
    this.changed();
  }

  /**
   * Makes one message of the edits; null when there are none. The description is for people and is
   * not kept.
   */
  commit(_description?: string): CRDTMessage | null {
    const message = this.replica.commit(this.now());
    if (message !== null) this.changed([message]);
    return message;
  }

  cancel(): void {
    if (this.replica.cancel()) this.changed();
  }

  cancelEdits(): void {
    this.cancel();
  }

  undo(): CRDTMessage | null {
    return this.author(this.replica.undo(this.now()));
  }

  redo(): CRDTMessage | null {
    return this.author(this.replica.redo(this.now()));
  }

  get canUndo(): boolean {
    return (this.replica.can() & 1) !== 0;
  }

  get canRedo(): boolean {
    return (this.replica.can() & 2) !== 0;
  }

  /** One round of callbacks for all that `run` does. */
  batch<T>(run: () => T): T {
    checkFunction(run, 'batch needs a function: it');
    ++this.batchDepth;
    try {
      return run();
    } finally {
      if (--this.batchDepth === 0) this.endBatch();
    }
  }

  /**
   * The edits of `run` as one message. When it throws, its edits are gone and what was pending
   * before stays.
   */
  transact(run: () => void, description?: string): CRDTMessage | null {
    checkFunction(run, 'transact needs a function: it');
    return this.batch(() => {
      const before = this.replica.pendingBytes();
      try {
        run();
      } catch (fault) {
        this.restore(before);
        throw fault;
      }
      return this.commit(description);
    });
  }

  // --- the network's side ---

  /**
   * Takes a message of somebody else. What it holds never throws: onWarning says why it was
   * refused.
   */
  receive(msg: CRDTMessage): void {
    const result = this.replica.receive(msg);
    if (result === 'applied' || result === 'duplicate') this.changed();
  }

  /** The server has it; `stamp` says where it put it. */
  ack(msgId: string, stamp?: AckStamp): void {
    checkString(msgId, 'msgId');
    const changed = this.replica.ack(msgId, stamp);
    if (changed || stamp?.lt !== undefined) this.changed();
  }

  /** Folds acknowledged messages out of the journal. */
  compact(): void {
    if (this.replica.compact()) this.changed();
  }

  /** A server's `state`: accepted messages are replaced, own unacknowledged ones stay. */
  load(
    snapshot: Snapshot | undefined,
    journal: readonly CRDTMessage[],
    serverSeq = 0,
    stable = -1,
  ): void {
    this.replica.load(snapshot, journal, serverSeq, stable);
    this.changed();
  }

  /** Everything up to serverSeq is here, and this line came with it. */
  learn(serverSeq: number, stable: number): void {
    this.replica.learn(serverSeq, stable);
  }

  /**
   * The server will never take this message: it leaves the document, with own later ones that build
   * on it. status().rejected keeps them.
   */
  reject(msgId: string): CRDTMessage[] {
    checkString(msgId, 'msgId');
    const gone = this.replica.reject(msgId);
    if (gone.length > 0) this.changed();
    return gone;
  }

  /**
   * The server knows this id with other content: its edits, and those of later messages without an
   * ack, are committed again under new ids and sent.
   */
  recommit(msgId: string, nextNumber = 0): CRDTMessage[] {
    checkString(msgId, 'msgId');
    const messages = this.replica.recommit(msgId, nextNumber);
    if (messages.length > 0) this.changed(messages);
    return messages;
  }

  /** Own messages without an ack, in order. */
  unacked(): CRDTMessage[] {
    this.replica.pull();
    return this.replica.journal.unackedMessages();
  }

  /** Calls `call` with every message to send, after onSend. */
  onOutgoing(call: (message: CRDTMessage) => void): () => void {
    return this.senders.add(call);
  }

  // --- reading ---

  getState(): ClientState {
    return this.replica.current();
  }

  /** One node, tombstones included; never copies the node map. */
  getNode(key: string): SceneNode | undefined {
    this.read();
    return this.replica.mirror.node(key);
  }

  /** The text (or any string) a property shows, '' when it shows none. */
  textOf(key: string, path: string): string {
    this.read();
    const value = this.replica.mirror.property(key, path);
    return typeof value === 'string' ? value : '';
  }

  /** The graph as JSON holds it. */
  toJSON(): SceneGraph {
    return this.getState().graph;
  }

  /** Digest of the committed document, equal on every replica that has the same messages. */
  digest(): string {
    return this.replica.digest();
  }

  status(): StoreStatus {
    const { replica, client } = this;
    const { disposed } = replica;
    return {
      client,
      pending: disposed ? 0 : replica.pendingCount(),
      unacked: replica.journal.unacked,
      lt: disposed ? 0 : replica.lt(),
      stable: disposed ? -1 : replica.stable(),
      rejected: [...replica.rejected],
      disposed,
    };
  }

  /** Everything a reload needs; pending edits are not in it. */
  exportBytes(): Uint8Array {
    return this.replica.exportBytes();
  }

  // --- listening ---

  subscribe(listener: (state: ClientState) => void): () => void {
    this.assertUsable();
    return this.listeners.add(listener);
  }

  subscribeNode(key: string, listener: (node: SceneNode | undefined) => void): () => void {
    checkString(key, 'key');
    this.startWatching();
    return this.watchers.watchNode(key, listener);
  }

  subscribePath(key: string, path: string, listener: (value: unknown) => void): () => void {
    checkString(key, 'key');
    checkString(path, 'path');
    this.startWatching();
    return this.watchers.watchPath(key, path, this.getNode(key), listener);
  }

  /** Frees the core's memory now; the store is unusable afterwards. */
  dispose(): void {
    this.replica.dispose();
  }

  /** The first listener of a node hears of changes from now on. */
  private startWatching(): void {
    this.read();
    if (this.watchers.empty) this.replica.mirror.takeChanged();
  }

  private author(messages: CRDTMessage[]): CRDTMessage | null {
    if (messages.length > 0) this.changed(messages);
    return messages.at(-1) ?? null;
  }

  private restore(pending: Uint8Array): void {
    this.replica.cancel();
    const ops = pending.length === 0 ? [] : (decode(pending) as Operation[]);
    for (const op of ops) this.replica.edit(op, this.now());
    this.changed();
  }

  private read(): void {
    this.assertUsable();
    this.replica.pull();
    this.unreadCalls = 0;
  }

  private assertUsable(): void {
    if (this.replica.disposed) throw new RtcError('disposed', 'the store was disposed');
  }

  /** One round, or a note for the end of the batch. */
  private changed(outgoing: Outgoing = NOTHING): void {
    if (this.batchDepth > 0) {
      this.batched = true;
      this.held.push(...outgoing);
    } else {
      this.round(outgoing);
    }
  }

  private endBatch(): void {
    if (!this.batched) return;
    const outgoing = this.held;
    this.batched = false;
    this.held = [];
    this.round(outgoing);
  }

  private round(outgoing: Outgoing): void {
    const { onStateChange } = this.options;
    const whole = onStateChange !== undefined || this.listeners.size > 0;
    if (!whole && outgoing.length === 0 && this.watchers.empty) {
      if (++this.unreadCalls > MAX_UNREAD) this.read();
      return;
    }
    const faults: unknown[] = [];
    if (whole) this.notifyWhole(onStateChange, faults);
    if (!this.watchers.empty) this.notifyNodes(faults);
    for (const message of outgoing) this.send(message, faults);
    rethrow(faults);
  }

  private notifyWhole(
    onStateChange: ((state: ClientState) => void) | undefined,
    faults: unknown[],
  ): void {
    const state = this.getState();
    this.unreadCalls = 0;
    if (onStateChange !== undefined) attempt(() => onStateChange(state), faults);
    this.listeners.call(faults, state);
  }

  private notifyNodes(faults: unknown[]): void {
    this.read();
    const { mirror } = this.replica;
    this.watchers.notify(mirror.takeChanged(), (key) => mirror.node(key), faults);
  }

  private send(message: CRDTMessage, faults: unknown[]): void {
    const { onSend, onMessageSent } = this.options;
    if (onSend !== undefined) attempt(() => onSend(message), faults);
    this.senders.call(faults, message);
    if (onMessageSent !== undefined) attempt(() => onMessageSent(message), faults);
  }

  private warn(warning: RtcWarning): void {
    const { onWarning } = this.options;
    if (onWarning !== undefined) onWarning(warning);
    else console.warn(`vuer-rtc: ${warning.code}: ${warning.message}`);
  }
}

Object.defineProperty(
  GraphStore.prototype,
  (Symbol as { dispose?: symbol }).dispose ?? Symbol.for('Symbol.dispose'),
  {
    value(this: GraphStore) {
      this.dispose();
    },
    configurable: true,
    writable: true,
  },
);
