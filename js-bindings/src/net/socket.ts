// connect(): a store that is kept in step with a room of a server. Edits work at once and offline;
// what the server has not acknowledged is sent again, in order, until it has.
import type { GraphStore } from '../store/graph_store.js';
import type { GraphSchema, OperationOf } from '../store/schema.js';
import type { CRDTMessage } from '../store/types.js';
import { Carrier } from './carrier.js';
import { Delivery } from './delivery.js';
import { rawMessage, readFrame, writeFrame, type Format, type ServerFrame } from './frames.js';
import { ownStore } from './own_store.js';
import {
  persistenceOf,
  type PersistAdapter,
  type PersistHost,
  type Persistence,
} from './persist.js';
import { Presence } from './presence.js';
import { Pulse } from './pulse.js';
import { RoomEmitter } from './room_emitter.js';
import type { ConnectOptions, RoomStatus } from './types.js';

const IDLE_CHECK_MS = 60_000;
const TICK_MS = 1_000;
const RETRY_MS = 1_000;
const THROTTLE_MS = 33;
const NO_LINE = -1;

/** Opens the room and returns at once. */
export function connect<P = unknown, S extends GraphSchema = GraphSchema>(
  url: string,
  room: string,
  options: ConnectOptions<S> = {},
): Room<P, S> {
  if (typeof url !== 'string' || typeof room !== 'string')
    throw new TypeError('connect needs a url and a room');
  return new Room(url, room, options);
}

/** `P` is what people tell about themselves, `S` what the scene holds. */
export class Room<P = unknown, S extends GraphSchema = GraphSchema> extends RoomEmitter<S> {
  readonly store: GraphStore<S>;
  readonly presence: Presence<P>;
  /** Resolves when the room's document is here for the first time. */
  readonly synced: Promise<void>;
  /** Resolves when what `persist` kept is here; at once without it. */
  readonly loaded: Promise<void>;
  private readonly url: string;
  private readonly room: string;
  protected readonly options: ConnectOptions<S>;
  private readonly format: Format;
  private readonly carrier: Carrier;
  private readonly pulse = new Pulse();
  private readonly cleanups: (() => void)[] = [];
  private readonly delivery: Delivery;
  private readonly persistence: Persistence | undefined;
  private dragTimer: ReturnType<typeof setTimeout> | undefined;
  private serverSeq = 0;
  private lastAckedSeq = 0;
  private epoch = '';
  /** The id of the message at serverSeq, when known: what a resume asks for. */
  private lastId = '';
  private checkedAt = 0;
  private requests = 0;
  private resolveSynced: () => void = () => {};

  constructor(url: string, room: string, options: ConnectOptions<S>) {
    super();
    this.url = url.replace(/^http/, 'ws').replace(/\/+$/, '');
    this.room = room;
    this.options = options;
    this.format = options.format ?? 'msgpack';
    this.store = options.store ?? ownStore<S>(options, (warning) => this.emit('warning', warning));
    this.persistence = persistenceOf(options.persist, this.store, this.persistHost());
    this.presence = new Presence((state) => this.send({ mtype: 'presence', state }));
    this.delivery = new Delivery(this.store as unknown as GraphStore, {
      send: (frame) => this.send(frame),
      mayLeave: (msg) => this.persistence?.isDurable(msg) !== false,
      lostBefore: (msgId, first, number) => {
        this.warn('gap', 'the server lost own messages: later ones are committed anew', msgId);
        this.recommit(first.id, number);
      },
    });
    this.synced = new Promise((resolve) => (this.resolveSynced = resolve));
    this.cleanups.push(this.store.onOutgoing((message) => this.outgoing(message)));
    this.carrier = new Carrier(options, {
      address: (token) => this.address(token),
      connecting: () => this.setState('connecting'),
      opened: () => this.opened(),
      message: (data) => this.incoming(data),
      renewed: (token) => this.send({ mtype: 'auth', token }),
      lost: (reason, final) => this.lost(reason, final),
    });
    const timer = setInterval(() => this.tick(), TICK_MS);
    (timer as { unref?: () => void }).unref?.();
    this.cleanups.push(() => clearInterval(timer));
    this.loaded = this.persistence?.start() ?? Promise.resolve();
    if (this.persistence === undefined) this.carrier.start();
    else void this.startKept(this.persistence);
  }

  /** The same object until something in it changes. */
  get status(): RoomStatus {
    const { state, reason, serverSeq, lastAckedSeq, pulse } = this;
    const { unacked } = this.store.status();
    return this.statusOf({ state, reason, unacked, serverSeq, lastAckedSeq, rtt: pulse.rtt });
  }

  /**
   * An edit of a drag: seen at once, sent at most once per `throttleMs` (33 unless said otherwise).
   * store.commit() sends without waiting.
   */
  edit(op: OperationOf<S>): void {
    this.store.edit(op);
    if (this.dragTimer !== undefined) return;
    const wait = this.options.throttleMs ?? THROTTLE_MS;
    this.dragTimer = setTimeout(() => {
      this.dragTimer = undefined;
      if (!this.store.status().disposed) this.store.commit();
    }, wait);
  }

  /** Leaves the room; the store goes on alone. */
  destroy(): void {
    if (this.state === 'closed' && this.cleanups.length === 0) return;
    for (const cleanup of this.cleanups.splice(0)) cleanup();
    clearTimeout(this.dragTimer);
    this.presence.stop();
    this.delivery.stop();
    this.carrier.stop();
    this.setState('closed', 'destroyed');
  }

  // --- what is kept over reloads ---

  private async startKept(persistence: Persistence): Promise<void> {
    this.cleanups.push(() => void persistence.close());
    await this.loaded;
    if (this.state !== 'closed') this.carrier.start();
    await this.synced;
    if (this.options.persist === true)
      await persistence.emptyOrphans((slot) => this.emptyOrphan(slot));
  }

  private persistHost(): PersistHost {
    return {
      place: `${this.url}/${this.room}`,
      where: () => ({ serverSeq: this.serverSeq, lastId: this.lastId, epoch: this.epoch }),
      resumeAt: ({ serverSeq, lastId, epoch }) => Object.assign(this, { serverSeq, lastId, epoch }),
      failed: (fault) => this.warn('storage', `persisting failed: ${String(fault)}`),
    };
  }

  /** Sends what a closed tab could not, as its own author. */
  private async emptyOrphan(slot: PersistAdapter): Promise<void> {
    const { token, format, WebSocket } = this.options;
    const left = new Room(this.url, this.room, { token, format, WebSocket, persist: slot });
    try {
      await left.loaded;
      await left.flush();
    } finally {
      left.destroy();
    }
  }

  /** Own messages get new ids, or leave: what is on disk must not bring the old ones back. */
  private rewrite(change: () => void): void {
    if (this.persistence === undefined) change();
    else this.persistence.replace(change);
  }

  private recommit(msgId: string, number: number): void {
    this.rewrite(() => this.store.recommit(msgId, number));
  }

  // --- the connection ---

  private address(token: string): string {
    const query = new URLSearchParams({
      sessionId: this.store.client,
      format: this.format,
      snapshot: 'compact',
    });
    if (this.lastId !== '' && this.epoch !== '') {
      query.set('since', String(this.serverSeq));
      query.set('at', this.lastId);
      query.set('epoch', this.epoch);
    }
    if (token !== '') query.set('token', token);
    return `${this.url}/ws/${encodeURIComponent(this.room)}?${query.toString()}`;
  }

  private opened(): void {
    this.pulse.alive();
    this.setState('syncing');
  }

  private lost(reason: string, final: boolean): void {
    this.pulse.reset();
    this.delivery.stop();
    this.presence.clear();
    this.setState(final ? 'closed' : 'offline', reason);
  }

  /** Connects again at once and asks for what is missing. */
  private resume(reason: string): void {
    this.pulse.reset();
    this.delivery.stop();
    this.carrier.renew(reason);
  }

  private send(frame: Readonly<Record<string, unknown>>): boolean {
    return this.state === 'synced' && this.carrier.send(writeFrame(frame, this.format));
  }

  private outgoing(message: CRDTMessage): void {
    const leave = (): void => void (this.state === 'synced' && this.delivery.add(message));
    if (this.persistence?.keep(message, leave) !== true) leave();
    this.emit('status', this.status);
  }

  // --- frames ---

  private incoming(data: unknown): void {
    this.pulse.alive();
    const frame = readFrame(data);
    if (frame === undefined) return this.warn('bad_frame', 'a frame of the server cannot be read');
    switch (frame.mtype) {
      case 'state':
      case 'init':
        return this.onState(frame);
      case 'broadcast':
      case 'message':
      case 'crdt':
        return this.onBroadcast(frame, data);
      case 'ack':
        return this.onAck(frame);
      case 'error':
        return this.onError(frame);
      case 'heartbeat':
        return this.onHeartbeat(frame);
      case 'presence':
        return this.onPresence(frame);
      case 'sync-status':
        return this.onSyncStatus(frame);
      case 'want':
        return this.delivery.wanted(frame.ids ?? []);
    }
  }

  private onState(frame: ServerFrame): void {
    const { journal = [], serverSeq = 0, stable = NO_LINE } = frame;
    if (frame.resumed === true) {
      for (const msg of journal) this.store.receive(msg);
      this.store.learn(serverSeq, stable);
    } else {
      this.loadState(frame);
    }
    this.epoch = frame.epoch ?? '';
    const last = journal.at(-1);
    if (last?.serverSeq === serverSeq) this.lastId = last.id;
    else if (frame.resumed !== true) this.lastId = '';
    this.serverSeq = serverSeq;
    this.pulse.caughtUp();
    this.carrier.settled();
    this.setState('synced');
    this.resolveSynced();
    this.presence.resend();
    this.delivery.begin();
    this.settle();
    this.requestCheck();
  }

  private loadState(frame: ServerFrame): void {
    const { snapshot, journal = [], serverSeq = 0, stable = NO_LINE, reason } = frame;
    const before = reason === 'restored' ? this.acceptedMessages() : [];
    this.store.load(snapshot, journal, serverSeq, stable);
    this.delivery.keep(before);
    if (reason !== 'reset') return;
    this.delivery.forget();
    this.emit('reset', this.status);
  }

  private acceptedMessages(): CRDTMessage[] {
    return this.store
      .getState()
      .journal.filter((entry) => entry.ack)
      .map((entry) => entry.msg);
  }

  private onBroadcast(frame: ServerFrame, data: unknown): void {
    const { msg } = frame;
    if (msg === undefined || !this.inSequence(msg.serverSeq)) return;
    this.store.receive(rawMessage(frame, data) ?? msg);
    this.reached(msg.serverSeq, msg.id);
    this.settle();
  }

  private onAck(frame: ServerFrame): void {
    const { msgId = '', serverSeq, lt, stable } = frame;
    if (!this.inSequence(serverSeq)) return;
    const offer = this.delivery.takeOffered(msgId);
    if (offer !== undefined) {
      this.store.receive({
        ...offer,
        lt: lt ?? offer.lt,
        serverSeq: serverSeq ?? 0,
        stable: stable ?? NO_LINE,
      });
    } else {
      this.store.ack(msgId, { lt: lt ?? 0, serverSeq: serverSeq ?? 0, stable: stable ?? NO_LINE });
    }
    this.lastAckedSeq = Math.max(this.lastAckedSeq, serverSeq ?? 0);
    this.reached(serverSeq, msgId);
    this.delivery.answered();
    this.settle();
  }

  /** Frames come without gaps in serverSeq; a gap means something was lost. */
  private inSequence(serverSeq: number | undefined): boolean {
    if (serverSeq === undefined || serverSeq <= this.serverSeq + 1) return true;
    this.resume('gap');
    return false;
  }

  private reached(serverSeq: number | undefined, id: string): void {
    if (serverSeq === undefined || serverSeq <= this.serverSeq) return;
    this.serverSeq = serverSeq;
    this.lastId = id;
  }

  private onError(frame: ServerFrame): void {
    const { msgId = '', code = 'internal', error = '', expected } = frame;
    if (code === 'gap') return this.delivery.closeGap(msgId, expected ?? 0);
    if (code === 'id_reused') {
      this.warn(code, error, msgId);
      return this.recommit(msgId, expected ?? 0);
    }
    if (frame.final === true) {
      if (msgId !== '') this.rewrite(() => this.store.reject(msgId));
      this.emit('rejected', { msgId, code, error });
      this.warn(code, error, msgId);
      return this.settle();
    }
    this.delivery.againIn(frame.retryAfter ?? RETRY_MS);
  }

  private onHeartbeat(frame: ServerFrame): void {
    const { serverSeq = 0, stable } = frame;
    if (!this.pulse.heard(serverSeq, this.serverSeq)) this.heartbeat();
    if (stable !== undefined && serverSeq === this.serverSeq) this.store.learn(serverSeq, stable);
  }

  private heartbeat(): void {
    const { lt, vectorClock } = this.store.getState();
    const { client } = this.store;
    const { serverSeq } = this;
    this.pulse.sent(this.send({ mtype: 'heartbeat', client, vectorClock, lt, serverSeq }));
  }

  private onPresence(frame: ServerFrame): void {
    const { client, state } = frame;
    if (client !== undefined && client !== this.store.client)
      this.presence.receive(client, state as P);
  }

  private requestCheck(): void {
    this.checkedAt = Date.now();
    this.send({ mtype: 'sync-check', requestId: String(++this.requests) });
  }

  /** Compares only when both sides speak of the same accepted messages. */
  private onSyncStatus(frame: ServerFrame): void {
    const { status, requestId } = frame;
    if (status?.checksum === undefined || requestId !== String(this.requests)) return;
    if (status.serverSeq !== this.serverSeq || this.store.status().unacked > 0) return;
    if (status.checksum === this.store.digest()) return;
    this.emit('divergence', { serverSeq: this.serverSeq });
    this.lastId = '';
    this.resume('divergence');
  }

  private tick(): void {
    if (this.store.status().disposed) return this.destroy();
    if (this.state === 'closed' || !this.carrier.connected) return;
    const now = Date.now();
    if (this.pulse.dead(now)) return this.resume('silence');
    if (this.state !== 'synced') return;
    if (this.pulse.behind(now)) return this.resume('behind');
    if (this.pulse.due(now)) this.heartbeat();
    this.delivery.tick(now);
    this.persistence?.tick(now);
    if (now - this.checkedAt > IDLE_CHECK_MS) this.requestCheck();
  }

  /** Wakes who waits for acks. */
  private settle(): void {
    this.persistence?.touch();
    this.settleFlushes();
    this.emit('status', this.status);
  }
}
