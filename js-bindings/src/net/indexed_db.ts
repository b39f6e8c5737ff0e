// Rooms in IndexedDB. Each tab holds a slot of the room under a Web Lock: an author never runs
// twice. Slots that closed tabs left with unsent messages are found and emptied by the others.
import type { PersistAdapter, SavedRoom } from './persist.js';

const DATABASE = 'vuer-rtc';
const SAVED = 'saved';
const LOG = 'log';
const SLOTS = 1000;

interface Locks {
  request(
    name: string,
    options: { ifAvailable: boolean },
    held: (lock: unknown) => Promise<void> | undefined,
  ): Promise<void>;
}

/** The lowest slot of a room that no other tab holds. */
export async function freeSlot(room: string): Promise<PersistAdapter> {
  const database = await open();
  for (let slot = 0; slot < SLOTS; ++slot) {
    const release = await lock(`${DATABASE}/${room}/${slot}`);
    if (release !== undefined) return new Slot(database, [room, slot], release);
  }
  throw new Error('too many tabs hold this room');
}

/** Slots with unsent messages that no tab holds; each is held until its close(). */
export async function orphans(room: string): Promise<Slot[]> {
  const database = await open();
  const transaction = database.transaction([SAVED, LOG]);
  const saved = done(transaction.objectStore(SAVED).getAll(within(room)));
  const places = done(transaction.objectStore(SAVED).getAllKeys(within(room)));
  const logged = done(transaction.objectStore(LOG).getAllKeys(within(room)));
  const slots = new Set(((await logged) as [string, number, number][]).map((key) => key[1]));
  const unsent = (await saved).map((each: SavedRoom) => each.unacked > 0);
  for (const [i, key] of ((await places) as [string, number][]).entries())
    if (unsent[i] === true) slots.add(key[1]);
  const found: Slot[] = [];
  for (const slot of slots) {
    const release = await lock(`${DATABASE}/${room}/${slot}`);
    if (release !== undefined) found.push(new Slot(database, [room, slot], release));
  }
  return found;
}

export class Slot implements PersistAdapter {
  /** Lets other tabs have it. */
  readonly close: () => void;
  private readonly database: IDBDatabase;
  private readonly key: [room: string, slot: number];
  private next = 0;

  constructor(database: IDBDatabase, key: [string, number], release: () => void) {
    this.database = database;
    this.key = key;
    this.close = release;
  }

  async load(): Promise<{ saved: SavedRoom; log: Uint8Array[] } | undefined> {
    const transaction = this.database.transaction([SAVED, LOG]);
    const saved = done(transaction.objectStore(SAVED).get(this.key));
    const keys = done(transaction.objectStore(LOG).getAllKeys(this.log()));
    const log = done(transaction.objectStore(LOG).getAll(this.log()));
    const last = ((await keys) as number[][]).at(-1);
    if (last !== undefined) this.next = (last[2] as number) + 1;
    const found = (await saved) as SavedRoom | undefined;
    return found === undefined ? undefined : { saved: found, log: (await log) as Uint8Array[] };
  }

  save(saved: SavedRoom): Promise<void> {
    return this.write((transaction) => {
      transaction.objectStore(SAVED).put(saved, this.key);
      transaction.objectStore(LOG).delete(this.log());
    });
  }

  append(messages: readonly Uint8Array[]): Promise<void> {
    const from = this.next;
    this.next += messages.length;
    return this.write((transaction) => {
      const log = transaction.objectStore(LOG);
      messages.forEach((message, i) => log.put(message, [...this.key, from + i]));
    });
  }

  remove(): Promise<void> {
    return this.write((transaction) => {
      transaction.objectStore(SAVED).delete(this.key);
      transaction.objectStore(LOG).delete(this.log());
    });
  }

  private log(): IDBKeyRange {
    return IDBKeyRange.bound([...this.key, 0], [...this.key, Infinity]);
  }

  private write(change: (transaction: IDBTransaction) => unknown): Promise<void> {
    return new Promise((resolve, reject) => {
      const options = { durability: 'strict' } as const;
      const transaction = this.database.transaction([SAVED, LOG], 'readwrite', options);
      transaction.oncomplete = () => resolve();
      transaction.onabort = () => reject(transaction.error);
      change(transaction);
    });
  }
}

function within(room: string): IDBKeyRange {
  return IDBKeyRange.bound([room, 0], [room, SLOTS]);
}

function done<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

function open(): Promise<IDBDatabase> {
  const request = indexedDB.open(DATABASE, 1);
  request.onupgradeneeded = () => {
    request.result.createObjectStore(SAVED);
    request.result.createObjectStore(LOG);
  };
  return done(request);
}

const heldHere = new Set<string>();

/** Gives what lets go of the lock; undefined when somebody holds it. */
async function lock(name: string): Promise<(() => void) | undefined> {
  const { locks } = (globalThis.navigator ?? {}) as { locks?: Locks };
  if (locks === undefined) return lockHere(name);
  return new Promise((resolve, reject) => {
    locks
      .request(name, { ifAvailable: true }, (held) => {
        if (held === null) return void resolve(undefined);
        return new Promise<void>((release) => resolve(release));
      })
      .catch(reject);
  });
}

/** Without Web Locks: at least not twice in this program. */
function lockHere(name: string): (() => void) | undefined {
  if (heldHere.has(name)) return undefined;
  heldHere.add(name);
  return () => void heldHere.delete(name);
}
