// Who else is here and what they point at. Not stored; at most 30 frames a second leave.
import { Listeners, rethrow } from '../store/listeners.js';

const INTERVAL_MS = 33;

/** What one client tells about itself. */
export interface PresenceEntry<T> {
  readonly client: string;
  readonly state: T;
}

/** Who is in the room and what they point at; nothing of it is stored. */
export class Presence<T = unknown> {
  private readonly entries = new Map<string, T>();
  private readonly listeners = new Listeners<[readonly PresenceEntry<T>[]]>();
  private readonly send: (state: T | null) => void;
  private mine: T | null = null;
  private sentAt = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private list: readonly PresenceEntry<T>[] = [];

  constructor(send: (state: T | null) => void) {
    this.send = send;
  }

  /** Tells the others; null takes the own entry away. */
  set(state: T | null): void {
    this.mine = state;
    if (this.timer !== undefined) return;
    const wait = this.sentAt + INTERVAL_MS - Date.now();
    if (wait <= 0) this.flush();
    else this.timer = setTimeout(() => this.flush(), wait);
  }

  /** Everybody but oneself; a new array whenever something changed. */
  get others(): readonly PresenceEntry<T>[] {
    return this.list;
  }

  /** Calls `listener` with the others whenever one of them changed; gives what ends it. */
  subscribe(listener: (others: readonly PresenceEntry<T>[]) => void): () => void {
    return this.listeners.add(listener);
  }

  /** A frame of the server: null or nothing means gone. */
  receive(client: string, state: T | null | undefined): void {
    if (state === null || state === undefined) this.entries.delete(client);
    else this.entries.set(client, state);
    this.changed();
  }

  /** The connection is gone: nobody can be seen. */
  clear(): void {
    if (this.entries.size === 0) return;
    this.entries.clear();
    this.changed();
  }

  /** After a new `state` the server wants it again. */
  resend(): void {
    if (this.mine !== null) this.flush();
  }

  /** Tells nothing more; the room calls it. */
  stop(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.clear();
  }

  private flush(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.sentAt = Date.now();
    this.send(this.mine);
  }

  private changed(): void {
    this.list = [...this.entries].map(([client, state]) => ({ client, state }));
    const faults: unknown[] = [];
    this.listeners.call(faults, this.list);
    rethrow(faults);
  }
}
