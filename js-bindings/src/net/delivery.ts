// Gets the store's own messages to the server: what the server asked for after a restore first,
// then everything without an ack, in order, again when an answer is late or names a gap.
import type { GraphStore } from '../store/graph_store.js';
import type { CRDTMessage } from '../store/types.js';
import { Offers } from './offers.js';
import { Outbox } from './outbox.js';

/** Several messages behind one gap are all refused: one answer is enough. */
const SAME_GAP_MS = 1_000;

export interface DeliveryEvents {
  /** False when the connection cannot take it. */
  send(frame: Readonly<Record<string, unknown>>): boolean;
  /** It may leave: what is not on disk yet follows by add(). */
  mayLeave(message: CRDTMessage): boolean;
  /** Own messages are lost on the server: later ones are to be committed anew from this number. */
  lostBefore(msgId: string, first: CRDTMessage, number: number): void;
}

export class Delivery {
  private readonly store: GraphStore;
  private readonly events: DeliveryEvents;
  private readonly outbox: Outbox;
  private readonly offers = new Offers();
  private againAt = 0;
  private gap = { expected: 0, at: 0 };

  constructor(store: GraphStore, events: DeliveryEvents) {
    this.store = store;
    this.events = events;
    this.outbox = new Outbox((msg) => events.send({ mtype: 'crdt', msg }));
  }

  /** A message of this moment. */
  add(message: CRDTMessage): void {
    if (!this.offers.open) this.outbox.add(message);
  }

  /** The connection is gone. */
  stop(): void {
    this.outbox.clear();
    this.offers.stop();
    this.againAt = 0;
  }

  /** The room was cleared on purpose. */
  forget(): void {
    this.offers.clear();
  }

  /** What was accepted before the server lost it; begin() will offer it. */
  keep(before: readonly CRDTMessage[]): void {
    const known = new Set(this.store.getState().journal.map((entry) => entry.msg.id));
    this.offers.keep(before.filter((msg) => !known.has(msg.id)));
  }

  /** The document is here: everything may go out. */
  begin(): void {
    const ids = this.offers.ask();
    if (ids.length > 0) this.events.send({ mtype: 'offer', ids });
    this.again();
  }

  wanted(ids: readonly string[]): void {
    this.offers.choose(ids);
    this.again();
  }

  /** A message that the server took although it once had it: it comes back as a remote one. */
  takeOffered(id: string): CRDTMessage | undefined {
    return this.offers.take(id);
  }

  answered(): void {
    this.outbox.answered(this.store.status().unacked);
  }

  againIn(wait: number): void {
    this.againAt = Date.now() + wait;
  }

  /**
   * The server misses the own message of this number. Either it is on its way again with all that
   * follow, or nobody has it any more: then those that follow are committed anew from there.
   */
  closeGap(msgId: string, expected: number): void {
    const now = Date.now();
    if (expected === this.gap.expected && now - this.gap.at < SAME_GAP_MS) return;
    this.gap = { expected, at: now };
    const { client } = this.store;
    const isMissing = (msg: CRDTMessage): boolean =>
      msg.client === client && (msg.clock[client] ?? 0) === expected;
    if (this.everything().some(isMissing)) return this.again();
    const [first] = this.store.unacked();
    if (first === undefined) return;
    this.outbox.clear();
    this.events.lostBefore(msgId, first, expected);
  }

  tick(now: number): void {
    if (this.offers.overdue(now)) this.wanted([]);
    else if (this.outbox.overdue(now) || (this.againAt !== 0 && now >= this.againAt)) this.again();
  }

  private again(): void {
    this.againAt = 0;
    if (!this.offers.open) this.outbox.replace(this.everything());
  }

  private everything(): CRDTMessage[] {
    const own = this.store.unacked().filter((msg) => this.events.mayLeave(msg));
    return [...this.offers.chosen(), ...own];
  }
}

/** Messages that the server had; `tabs` knows which of them only look so. */
export function acceptedMessages(
  store: Pick<GraphStore, 'getState'>,
  tabs: { follows(id: string): boolean } | undefined,
): CRDTMessage[] {
  const { journal } = store.getState();
  return journal
    .filter(({ ack, msg }) => ack && tabs?.follows(msg.id) !== true)
    .map(({ msg }) => msg);
}
