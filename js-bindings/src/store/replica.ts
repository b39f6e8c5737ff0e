// One author's store: the core's Store, the mirror of its document and the visible journal, kept
// together. GraphStore adds callbacks to it, the pure actions add values.
import { RtcError, describe, whereOf, type RtcErrorCode } from '../core/error.js';
import { CoreStore } from '../core/handles.js';
import { deepFreeze } from '../core/records.js';
import { checkClient } from './checks.js';
import { CoreCalls } from './core_calls.js';
import { noLine } from '../generated/limits.js';
import { Journal } from './journal.js';
import { messageAt, noteWritten } from '../core/plain_message.js';
import { idOf, normalMessage, readMessages, textField } from './message.js';
import { Mirror, type FeedSink } from './mirror.js';
import { isEmpty, SnapshotBase, wireSnapshot } from './snapshot.js';
import { makeState, StateSource } from './state.js';
import type {
  AckStamp,
  ClientState,
  CRDTMessage,
  Operation,
  RtcWarning,
  SceneGraph,
  Snapshot,
} from './types.js';

/**
 * What became of a received message; `on_top`: the document shows it, the journal no longer reaches
 * down to its place.
 */
export type ReceiveResult = 'applied' | 'duplicate' | 'folded' | 'on_top' | 'refused';

const RECEIVED: readonly ReceiveResult[] = ['applied', 'duplicate', 'folded', 'on_top'];

/**
 * The graph below the pending edits of a state; set by the pure actions, which know how to rebuild.
 */
let rebuildBelow: (state: ClientState) => SceneGraph = (state) => state.graph;

export function setRebuild(rebuild: (state: ClientState) => SceneGraph): void {
  rebuildBelow = rebuild;
}

export class Replica extends CoreCalls implements FeedSink {
  readonly client: string;
  readonly mirror = new Mirror();
  readonly journal = new Journal();
  base: SnapshotBase;
  /** Grows with every change. */
  revision = 0;
  warn: (warning: RtcWarning) => void = () => {};
  readonly rejected: CRDTMessage[] = [];
  private unread = false;
  private handedOut: StateSource | undefined;
  private state: ClientState | undefined;

  constructor(client: string, core?: CoreStore, base?: SnapshotBase) {
    checkClient(client);
    super(core ?? CoreStore.create(client));
    this.client = client;
    this.base = base ?? SnapshotBase.of(undefined);
  }

  edit(op: Operation, now: number): void {
    const { module } = this;
    this.prepare();
    checkOperation(op);
    const writer = module.begin();
    writer.subject = op;
    writer.value(op);
    let code: number;
    try {
      code = this.exports._rtc_store_edit(this.core.handle, writer.at - writer.start, now);
    } catch (fault) {
      throw module.broken(fault);
    }
    if (code !== 0) throw module.error(code, whereOf(op));
    this.touched();
  }

  commit(now: number): CRDTMessage | null {
    const messages = this.author((handle) => this.exports._rtc_store_commit(handle, now));
    return messages[0] ?? null;
  }

  /** Messages to send: what was pending, then the undo. */
  undo(now: number): CRDTMessage[] {
    return this.author((handle) => this.exports._rtc_store_undo(handle, now));
  }

  redo(now: number): CRDTMessage[] {
    return this.author((handle) => this.exports._rtc_store_redo(handle, now));
  }

  /** False when nothing was pending. */
  cancel(): boolean {
    if (this.pendingCount() === 0) return false;
    this.prepare();
    this.run((handle) => this.exports._rtc_store_cancel(handle));
    this.touched();
    return true;
  }

  /**
   * A message, or the bytes of one or of its frame. Never throws on what it holds: `refused`, and a
   * warning says why.
   */
  receive(msg: unknown): ReceiveResult {
    this.prepare();
    const { module } = this;
    if (typeof msg !== 'object' || msg === null)
      return this.refuse('bad_message', 'a message is an object', '');
    let length: number;
    try {
      length = msg instanceof Uint8Array ? this.putBytes(msg) : this.putMessage(msg);
    } catch (fault) {
      if (fault instanceof RtcError) return this.refuse(fault.code, fault.message, idOf(msg));
      throw fault;
    }
    let code: number;
    try {
      code = this.exports._rtc_store_receive(this.core.handle, length);
    } catch (fault) {
      throw module.broken(fault);
    }
    if (code !== 0) return this.refused(code, idOf(msg));
    const result = RECEIVED[module.value()] as ReceiveResult;
    if (result === 'applied') {
      const { inbox } = module;
      this.journal.appendBytes(module.glue.HEAPU8, inbox, inbox + length, 1, true);
    } else if (result !== 'on_top' && !this.journal.acknowledge(idOf(msg))) {
      return result;
    }
    this.touched();
    return result;
  }

  private putBytes(bytes: Uint8Array): number {
    const from = messageAt(bytes);
    this.module.put(from === 0 ? bytes : bytes.subarray(from));
    return bytes.length - from;
  }

  private putMessage(msg: object): number {
    const writer = this.module.begin();
    writer.mode = 'lenient';
    writer.value(msg);
    return writer.length;
  }

  private refused(code: number, id: string): ReceiveResult {
    const { module } = this;
    const name = module.codeName(code);
    if (name === 'disposed' || name === 'out_of_memory') throw module.error(code);
    return this.refuse(name, module.text(), id);
  }

  private refuse(code: RtcErrorCode, text: string, id: string): ReceiveResult {
    this.warn({ code, message: text, msgId: id });
    return 'refused';
  }

  /** True when that changed something. */
  ack(id: string, stamp: AckStamp = {}): boolean {
    this.prepare();
    const { module } = this;
    this.run((handle) => {
      const length = module.putText(id);
      const { lt = 0, serverSeq = 0, stable = noLine } = stamp;
      return this.exports._rtc_store_ack(handle, length, lt, serverSeq, stable);
    });
    const changed = this.journal.acknowledge(id);
    if (changed || stamp.lt !== undefined) this.touched();
    return changed;
  }

  learn(serverSeq: number, stable: number): void {
    this.prepare();
    this.run((handle) => this.exports._rtc_store_learn(handle, serverSeq, stable));
    this.touched();
  }

  /**
   * A message that the server refused for good leaves document and journal, and own later ones that
   * build on it with it. Gives them in order.
   */
  reject(id: string): CRDTMessage[] {
    this.prepare();
    this.run((handle) => this.exports._rtc_store_reject(handle, this.module.putText(id)));
    const gone = readMessages(this.module.answer());
    for (const msg of gone) this.journal.remove(msg.id);
    this.rejected.push(...gone);
    if (gone.length > 0) this.touched();
    return gone;
  }

  /** The id was used before: this message and the later ones without an ack get new ids. */
  recommit(id: string, nextNumber: number): CRDTMessage[] {
    this.prepare();
    const unacked = this.journal.unackedMessages();
    const from = unacked.findIndex((msg) => msg.id === id);
    if (from < 0) return [];
    this.run((handle) => {
      return this.exports._rtc_store_recommit(handle, this.module.putText(id), nextNumber);
    });
    const messages = readMessages(this.module.answer());
    for (const msg of unacked.slice(from)) this.journal.remove(msg.id);
    for (const msg of messages) this.journal.append(msg, false);
    this.touched();
    return messages;
  }

  /**
   * Folds the leading acknowledged messages out of the visible journal. The core keeps what it
   * needs to place late messages until the server's line has passed them. Undone messages stay:
   * they may be redone.
   */
  compact(): boolean {
    this.prepare();
    this.run((handle) => this.exports._rtc_store_compact(handle));
    this.unread = true;
    this.pull();
    const folded = this.journal.fold((_, undone) => !undone, true);
    if (folded.length === 0) return false;
    this.base = this.base.fold(folded);
    this.touched();
    return true;
  }

  /**
   * What a server's `state` holds: accepted messages are replaced, own unacknowledged ones stay.
   */
  load(
    snapshot: Snapshot | undefined,
    messages: readonly CRDTMessage[],
    serverSeq: number,
    stable: number,
  ): void {
    const given = snapshot === undefined || isEmpty(snapshot) ? undefined : snapshot;
    if (snapshot === undefined) this.base.settle();
    let refused = this.tryLoad(given, messages, serverSeq, stable);
    const oneByOne = refused !== undefined;
    if (refused !== undefined) {
      // one of the messages is unreadable: take the others one by one
      if (messages.length === 0) throw refused;
      refused = this.tryLoad(given, [], serverSeq, stable);
      if (refused !== undefined) throw refused;
    }
    this.journal.dropAccepted();
    if (snapshot !== undefined) this.base = SnapshotBase.ofForeign(snapshot);
    this.touched();
    if (oneByOne) for (const msg of messages) this.receive(msg);
    else this.loaded(messages);
  }

  private loaded(messages: readonly CRDTMessage[]): void {
    const { journal } = this;
    for (const msg of messages) {
      if (journal.has(textField(msg, 'id'))) journal.acknowledge(textField(msg, 'id'));
      else journal.append(deepFreeze(copyMessage(msg)), true);
    }
  }

  private tryLoad(
    snapshot: Snapshot | undefined,
    messages: readonly CRDTMessage[],
    serverSeq: number,
    stable: number,
  ): RtcError | undefined {
    this.prepare();
    const { module } = this;
    const writer = module.begin();
    writer.mode = 'lenient';
    if (snapshot !== undefined) writer.value(wireSnapshot(snapshot));
    const snapshotLength = writer.length;
    writer.value(messages);
    const journalLength = writer.length - snapshotLength;
    const code = module.guard(() =>
      this.exports._rtc_store_load(
        this.core.handle,
        snapshotLength,
        journalLength,
        serverSeq,
        stable,
      ),
    );
    return code === 0 ? undefined : module.error(code);
  }

  /** Takes the state's entries as they are: their acks and undo marks are the caller's. */
  adopt(state: ClientState): void {
    const messages = state.journal.map((entry) => entry.msg);
    const refused = this.tryLoad(
      isEmpty(state.snapshot) ? undefined : state.snapshot,
      messages,
      0,
      lineOf(state.snapshot),
    );
    if (refused !== undefined) throw refused;
    this.base = SnapshotBase.of(state.snapshot);
    for (const entry of state.journal) this.journal.adopt(entry);
    this.touched();
  }

  /** A replica out of exportBytes(). */
  static fromBytes(client: string, bytes: Uint8Array): Replica {
    const replica = new Replica(client, CoreStore.fromBytes(bytes));
    replica.run((handle) => replica.exports._rtc_store_unacked(handle));
    const unacked = new Set(readMessages(replica.module.answer()).map((msg) => msg.id));
    replica.run((handle) => replica.exports._rtc_store_journal(handle));
    const messages = replica.module.answer().value() as Record<string, unknown>[];
    for (const raw of messages) {
      const msg = deepFreeze(normalMessage(raw));
      replica.journal.append(msg, !unacked.has(msg.id));
    }
    replica.base = SnapshotBase.below(() => replica.snapshotBytes());
    replica.run((handle) => replica.exports._rtc_store_all_changes(handle));
    replica.mirror.apply(replica.module, replica);
    return replica;
  }

  /** Brings the mirror up to date. */
  pull(): void {
    // a core that stopped leaves the mirror readable
    if (!this.unread || !this.module.alive) return;
    this.run((handle) => this.exports._rtc_store_take_changes(handle));
    this.unread = false;
    this.mirror.apply(this.module, this);
  }

  /** The state as it is now; the same object until something changes. */
  current(): ClientState {
    this.assertUsable();
    this.pull();
    if (this.state === undefined || this.handedOut?.revision !== this.revision) {
      this.handedOut = new StateSource(this);
      this.state = makeState(this.handedOut, rebuildBelow);
    }
    return this.state;
  }

  undone(id: string, undone: boolean, ts: number): void {
    this.journal.mark(id, undone ? ts : null);
  }

  moved(id: string, lt: number): void {
    this.journal.move(id, lt);
  }

  folded(line: number): void {
    const folded = this.journal.fold((lt) => lt <= line, false);
    if (!this.base.isLive) this.base = this.base.fold(folded);
  }

  private author(call: (handle: number) => number): CRDTMessage[] {
    this.prepare();
    this.run(call);
    const { module } = this;
    const length = module.length();
    if (length === 0) return [];
    const messages = readMessages(module.answer());
    const from = module.pointer();
    const { HEAPU8 } = module.glue;
    const run = this.journal.appendBytes(HEAPU8, from, from + length, messages.length, false);
    if (messages.length === 1) noteWritten(messages[0] as CRDTMessage, run);
    this.touched();
    return messages;
  }

  /** Before every change: the newest state that was handed out takes what it still needs. */
  private prepare(): void {
    this.assertUsable();
    this.module.assertAlive();
    if (this.handedOut !== undefined && this.handedOut.revision === this.revision)
      this.handedOut.capture();
  }

  private touched(): void {
    ++this.revision;
    this.unread = true;
  }
}

/** The line a snapshot stands at. */
export function lineOf(snapshot: Snapshot): number {
  return snapshot.stable ?? noLine;
}

function copyMessage(msg: CRDTMessage): CRDTMessage {
  return normalMessage(JSON.parse(JSON.stringify(msg)) as Record<string, unknown>);
}

function checkOperation(op: unknown): void {
  if (typeof op !== 'object' || op === null || Array.isArray(op)) {
    throw new TypeError('an operation is an object with ot, key and path');
  }
  const { ot, otype } = op as Record<string, unknown>;
  if (typeof (ot ?? otype) !== 'string')
    throw new TypeError(`ot must be a string${describe(whereOf(op))}`);
}
