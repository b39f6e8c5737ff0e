// What a room tells: its state, its events, and when everything has arrived.
import type { GraphStore } from '../store/graph_store.js';
import { Listeners, rethrow } from '../store/listeners.js';
import type { GraphSchema } from '../store/schema.js';
import type { RtcWarning } from '../store/types.js';
import { lateTarget } from './late_undo.js';
import type { ConnectOptions, RoomEvents, RoomStatus, StatusName } from './types.js';

interface Flush {
  readonly resolve: () => void;
  readonly reject: (fault: Error) => void;
}

export abstract class RoomEmitter<S extends GraphSchema> {
  abstract readonly store: GraphStore<S>;
  abstract readonly status: RoomStatus;
  protected abstract readonly options: ConnectOptions<S>;
  protected state: StatusName = 'connecting';
  protected reason = '';
  private readonly listeners = new Map<keyof RoomEvents, Listeners<[never]>>();
  private readonly flushes: Flush[] = [];
  private lastStatus: RoomStatus | undefined;

  /** Calls `listener` on every event of this name; gives what ends it. */
  on<E extends keyof RoomEvents>(event: E, listener: (value: RoomEvents[E]) => void): () => void {
    let listeners = this.listeners.get(event);
    if (listeners === undefined) this.listeners.set(event, (listeners = new Listeners()));
    return listeners.add(listener as (value: never) => void);
  }

  /**
   * Resolves when everything that is committed now is on the server's disk; rejects when the room
   * closes before.
   */
  flush(): Promise<void> {
    if (this.store.status().unacked === 0) return Promise.resolve();
    if (this.state === 'closed') return Promise.reject(this.closedError());
    return new Promise((resolve, reject) => this.flushes.push({ resolve, reject }));
  }

  protected statusOf(status: RoomStatus): RoomStatus {
    const { lastStatus: last } = this;
    const names = Object.keys(status) as (keyof RoomStatus)[];
    if (last === undefined || names.some((name) => last[name] !== status[name]))
      this.lastStatus = Object.freeze(status);
    return this.lastStatus as RoomStatus;
  }

  /** Wakes who waits for acks. */
  protected settleFlushes(): void {
    if (this.store.status().unacked > 0) return;
    for (const { resolve } of this.flushes.splice(0)) resolve();
  }

  protected setState(state: StatusName, reason = ''): void {
    if (this.state === state && this.reason === reason) return;
    this.state = state;
    this.reason = reason;
    if (state === 'closed')
      for (const { reject } of this.flushes.splice(0)) reject(this.closedError());
    this.emit('status', this.status);
  }

  protected warn(code: string, message: string, msgId?: string): void {
    const warning: RtcWarning = msgId === undefined ? { code, message } : { code, message, msgId };
    this.emit('warning', warning);
    this.options.onWarning?.(warning);
  }

  protected warnOfLateUndo(msgId: string, stable: number): void {
    const target = lateTarget(this.store as unknown as GraphStore, msgId, stable);
    if (target === undefined) return;
    this.warn('undo_too_late', `${target} was folded before its undo came: it stays`, msgId);
  }

  protected emit<E extends keyof RoomEvents>(event: E, value: RoomEvents[E]): void {
    const listeners = this.listeners.get(event);
    if (listeners === undefined) return;
    const faults: unknown[] = [];
    listeners.call(faults, value as never);
    rethrow(faults);
  }

  private closedError(): Error {
    return new Error(`the room is closed: ${this.reason}`);
  }
}
