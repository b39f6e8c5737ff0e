// The document as ordinary immutable objects, kept up to date by the core's change feed (core's
// feed.hpp). It holds no rule of the law.
//
// A node object is copied once it was handed out and changed in place before that, so reading costs
// a copy per change and not reading costs nothing.
import type { CoreModule } from '../core/module.js';
import { FREEZE, hasOwn, put } from '../core/records.js';
import { FeedKind, feedNone } from '../generated/feed.js';
import { GraphVersions, type GraphVersion } from './graph_versions.js';
import {
  emptyNode,
  expose,
  hasStamp,
  newSlot,
  removeProperty,
  stampProperty,
  textBuffer,
  touchNode,
  writableNode,
  type MutableNode,
  type Slot,
} from './slots.js';
import type { SceneGraph, SceneNode, VectorClock } from './types.js';

/** What the feed says about messages rather than nodes. */
export interface FeedSink {
  undone(id: string, undone: boolean, ts: number): void;
  moved(id: string, lt: number): void;
  folded(line: number): void;
}

const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });

export class Mirror {
  private slots: Slot[] = [];
  private paths: string[] = [];
  private clients: string[] = [];
  private readonly byKey = new Map<string, Slot>();
  private root = '';
  private readonly versions = new GraphVersions(this.byKey);
  private changed: Slot[] = [];
  private heap8: Uint8Array = new Uint8Array(0);
  private heap16: Uint16Array = new Uint16Array(0);
  private heap32: Uint32Array = new Uint32Array(0);
  private heapF: Float64Array = new Float64Array(0);
  private module: CoreModule | undefined;

  /** The living node object of a key, tombstones included. */
  node(key: string): SceneNode | undefined {
    const slot = this.byKey.get(key);
    return slot === undefined ? undefined : expose(slot);
  }

  /** The value of a text or any other property, without handing the node out. */
  property(key: string, path: string): unknown {
    const slot = this.byKey.get(key);
    if (slot?.node === undefined) return undefined;
    const text = slot.texts?.get(path);
    if (text !== undefined) return text.toString();
    return hasOwn(slot.node, path) ? slot.node[path] : undefined;
  }

  isText(key: string, path: string): boolean {
    return this.byKey.get(key)?.texts?.has(path) === true;
  }

  get rootKey(): string {
    return this.root;
  }

  get size(): number {
    return this.byKey.size;
  }

  /** Keys changed since the last call. */
  takeChanged(): string[] {
    const keys = this.changed.map((slot) => slot.key);
    for (const slot of this.changed) slot.changed = false;
    this.changed = [];
    return keys;
  }

  /** A name for the graph as it is now; costs nothing until graphOf() or a change. */
  version(): GraphVersion {
    return this.versions.version(this.root);
  }

  /** The graph of a version of this mirror. */
  graphOf(version: GraphVersion): SceneGraph {
    return this.versions.graphOf(version);
  }

  /** Puts an equal node object of the caller in place of ours, so that its identity goes on. */
  adopt(node: SceneNode): void {
    const slot = this.byKey.get(node.key);
    if (slot === undefined) return;
    slot.node = node as MutableNode;
    slot.exposed = true;
    slot.touched = false;
    slot.textsDirty = false;
  }

  /**
   * Applies the feed that stands in the outbox of the module. True when something visible changed.
   */
  apply(module: CoreModule, sink: FeedSink): boolean {
    const length = module.length();
    if (length === 0) return false;
    this.module = module;
    this.retake();
    let at = module.pointer();
    const end = at + length;
    while (at < end) {
      const words = at >> 2;
      const size = this.heap32[words + 1] as number;
      this.record(this.heap32[words] as number, at, words, sink);
      at += size;
    }
    return true;
  }

  private retake(): void {
    const { HEAPU8, HEAPU32, HEAPF64 } = (this.module as CoreModule).glue;
    if (HEAPU8 === this.heap8) return;
    this.heap8 = HEAPU8;
    this.heap16 = new Uint16Array(HEAPU8.buffer);
    this.heap32 = HEAPU32;
    this.heapF = HEAPF64;
  }

  private record(kind: number, at: number, words: number, sink: FeedSink): void {
    const { heap32, heapF } = this;
    const first = heap32[words + 2] as number;
    switch (kind) {
      case FeedKind.DefineKey:
        this.slots[first] = newSlot(this.text(at + 16, heap32[words + 3] as number));
        return;
      case FeedKind.DefinePath:
        this.paths[first] = this.text(at + 16, heap32[words + 3] as number);
        return;
      case FeedKind.DefineClient:
        this.clients[first] = this.text(at + 16, heap32[words + 3] as number);
        return;
      case FeedKind.Inline:
        return this.inline(this.slotAt(first), at, words);
      case FeedKind.Value:
        return this.value(this.slotAt(first), at, words);
      case FeedKind.Text:
        return this.spliceText(this.slotAt(first), at, words);
      case FeedKind.Node:
        return this.nodeRecord(this.slotAt(first), at, words);
      case FeedKind.Touch:
        return this.touch(
          this.slotAt(first),
          heapF[(at >> 3) + 2] as number,
          heapF[(at >> 3) + 3] as number,
        );
      case FeedKind.Children:
        return this.children(this.slotAt(first), words);
      case FeedKind.Root:
        this.versions.aboutToChange();
        this.root = first === feedNone ? '' : this.slotAt(first).key;
        return;
      case FeedKind.Undone:
        return sink.undone(
          this.text(at + 24, heap32[words + 3] as number),
          first !== 0,
          heapF[(at >> 3) + 2] as number,
        );
      case FeedKind.Moved:
        return sink.moved(
          this.text(at + 24, heap32[words + 4] as number),
          heapF[(at >> 3) + 1] as number,
        );
      case FeedKind.Folded:
        return sink.folded(heapF[(at >> 3) + 1] as number);
      case FeedKind.Reset:
        return this.reset();
    }
  }

  private slotAt(id: number): Slot {
    return this.slots[id] as Slot;
  }

  private inline(slot: Slot, at: number, words: number): void {
    const path = this.paths[this.heap32[words + 3] as number] as string;
    const shape = this.heap32[words + 5] as number;
    if (this.isShown(slot, path, words, at, shape)) return;
    const node = this.writable(slot);
    if (node === undefined) return;
    this.stamp(slot, node, path, words, (at >> 3) + 3);
    if (slot.texts !== undefined) slot.texts.delete(path);
    if (shape === 0) return removeProperty(slot, node, path);
    const shown = this.inlineValue(shape, (at >> 3) + 4);
    put(node, path, FREEZE ? Object.freeze(shown) : shown);
  }

  /** A commit tells again what its edits showed already: who has the node may keep it. */
  private isShown(slot: Slot, path: string, words: number, at: number, shape: number): boolean {
    const { node } = slot;
    if (node === undefined || !slot.exposed || slot.texts?.has(path) === true) return false;
    const client = this.clientAt(words);
    const first = (at >> 3) + 3;
    if (shape < 5 || !hasStamp(node, path, client, this.heapF[first] as number)) return false;
    const shown = hasOwn(node, path) ? node[path] : undefined;
    if (!Array.isArray(shown) || shown.length !== shape - 5) return false;
    for (let i = 0; i < shown.length; ++i)
      if (!Object.is(shown[i], this.heapF[first + 1 + i])) return false;
    return true;
  }

  private clientAt(words: number): string | undefined {
    const id = this.heap32[words + 4] as number;
    return id === feedNone ? undefined : this.clients[id];
  }

  private inlineValue(shape: number, at: number): unknown {
    const { heapF } = this;
    switch (shape) {
      case 1:
        return null;
      case 2:
        return false;
      case 3:
        return true;
      case 4:
        return heapF[at];
      case 8:
        return [heapF[at], heapF[at + 1], heapF[at + 2]];
      default:
        return Array.from(heapF.subarray(at, at + shape - 5));
    }
  }

  private value(slot: Slot, at: number, words: number): void {
    const node = this.writable(slot);
    if (node === undefined) return;
    const path = this.paths[this.heap32[words + 3] as number] as string;
    this.stamp(slot, node, path, words, (at >> 3) + 3);
    if (slot.texts !== undefined) slot.texts.delete(path);
    const { reader } = this.module as CoreModule;
    reader.target(this.heap8, at + 32, at + 32 + (this.heap32[words + 5] as number));
    reader.handsOut = true;
    put(node, path, reader.value());
  }

  private spliceText(slot: Slot, at: number, words: number): void {
    const node = this.writable(slot);
    if (node === undefined) return;
    const { heap32 } = this;
    const path = this.paths[heap32[words + 3] as number] as string;
    this.stamp(slot, node, path, words, (at >> 3) + 4);
    const position = heap32[words + 5] as number;
    const removed = heap32[words + 6] as number;
    const text = textBuffer(slot, node, path, removed === feedNone);
    text.splice(
      removed === feedNone ? 0 : position,
      removed === feedNone ? 0 : removed,
      this.heap16,
      (at + 40) >> 1,
      heap32[words + 7] as number,
    );
    slot.textsDirty = true;
    if (!hasOwn(node, path)) put(node, path, '');
  }

  /** The lww entry of the property as the record gives it. */
  private stamp(slot: Slot, node: MutableNode, path: string, words: number, ltAt: number): void {
    stampProperty(slot, node, path, this.clientAt(words), this.heapF[ltAt] as number);
  }

  private nodeRecord(slot: Slot, at: number, words: number): void {
    const flags = this.heap32[words + 3] as number;
    if (flags === 0) return this.removeNode(slot);
    const node =
      slot.node === undefined ? this.createNode(slot) : (this.writable(slot) as MutableNode);
    const crdt = node._crdt;
    const f = (at >> 3) + 2;
    crdt.createdAt = this.heapF[f] as number;
    crdt.updatedAt = this.heapF[f + 1] as number;
    crdt.lamportTime = this.heapF[f + 2] as number;
    crdt.clock = this.clock(at, words);
    if ((flags & 2) !== 0) {
      crdt.deletedAt = this.heapF[f + 3] as number;
    } else if (crdt.deletedAt !== undefined) {
      const { deletedAt: _, ...alive } = crdt;
      node._crdt = alive;
    }
  }

  private clock(at: number, words: number): VectorClock {
    const clock: VectorClock = {};
    const count = this.heap32[words + 12] as number;
    for (let i = 0; i < count; ++i) {
      const entry = at + 56 + 16 * i;
      put(
        clock,
        this.clients[this.heap32[entry >> 2] as number] as string,
        this.heapF[(entry >> 3) + 1],
      );
    }
    return clock;
  }

  private createNode(slot: Slot): MutableNode {
    this.versions.save(slot);
    this.mark(slot);
    slot.node = emptyNode(slot.key);
    slot.exposed = false;
    slot.touched = false;
    slot.lwwOwned = true;
    this.byKey.set(slot.key, slot);
    return slot.node;
  }

  private removeNode(slot: Slot): void {
    if (slot.node === undefined) return;
    this.versions.save(slot);
    this.mark(slot);
    slot.node = undefined;
    slot.texts = undefined;
    this.byKey.delete(slot.key);
  }

  private touch(slot: Slot, updatedAt: number, lamportTime: number): void {
    if (slot.node === undefined) return;
    this.versions.save(slot);
    this.mark(slot);
    touchNode(slot, updatedAt, lamportTime);
  }

  private children(slot: Slot, words: number): void {
    const node = this.writable(slot);
    if (node === undefined) return;
    const count = this.heap32[words + 3] as number;
    const children: string[] = [];
    for (let i = 0; i < count; ++i)
      children.push(this.slotAt(this.heap32[words + 4 + i] as number).key);
    node.children = FREEZE ? (Object.freeze(children) as string[]) : children;
  }

  private reset(): void {
    for (const slot of [...this.byKey.values()]) this.removeNode(slot);
    this.versions.aboutToChange();
    this.root = '';
  }

  private writable(slot: Slot): MutableNode | undefined {
    const { node } = slot;
    if (node === undefined) return undefined;
    this.versions.save(slot);
    this.mark(slot);
    return writableNode(slot, node);
  }

  private mark(slot: Slot): void {
    if (slot.changed) return;
    slot.changed = true;
    this.changed.push(slot);
  }

  private text(at: number, length: number): string {
    return utf8.decode(this.heap8.subarray(at, at + length));
  }
}
