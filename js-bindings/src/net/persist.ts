// Keeps a room's store over reloads and crashes: the whole store now and then, and every own
// message at once, before it leaves. A store that comes back is the same author, so only one
// program at a time may hold it.
import { decode } from '../core/reader.js';
import { encode } from '../core/writer.js';
import type { GraphStore } from '../store/graph_store.js';
import type { GraphSchema } from '../store/schema.js';
import type { CRDTMessage } from '../store/types.js';
import { freeSlot, orphans } from './indexed_db.js';
import { recordedEdits } from './recorder.js';

/** Where the connection stood when the store was saved. */
export interface ResumePoint {
  readonly serverSeq: number;
  readonly lastId: string;
  readonly epoch: string;
}

export interface SavedRoom extends ResumePoint {
  /** GraphStore.exportBytes(). */
  readonly store: Uint8Array;
  /** How many own messages in it have no ack. */
  readonly unacked: number;
}

/** A place for one room: IndexedDB, a file, anything that keeps bytes. */
export interface PersistAdapter {
  /** What save() and append() left, or undefined. */
  load(): Promise<{ readonly saved: SavedRoom; readonly log: readonly Uint8Array[] } | undefined>;
  /** Replaces everything, the log included. */
  save(saved: SavedRoom): Promise<void>;
  /** Adds to the log; done when they survive a crash. */
  append(messages: readonly Uint8Array[]): Promise<void>;
  /** Somebody else may hold it now. */
  close?(): void;
}

/** Own messages in the log after which the whole store is saved again, once they are half of it. */
const LOG_LIMIT = 500;
const SAVE_AFTER_MS = 30_000;

/** The exported store with own messages that were committed after it; they have no ack. */
export function withLog(saved: SavedRoom, log: readonly Uint8Array[]): Uint8Array {
  if (log.length === 0) return saved.store;
  const store = decode(saved.store) as Exported;
  const known = new Set(store.journal.map((msg) => msg.id));
  for (const msg of log.map((bytes) => decode(bytes) as CRDTMessage)) {
    store.number = Math.max(store.number, msg.clock[store.client] ?? 0);
    store.lt = Math.max(store.lt, msg.lt);
    if (known.has(msg.id)) continue;
    store.journal.push(msg);
    store.unacked.push(msg.id);
  }
  // these went into messages of the log, or were lost with the page
  return encode({ ...store, pending: log.length > 0 ? [] : store.pending });
}

interface Exported {
  client: string;
  number: number;
  lt: number;
  journal: CRDTMessage[];
  unacked: string[];
  pending: unknown[];
}

/** What a room lends to its persistence. */
export interface PersistHost {
  /** What the room is called where it is kept. */
  readonly place: string;
  where(): ResumePoint;
  resumeAt(point: ResumePoint): void;
  failed(fault: unknown): void;
}

interface Unkept {
  readonly bytes: Uint8Array;
  readonly kept: () => void;
}

export class Persistence {
  private readonly persist: true | PersistAdapter;
  private readonly store: GraphStore;
  private readonly host: PersistHost;
  private adapter: PersistAdapter | undefined;
  private readonly undurable = new Set<string>();
  private unkept: Unkept[] = [];
  private wantsSave = false;
  private writing: Promise<void> | undefined;
  private logged = 0;
  private loggedBytes = 0;
  private savedBytes = 0;
  private replacing: (() => void)[] | undefined;
  private savedAt = Date.now();
  private changed = false;

  constructor(persist: true | PersistAdapter, store: GraphStore, host: PersistHost) {
    this.persist = persist;
    this.store = store;
    this.host = host;
  }

  /** Reads what was kept, and keeps everything from then on. Never rejects. */
  async start(): Promise<void> {
    const { persist, host } = this;
    try {
      const adapter = persist === true ? await freeSlot(host.place) : persist;
      const kept = await adapter.load();
      if (kept !== undefined) {
        const bytes = withLog(kept.saved, kept.log);
        const { client } = decode(bytes) as Exported;
        const again = recordedEdits(this.store);
        this.store.adopt(client, bytes);
        host.resumeAt(kept.saved);
        again();
      }
      this.adapter = adapter;
      await this.save();
    } catch (fault) {
      host.failed(fault);
    }
  }

  /** Has `empty` send what closed tabs left, and forgets what was sent. */
  async emptyOrphans(empty: (slot: PersistAdapter) => Promise<void>): Promise<void> {
    for (const slot of await orphans(this.host.place)) {
      const lent: PersistAdapter = {
        load: () => slot.load(),
        save: (saved) => slot.save(saved),
        append: (messages) => slot.append(messages),
      };
      await empty(lent).then(
        () => slot.remove(),
        (fault: unknown) => this.host.failed(fault),
      );
      slot.close();
    }
  }

  /** Keeps an own message, then calls `durable`; false when nothing is kept. */
  keep(message: CRDTMessage, durable: () => void): boolean {
    const { adapter } = this;
    if (adapter === undefined) return false;
    this.undurable.add(message.id);
    const kept = (): void => {
      this.undurable.delete(message.id);
      durable();
    };
    if (this.replacing !== undefined) return this.replacing.push(kept) > 0;
    const bytes = encode(message);
    this.unkept.push({ bytes, kept });
    ++this.logged;
    this.loggedBytes += bytes.length;
    if (this.logged >= LOG_LIMIT && this.loggedBytes * 2 > this.savedBytes) this.wantsSave = true;
    void this.write();
    return true;
  }

  /** Own messages are replaced by others or leave: the log would bring the old ones back. */
  replace(change: () => void): void {
    const kept: (() => void)[] = [];
    this.replacing = kept;
    try {
      change();
    } finally {
      this.replacing = undefined;
    }
    void this.save().then(() => kept.forEach((each) => each()));
  }

  /** It may be sent. */
  isDurable(message: CRDTMessage): boolean {
    return !this.undurable.has(message.id);
  }

  /** The document changed: it will be saved. */
  touch(): void {
    this.changed = true;
  }

  tick(now: number): void {
    if (this.changed && now - this.savedAt > SAVE_AFTER_MS) void this.save();
  }

  /** Saves the whole store now. */
  save(): Promise<void> {
    this.wantsSave = true;
    return this.write();
  }

  /** Lets go after the last write. */
  async close(): Promise<void> {
    if (this.changed || this.logged > 0) this.wantsSave = true;
    await this.write();
    this.adapter?.close?.();
    this.adapter = undefined;
  }

  /** Until all is on the disk. What is committed in one turn, or during a write, goes together. */
  private write(): Promise<void> {
    this.writing ??= this.writeAll();
    return this.writing;
  }

  private async writeAll(): Promise<void> {
    await Promise.resolve();
    const { adapter } = this;
    while (adapter !== undefined && (this.wantsSave || this.unkept.length > 0)) {
      const batch = this.unkept;
      this.unkept = [];
      try {
        if (this.wantsSave && !this.store.status().disposed) await adapter.save(this.saved());
        else if (batch.length > 0) await adapter.append(batch.map(({ bytes }) => bytes));
        else this.wantsSave = false;
      } catch (fault) {
        this.host.failed(fault);
      }
      for (const { kept } of batch) kept();
    }
    this.writing = undefined;
  }

  /** The store as it is, with all that was committed. */
  private saved(): SavedRoom {
    this.wantsSave = false;
    this.changed = false;
    this.savedAt = Date.now();
    const store = this.store.exportBytes();
    this.savedBytes = store.length;
    this.logged = 0;
    this.loggedBytes = 0;
    return { store, unacked: this.store.status().unacked, ...this.host.where() };
  }
}

/** The persistence of a room; undefined when it keeps nothing. */
export function persistenceOf<S extends GraphSchema>(
  persist: boolean | PersistAdapter = false,
  store: GraphStore<S>,
  host: PersistHost,
): Persistence | undefined {
  if (persist === false) return undefined;
  if (persist !== true) checkAdapter(persist);
  return new Persistence(persist, store as unknown as GraphStore, host);
}

function checkAdapter(adapter: unknown): asserts adapter is PersistAdapter {
  const { load, save, append } = (adapter ?? {}) as Partial<PersistAdapter>;
  if ([load, save, append].some((each) => typeof each !== 'function'))
    throw new TypeError('persist is true or {load, save, append}');
}
