// What all parts of the page share: the room, the document as shapes, the selection, the people.
// Parts read it when `changed` fires, at most once per frame.
import type { GraphStore } from '@vuer-ai/vuer-rtc';
import { connect, type Room } from '@vuer-ai/vuer-rtc/provider';
import { firstScene } from './document/changes';
import { Editing } from './document/editing';
import type { Point } from './document/placement';
import { readShapes, SCENE, type Shape } from './document/shapes';
import { pickColor, readPeers, type Peer, type Self } from './room/peers';
import { ServerDigestWatch } from './room/server_digest';

export class App {
  readonly room: Room;
  readonly roomName: string;
  readonly store: GraphStore;
  readonly editing: Editing;
  readonly server: ServerDigestWatch;
  /** The same array until a shape changes. */
  shapes: readonly Shape[] = [];
  peers: readonly Peer[] = [];
  me: Self;
  private readonly listeners: (() => void)[] = [];
  private byKey = new Map<string, Shape>();
  private asked = false;

  constructor(roomName: string, name: string) {
    this.roomName = roomName;
    const client = name.replace(/[^\p{L}\p{N}]+/gu, '-').slice(0, 24) || 'guest';
    this.room = connect(location.origin, roomName, { client });
    this.store = this.room.store;
    this.editing = new Editing(this.store);
    this.server = new ServerDigestWatch(roomName, () => this.refresh());
    this.me = { name, color: pickColor(this.store.client, []), selected: '', typing: false };
    this.store.subscribe(() => this.refresh());
    this.room.on('status', () => this.refresh());
    this.room.presence.subscribe((others) => this.meet(readPeers(others)));
    this.room.presence.set(this.me);
    void this.room.synced.then(() => this.furnish());
  }

  get selected(): string {
    return this.me.selected;
  }

  shape(key: string): Shape | undefined {
    return this.byKey.get(key);
  }

  select(key: string): void {
    this.tell({ selected: key });
  }

  point(cursor: Point | undefined): void {
    if (cursor !== undefined || this.me.cursor !== undefined) this.tell({ cursor }, false);
  }

  /** Something about oneself that the others should know. */
  tell(news: Partial<Self>, visible = true): void {
    this.me = { ...this.me, ...news };
    this.room.presence.set(this.me);
    if (visible) this.refresh();
  }

  onChange(listener: () => void): void {
    this.listeners.push(listener);
  }

  refresh(): void {
    if (this.asked) return;
    this.asked = true;
    requestAnimationFrame(() => {
      this.asked = false;
      this.read();
      for (const listener of this.listeners) listener();
    });
  }

  private read(): void {
    const shapes = readShapes(this.store.getState().graph);
    const { length } = this.shapes;
    if (length === shapes.length && shapes.every((each, i) => each === this.shapes[i])) return;
    this.shapes = shapes;
    this.byKey = new Map(this.shapes.map((shape) => [shape.key, shape]));
    if (this.selected !== '' && !this.byKey.has(this.selected)) this.tell({ selected: '' }, false);
  }

  private meet(peers: readonly Peer[]): void {
    this.peers = peers;
    const color = pickColor(this.store.client, peers);
    if (color !== this.me.color) this.tell({ color }, false);
    this.refresh();
  }

  /** A room nobody was in before gets its first scene. */
  private furnish(): void {
    if (this.store.getNode(SCENE) !== undefined) return;
    this.store.transact(() => {
      for (const op of firstScene()) this.store.edit(op);
    });
  }
}
