// Tabs of one browser in the same room: what one commits while the server is away, the others show
// at once. They show it only; its author sends it. Until the server has told it too, it is
// followed: the server may give it another place.
import { encode } from '../core/writer.js';
import type { GraphStore } from '../store/graph_store.js';
import type { CRDTMessage } from '../store/types.js';

/** What tabs say to each other: a new one asks, the others tell; `gone` was taken back. */
interface Word {
  readonly hello?: true;
  readonly messages?: readonly { readonly id: string; readonly bytes: Uint8Array }[];
  readonly gone?: readonly string[];
}

export interface TabsHost {
  /** Nobody else tells what is committed here. */
  isAway(): boolean;
  /** It will not be missed after a crash. */
  isKept(message: CRDTMessage): boolean;
  /** What is shown is not what the server will have. */
  reload(): void;
}

export class Tabs {
  private readonly store: GraphStore;
  private readonly host: TabsHost;
  private readonly channel: BroadcastChannel;
  /** Messages of other tabs by id, with the lt they are shown at. */
  private readonly followed = new Map<string, number>();

  constructor(place: string, store: GraphStore, host: TabsHost) {
    this.store = store;
    this.host = host;
    this.channel = new BroadcastChannel(`vuer-rtc/${place}`);
    this.channel.onmessage = ({ data }) => this.hear(data as Word);
    (this.channel as { unref?: () => void }).unref?.();
    this.say({ hello: true });
    this.tellAll();
  }

  get isFollowing(): boolean {
    return this.followed.size > 0;
  }

  follows(id: string): boolean {
    return this.followed.has(id);
  }

  tell(messages: readonly CRDTMessage[]): void {
    if (messages.length === 0) return;
    this.say({ messages: messages.map((msg) => ({ id: msg.id, bytes: encode(msg) })) });
  }

  /** What the others do not hear from the server. */
  tellAll(): void {
    const { store, host } = this;
    if (host.isAway()) this.tell(store.unacked().filter((msg) => host.isKept(msg)));
  }

  /** Runs what gives own messages other ids, or lets them go. */
  rewriting(change: () => void): void {
    const before = this.store.unacked().map(({ id }) => id);
    change();
    const gone = before.filter((id) => this.store.message(id) === undefined);
    if (gone.length > 0) this.say({ gone });
  }

  /** The server told these; false when it placed one elsewhere. */
  told(messages: readonly CRDTMessage[]): boolean {
    let inPlace = true;
    for (const { id, lt } of this.followed.size > 0 ? messages : []) {
      const shown = this.followed.get(id);
      this.followed.delete(id);
      if (shown !== undefined && shown !== lt) inPlace = false;
    }
    return inPlace;
  }

  /** The store holds the server's document and own messages only. */
  forget(): void {
    this.followed.clear();
  }

  close(): void {
    this.channel.close();
  }

  private say(word: Word): void {
    this.channel.postMessage(word);
  }

  private hear({ hello, messages = [], gone = [] }: Word): void {
    if (this.store.status().disposed) return;
    if (hello === true) this.tellAll();
    this.store.batch(() => messages.forEach(({ id, bytes }) => this.follow(id, bytes)));
    const shown = gone.filter((id) => this.followed.delete(id));
    if (shown.length > 0) this.host.reload();
  }

  private follow(id: string, bytes: Uint8Array): void {
    if (this.store.message(id) !== undefined) return;
    this.store.receive(bytes);
    const message = this.store.message(id);
    if (message !== undefined) this.followed.set(id, message.lt);
  }
}

/** Undefined where the runtime has no channels. */
export function openTabs(place: string, store: GraphStore, host: TabsHost): Tabs | undefined {
  return typeof BroadcastChannel === 'function' ? new Tabs(place, store, host) : undefined;
}
