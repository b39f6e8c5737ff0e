// GraphStore: a replica with callbacks.
import { makeDisposable } from '../core/disposable.js';
import { RtcError } from '../core/error.js';
import { decode } from '../core/reader.js';
import { ownReplica, replicaFrom } from './actions.js';
import { checkFunction, checkOptions, checkString } from './checks.js';
import { Replica } from './replica.js';
import { Rounds } from './rounds.js';
import type { GraphSchema, KeyOf, NodeOf, OperationOf } from './schema.js';
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
import { UndoGroups } from './undo_groups.js';

/**
 * A replica with callbacks: edits are seen at once, commit() makes a message of them, receive()
 * takes the messages of others. Wrong input throws RtcError, TypeError or RangeError and changes
 * nothing; use after dispose() throws RtcError('disposed').
 *
 * @example
 * const mine = new GraphStore({ client: 'alice' });
 * mine.edit({ ot: 'node.insert', key: '', path: 'children', value: { key: 'box', size: 1 } });
 * mine.edit({ ot: 'number.add', key: 'box', path: 'size', value: 2 });
 * console.log(mine.commit()?.ops.length, mine.getNode('box')?.['size']);
 */
export class GraphStore<S extends GraphSchema = GraphSchema> {
  private replica: Replica;
  private readonly options: CreateGraphOptions;
  private readonly now: () => number;
  private readonly rounds: Rounds;
  private readonly groups = new UndoGroups();

  constructor(options: CreateGraphOptions, replica?: Replica) {
    checkOptions(options);
    this.options = options;
    this.now = options.now ?? Date.now;
    const client = (options.client ?? options.sessionId) as string;
    this.replica = replica ?? replicaFrom(client, options.initialSnapshot, []);
    this.rounds = new Rounds(this.replica, options);
    this.own();
  }

  /** A store out of a server's `state`: a snapshot and the messages after it. */
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

  /** The author's name. */
  get client(): string {
    return this.replica.client;
  }

  /** Becomes the store of exportBytes(), author included: what was committed here is lost. */
  adopt(client: string, bytes: Uint8Array): void {
    const replica = Replica.fromBytes(client, bytes);
    this.replica.dispose();
    this.replica = replica;
    this.rounds.turnTo(replica);
    this.own();
    this.rounds.changed();
  }

  private own(): void {
    this.replica.warn = (warning) => this.warn(warning);
    ownReplica(this.replica);
  }

  // --- editing ---

  /** Puts an operation on top of the document. Nothing is sent before commit(). */
  edit(op: OperationOf<S>): void {
    this.replica.edit(op as Operation, this.now());
    this.rounds.changed();
  }

  /**
   * Makes one message of the edits; null when there are none. The description is for people and is
   * not kept.
   */
  commit(_description?: string): CRDTMessage | null {
    const message = this.replica.commit(this.now());
    if (message !== null) {
      this.groups.note(message);
      this.rounds.changed([message]);
    }
    return message;
  }

  /** Drops the edits that were not committed. */
  cancel(): void {
    if (this.replica.cancel()) this.rounds.changed();
  }

  /** The older name of cancel(). */
  cancelEdits(): void {
    this.cancel();
  }

  /**
   * Takes back the own message (or group) done last, on top of what others did since; null when
   * there is none.
   */
  undo(): CRDTMessage | null {
    const { replica } = this;
    return this.author(
      this.groups.undo(replica.journal, () => {
        const messages = replica.undo(this.now());
        replica.pull();
        return messages;
      }),
    );
  }

  /** Does again what undo() took back last; null when there is none. */
  redo(): CRDTMessage | null {
    return this.author(this.groups.redo(() => this.replica.redo(this.now())));
  }

  /**
   * Own messages from now on are undone and redone as one, until the returned function is called: a
   * drag that commits many times is one step.
   */
  beginUndoGroup(): () => void {
    this.assertUsable();
    return this.groups.begin();
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
    return this.rounds.batch(run);
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
   * Takes a message of somebody else: the object, its MessagePack, or the bytes of its frame as
   * they came, which is cheapest. What it holds never throws: onWarning says why it was refused.
   */
  receive(msg: CRDTMessage | Uint8Array): void {
    const result = this.replica.receive(msg);
    if (result !== 'folded' && result !== 'refused') this.rounds.changed();
  }

  /** The server has it; `stamp` says where it put it. */
  ack(msgId: string, stamp?: AckStamp): void {
    checkString(msgId, 'msgId');
    const changed = this.replica.ack(msgId, stamp);
    if (changed || stamp?.lt !== undefined) this.rounds.changed();
  }

  /** Folds acknowledged messages out of the journal. */
  compact(): void {
    if (this.replica.compact()) this.rounds.changed();
  }

  /** A server's `state`: accepted messages are replaced, own unacknowledged ones stay. */
  load(
    snapshot: Snapshot | undefined,
    journal: readonly CRDTMessage[],
    serverSeq = 0,
    stable = -1,
  ): void {
    this.replica.load(snapshot, journal, serverSeq, stable);
    this.rounds.changed();
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
    if (gone.length > 0) this.rounds.changed();
    return gone;
  }

  /**
   * The server knows this id with other content: its edits, and those of later messages without an
   * ack, are committed again under new ids and sent.
   */
  recommit(msgId: string, nextNumber = 0): CRDTMessage[] {
    checkString(msgId, 'msgId');
    const messages = this.replica.recommit(msgId, nextNumber);
    if (messages.length > 0) this.rounds.changed(messages);
    return messages;
  }

  /** Own messages without an ack, in order. */
  unacked(): CRDTMessage[] {
    this.read();
    return this.replica.journal.unackedMessages();
  }

  /** A message of the journal by its id. */
  message(msgId: string): CRDTMessage | undefined {
    checkString(msgId, 'msgId');
    this.read();
    return this.replica.journal.message(msgId);
  }

  /** Calls `call` with every message to send, after onSend. */
  onOutgoing(call: (message: CRDTMessage) => void): () => void {
    return this.rounds.senders.add(call);
  }

  // --- reading ---

  /** The whole state; the same object until something changes. */
  getState(): ClientState {
    return this.replica.current();
  }

  /** One node, tombstones included; never copies the node map. */
  getNode(key: KeyOf<S>): NodeOf<S> | undefined {
    this.read();
    return this.replica.mirror.node(key) as NodeOf<S> | undefined;
  }

  /** The text (or any string) a property shows, '' when it shows none. */
  textOf(key: KeyOf<S>, path: string): string {
    this.read();
    const value = this.replica.mirror.property(key, path);
    return typeof value === 'string' ? value : '';
  }

  /** Whether text operations made the property what it shows. */
  isText(key: KeyOf<S>, path: string): boolean {
    this.read();
    return this.replica.mirror.isText(key, path);
  }

  /** The graph as JSON holds it. */
  toJSON(): SceneGraph {
    return this.getState().graph;
  }

  /** Digest of the committed document, equal on every replica that has the same messages. */
  digest(): string {
    return this.replica.digest();
  }

  /** Figures of the store; works after dispose(), too. */
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

  /** Calls `listener` once per change, after the core has returned; gives what ends it. */
  subscribe(listener: (state: ClientState) => void): () => void {
    this.assertUsable();
    return this.rounds.listeners.add(listener);
  }

  /** Calls `listener` when this node changed; costs nothing when others do. */
  subscribeNode(key: KeyOf<S>, listener: (node: NodeOf<S> | undefined) => void): () => void {
    checkString(key, 'key');
    this.assertUsable();
    return this.rounds.watchNode(key, listener as (node: SceneNode | undefined) => void);
  }

  /** Calls `listener` when this property changed. */
  subscribePath(key: KeyOf<S>, path: string, listener: (value: unknown) => void): () => void {
    checkString(key, 'key');
    checkString(path, 'path');
    this.assertUsable();
    return this.rounds.watchPath(key, path, listener);
  }

  /** Frees the core's memory now; the store is unusable afterwards. */
  dispose(): void {
    this.replica.dispose();
  }

  private author(messages: CRDTMessage[]): CRDTMessage | null {
    if (messages.length > 0) this.rounds.changed(messages);
    return messages.at(-1) ?? null;
  }

  private restore(pending: Uint8Array): void {
    this.replica.cancel();
    const ops = pending.length === 0 ? [] : (decode(pending) as Operation[]);
    for (const op of ops) this.replica.edit(op, this.now());
    this.rounds.changed();
  }

  private read(): void {
    this.assertUsable();
    this.rounds.read();
  }

  private assertUsable(): void {
    if (this.replica.disposed) throw new RtcError('disposed', 'the store was disposed');
  }

  private warn(warning: RtcWarning): void {
    const { onWarning } = this.options;
    if (onWarning !== undefined) onWarning(warning);
    else console.warn(`vuer-rtc: ${warning.code}: ${warning.message}`);
  }
}

makeDisposable(GraphStore.prototype);
