// The visible journal: messages in order of arrival with their acks and undo marks. What arrives
// stays bytes until somebody asks for more than how many there are. The array of entries is shared
// with the states that were handed out and copied only when an entry of theirs would change.
import { ByteLog, type ByteRun } from '../core/byte_log.js';
import { MsgReader } from '../core/reader.js';
import { deepFreeze, FREEZE } from '../core/records.js';
import { readOne } from './message.js';
import type { CRDTMessage, JournalEntry } from './types.js';

/** One message; `run` holds it until somebody asks for the object. */
interface Entry {
  readonly id: string;
  readonly lt: number;
  readonly ack: boolean;
  readonly deletedAt: number | null;
  msg: CRDTMessage | undefined;
  run: ByteRun | undefined;
  view: JournalEntry | undefined;
}

/** Messages that nobody has looked at, one after the other. */
interface Unread {
  readonly run: ByteRun;
  readonly ack: boolean;
}

/** The journal as it was at one moment. */
export interface JournalVersion {
  readonly entries: readonly unknown[];
  readonly length: number;
}

export class Journal {
  private entries: Entry[] = [];
  private unread: Unread[] = [];
  private unreadCount = 0;
  private readonly log = new ByteLog();
  private shared = false;
  private handedOut: JournalVersion | undefined;
  private readonly places = new Map<string, number>();
  private placed = 0;
  /** Undo marks of messages that are not here. */
  private readonly early = new Map<string, number>();
  private unackedCount = 0;

  get length(): number {
    return this.entries.length + this.unreadCount;
  }

  get unacked(): number {
    return this.unackedCount;
  }

  /** Messages that nobody here has seen before, one after the other in bytes[from, to). */
  appendBytes(bytes: Uint8Array, from: number, to: number, count: number, ack: boolean): ByteRun {
    const run = this.log.append(bytes, from, to);
    this.unread.push({ run, ack });
    this.unreadCount += count;
    if (!ack) this.unackedCount += count;
    return run;
  }

  append(msg: CRDTMessage, ack: boolean): void {
    this.settle();
    this.push(msg.id, msg.lt, ack, msg, undefined);
    if (!ack) ++this.unackedCount;
  }

  private push(
    id: string,
    lt: number,
    ack: boolean,
    msg: CRDTMessage | undefined,
    run: ByteRun | undefined,
  ): void {
    const deletedAt = this.early.size > 0 ? (this.early.get(id) ?? null) : null;
    if (deletedAt !== null) this.early.delete(id);
    this.entries.push({ id, lt, ack, deletedAt, msg, run, view: undefined });
  }

  /** What was not looked at becomes entries. */
  private settle(): void {
    if (this.unreadCount === 0) return;
    for (const { run, ack } of this.unread) {
      const { bytes, from, to } = run;
      const reader = new MsgReader(bytes, from, to);
      while (!reader.done) {
        const at = reader.at;
        const { id, lt } = readOne(reader);
        this.push(id, lt, ack, undefined, { bytes, from: at, to: reader.at });
      }
    }
    this.unread = [];
    this.unreadCount = 0;
  }

  /** Takes an entry of a state as it is. */
  adopt(entry: JournalEntry): void {
    const { msg, ack, deletedAt } = entry;
    this.settle();
    this.entries.push({
      id: msg.id,
      lt: msg.lt,
      ack,
      deletedAt: deletedAt ?? null,
      msg,
      run: undefined,
      view: entry,
    });
    if (!ack) ++this.unackedCount;
  }

  has(id: string): boolean {
    return this.placeOf(id) !== undefined;
  }

  isUnacked(id: string): boolean {
    const place = this.placeOf(id);
    return place !== undefined && !(this.entries[place] as Entry).ack;
  }

  /** It is here and not undone. */
  isInForce(id: string): boolean {
    const place = this.placeOf(id);
    return place !== undefined && (this.entries[place] as Entry).deletedAt === null;
  }

  /** True when that changed something. */
  acknowledge(id: string): boolean {
    if (this.unackedCount === 0) return false;
    const place = this.placeOf(id);
    if (place === undefined || (this.entries[place] as Entry).ack) return false;
    --this.unackedCount;
    this.change(place, { ack: true });
    return true;
  }

  mark(id: string, deletedAt: number | null): void {
    const place = this.placeOf(id);
    if (place !== undefined) this.change(place, { deletedAt });
    else if (deletedAt === null) this.early.delete(id);
    else this.early.set(id, deletedAt);
  }

  move(id: string, lt: number): void {
    const place = this.placeOf(id);
    if (place === undefined) return;
    const msg = messageOf(this.entries[place] as Entry);
    this.change(place, { lt, msg: deepFreeze({ ...msg, lt }), run: undefined });
  }

  /** Takes an entry out; its message, or undefined. */
  remove(id: string): CRDTMessage | undefined {
    const place = this.placeOf(id);
    if (place === undefined) return undefined;
    const entry = this.entries[place] as Entry;
    this.keep((other) => other !== entry);
    if (!entry.ack) --this.unackedCount;
    return messageOf(entry);
  }

  /** Takes out the acknowledged entries that `leaves` names; their messages in order. */
  fold(leaves: (lt: number, undone: boolean) => boolean, leadingOnly: boolean): CRDTMessage[] {
    this.settle();
    const out: Entry[] = [];
    for (const entry of this.entries) {
      if (!entry.ack) {
        if (leadingOnly) break;
      } else if (leaves(entry.lt, entry.deletedAt !== null)) {
        out.push(entry);
      }
    }
    if (out.length === 0) return [];
    const gone = new Set(out);
    this.keep((entry) => !gone.has(entry));
    return out.filter((entry) => entry.deletedAt === null).map(messageOf);
  }

  /** Drops the acknowledged entries: what the server sends now replaces them. */
  dropAccepted(): void {
    this.keep((entry) => !entry.ack);
  }

  unackedMessages(): CRDTMessage[] {
    this.settle();
    return this.unackedCount === 0 ? [] : this.entries.filter((entry) => !entry.ack).map(messageOf);
  }

  message(id: string): CRDTMessage | undefined {
    const place = this.placeOf(id);
    return place === undefined ? undefined : messageOf(this.entries[place] as Entry);
  }

  /** A name for the journal as it is now. */
  version(): JournalVersion {
    this.settle();
    const { entries, handedOut } = this;
    if (
      handedOut !== undefined &&
      handedOut.entries === entries &&
      handedOut.length === entries.length
    ) {
      return handedOut;
    }
    this.shared = true;
    this.handedOut = { entries, length: entries.length };
    return this.handedOut;
  }

  private change(place: number, change: Partial<Entry>): void {
    this.unshare();
    this.entries[place] = { ...(this.entries[place] as Entry), ...change, view: undefined };
  }

  private keep(stays: (entry: Entry) => boolean): void {
    this.settle();
    this.entries = this.entries.filter(stays);
    this.shared = false;
    this.places.clear();
    this.placed = 0;
  }

  private unshare(): void {
    if (!this.shared) return;
    this.entries = this.entries.slice();
    this.shared = false;
  }

  private placeOf(id: string): number | undefined {
    this.settle();
    const { entries, places } = this;
    for (; this.placed < entries.length; ++this.placed) {
      const entry = entries[this.placed] as Entry;
      if (!places.has(entry.id)) places.set(entry.id, this.placed);
    }
    return places.get(id);
  }
}

const views = new WeakMap<JournalVersion, readonly JournalEntry[]>();

/** The entries of a version as the API shows them. */
export function entriesOf(version: JournalVersion): readonly JournalEntry[] {
  let list = views.get(version);
  if (list === undefined) {
    list = (version.entries as Entry[]).slice(0, version.length).map(viewOf);
    if (FREEZE) Object.freeze(list);
    views.set(version, list);
  }
  return list;
}

function viewOf(entry: Entry): JournalEntry {
  entry.view ??= deepFreeze({ msg: messageOf(entry), ack: entry.ack, deletedAt: entry.deletedAt });
  return entry.view;
}

function messageOf(entry: Entry): CRDTMessage {
  if (entry.msg === undefined) {
    const { bytes, from, to } = entry.run as ByteRun;
    entry.msg = deepFreeze(readOne(new MsgReader(bytes, from, to)));
    entry.run = undefined;
  }
  return entry.msg;
}
