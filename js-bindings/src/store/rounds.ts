// Rounds of callbacks. A call changes the core first; then one round runs, in which listeners may
// call the store again. A batch holds its rounds back and makes one of them.
import { attempt, Listeners, rethrow } from './listeners.js';
import { NodeWatchers } from './node_watchers.js';
import type { Replica } from './replica.js';
import type { ClientState, CRDTMessage, SceneNode } from './types.js';

/** Feeds of more calls than this are read even when nobody reads the document. */
const MAX_UNREAD = 4096;
const NOTHING: readonly CRDTMessage[] = [];

export interface RoundCallbacks {
  readonly onStateChange?: (state: ClientState) => void;
  readonly onSend?: (message: CRDTMessage) => void;
  readonly onMessageSent?: (message: CRDTMessage) => void;
}

export class Rounds {
  readonly listeners = new Listeners<[ClientState]>();
  readonly senders = new Listeners<[CRDTMessage]>();
  private readonly watchers = new NodeWatchers();
  private replica: Replica;
  private readonly callbacks: RoundCallbacks;
  private depth = 0;
  private batched = false;
  private held: CRDTMessage[] = [];
  private unreadCalls = 0;

  constructor(replica: Replica, callbacks: RoundCallbacks) {
    this.replica = replica;
    this.callbacks = callbacks;
  }

  /** Another document from now on. */
  turnTo(replica: Replica): void {
    this.replica = replica;
  }

  /** One round, or a note for the end of the batch. */
  changed(outgoing: readonly CRDTMessage[] = NOTHING): void {
    if (this.depth > 0) {
      this.batched = true;
      if (outgoing.length > 0) this.held.push(...outgoing);
    } else {
      this.round(outgoing);
    }
  }

  batch<T>(run: () => T): T {
    ++this.depth;
    try {
      return run();
    } finally {
      if (--this.depth === 0) this.endBatch();
    }
  }

  /** The mirror is read and up to date. */
  read(): void {
    this.replica.pull();
    this.unreadCalls = 0;
  }

  watchNode(key: string, listener: (node: SceneNode | undefined) => void): () => void {
    this.startWatching();
    return this.watchers.watchNode(key, listener);
  }

  watchPath(key: string, path: string, listener: (value: unknown) => void): () => void {
    this.startWatching();
    return this.watchers.watchPath(key, path, this.replica.mirror.node(key), listener);
  }

  /** The first listener of a node hears of changes from now on. */
  private startWatching(): void {
    this.read();
    if (this.watchers.empty) this.replica.mirror.takeChanged();
  }

  private endBatch(): void {
    if (!this.batched) return;
    const outgoing = this.held;
    this.batched = false;
    this.held = [];
    this.round(outgoing);
  }

  private round(outgoing: readonly CRDTMessage[]): void {
    const { onStateChange } = this.callbacks;
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
    const state = this.replica.current();
    this.unreadCalls = 0;
    if (onStateChange !== undefined) attempt(() => onStateChange(state), faults);
    this.listeners.call(faults, state);
  }

  private notifyNodes(faults: unknown[]): void {
    if (this.replica.disposed) return;
    this.read();
    const { mirror } = this.replica;
    this.watchers.notify(mirror.takeChanged(), (key) => mirror.node(key), faults);
  }

  private send(message: CRDTMessage, faults: unknown[]): void {
    const { onSend, onMessageSent } = this.callbacks;
    if (onSend !== undefined) attempt(() => onSend(message), faults);
    this.senders.call(faults, message);
    if (onMessageSent !== undefined) attempt(() => onMessageSent(message), faults);
  }
}
