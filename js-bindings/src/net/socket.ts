// A room: a store that is kept in step with one of a server. Edits work at once and offline;
// what the server has not acknowledged is sent again, in order, until it has.
import type { GraphStore } from '../store/graph_store.js';
import type { GraphSchema, OperationOf } from '../store/schema.js';
import type { CRDTMessage } from '../store/types.js';
import { roomAddress } from './address.js';
import { Carrier } from './carrier.js';
import { Check } from './check.js';
import { acceptedMessages, Delivery } from './delivery.js';
import { Drag } from './drag.js';
import { rawMessage, readFrame, writeFrame, type Format, type ServerFrame } from './frames.js';
import { ownStore } from './own_store.js';
import { persistenceOf, type PersistAdapter, type PersistHost } from './persist.js';
import type { Persistence, ResumePoint } from './persist.js';
import { Presence } from './presence.js';
import { Pulse } from './pulse.js';
import { RoomEmitter } from './room_emitter.js';
import { openTabs, type Tabs } from './tabs.js';
import type { ConnectOptions, RoomStatus } from './types.js';

const TICK_MS = 1_000;
const RETRY_MS = 1_000;
const NO_LINE = -1;

/**
 * A store that is kept in step with a room of a server. `P` is what people tell about themselves,
 * `S` what the scene holds.
 *
 * @example
 * const here: Room<{ cursor: number }> = connect('ws://localhost:8080', 'my-room');
 * here.presence.set({ cursor: 7 });
 * here.on('status', ({ state, unacked }) => console.log(state, unacked));
 */
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
  private readonly drag: Drag;
  private serverSeq = 0;
  private lastAckedSeq = 0;
  private epoch = '';
  /** The id of the message at serverSeq, when known: what a resume asks for. */
  private lastId = '';
  private readonly check: Check;
  private tabs: Tabs | undefined;
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
    this.drag = new Drag(() => this.store.status().disposed || this.store.commit(), options);
    this.check = new Check(this.store as unknown as GraphStore, (frame) => this.send(frame));
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
    this.drag.edited();
  }

  /** Leaves the room; the store goes on alone. */
  destroy(): void {
    if (this.state === 'closed' && this.cleanups.length === 0) return;
    for (const cleanup of this.cleanups.splice(0)) cleanup();
    this.drag.stop();
    this.presence.stop();
    this.delivery.stop();
    this.carrier.stop();
    this.setState('closed', 'destroyed');
  }

  // --- what is kept over reloads ---

  private async startKept(persistence: Persistence): Promise<void> {
    this.cleanups.push(() => void persistence.close());
    await this.loaded;
    if (this.state === 'closed') return;
    if (this.options.persist === true) this.openTabs();
    this.carrier.start();
    await this.synced;
    if (this.options.persist === true)
      await persistence.emptyOrphans((slot) => this.emptyOrphan(slot));
  }

  private persistHost(): PersistHost {
    return {
      place: `${this.url}/${this.room}`,
      where: () => this.where(this.tabs?.isFollowing !== true),
      resumeAt: ({ serverSeq, lastId, epoch }) => Object.assign(this, { serverSeq, lastId, epoch }),
      failed: (fault) => this.warn('storage', `persisting failed: ${String(fault)}`),
    };
  }

  private openTabs(): void {
    this.tabs = openTabs(`${this.url}/${this.room}`, this.store as unknown as GraphStore, {
      isAway: () => this.state !== 'synced',
      isKept: (msg) => this.persistence?.isDurable(msg) === true,
      reload: () => this.reload('taken back'),
    });
    this.cleanups.push(() => this.tabs?.close());
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
    const { tabs, persistence } = this;
    const kept = persistence === undefined ? change : () => persistence.replace(change);
    if (tabs === undefined) kept();
    else tabs.rewriting(kept);
  }

  private recommit(msgId: string, number: number): void {
    this.rewrite(() => this.store.recommit(msgId, number));
  }

  // --- the connection ---

  private address(token: string): string {
    const visit = { client: this.store.client, format: this.format, token, ...this.where(true) };
    return roomAddress(this.url, this.room, visit);
  }

  /** Where to go on; from the beginning where what is shown is not all from the server. */
  private where(goesOn: boolean): ResumePoint {
    const { serverSeq, lastId, epoch } = this;
    return { serverSeq, lastId: goesOn ? lastId : '', epoch };
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
    this.tabs?.tellAll();
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
    const leave = (): void => {
      if (this.state === 'synced') this.delivery.add(message);
      else this.tabs?.tell([message]);
    };
    if (this.persistence?.keep(message, leave) !== true) leave();
    this.emit('status', this.status);
  }

  // --- frames ---

  private incoming(data: unknown): void {
    this.pulse.alive();
    const frame = readFrame(data);
    if (frame === undefined) return this.warn('bad_frame', 'a frame of the server cannot be read');
    this.emit('frame', frame);
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
      if (this.tabs?.told(journal) === false) return this.reload('moved');
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
    this.check.ask();
  }

  private loadState(frame: ServerFrame): void {
    const { snapshot, journal = [], serverSeq = 0, stable = NO_LINE, reason } = frame;
    const before = reason === 'restored' ? acceptedMessages(this.store, this.tabs) : [];
    this.store.load(snapshot, journal, serverSeq, stable);
    this.delivery.keep(before);
    this.tabs?.forget();
    if (reason !== 'reset') return;
    this.delivery.forget();
    this.emit('reset', this.status);
  }

  private onBroadcast(frame: ServerFrame, data: unknown): void {
    const { msg } = frame;
    if (msg === undefined || !this.inSequence(msg.serverSeq)) return;
    this.store.receive(rawMessage(frame, data) ?? msg);
    this.reached(msg.serverSeq, msg.id);
    if (this.tabs?.told([msg]) === false) return this.reload('moved');
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
      this.warnOfLateUndo(msgId, stable ?? NO_LINE);
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

  private onSyncStatus(frame: ServerFrame): void {
    if (this.tabs?.isFollowing === true || !this.check.differs(frame, this.serverSeq)) return;
    this.emit('divergence', { serverSeq: this.serverSeq });
    this.reload('divergence');
  }

  /** Everything again from the server; own messages without an ack stay. */
  private reload(reason: string): void {
    this.lastId = '';
    if (this.state === 'synced' || this.state === 'syncing') this.resume(reason);
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
    this.check.tick(now);
  }

  /** Wakes who waits for acks. */
  private settle(): void {
    this.persistence?.touch();
    this.settleFlushes();
    this.emit('status', this.status);
  }
}
