// The document as ordinary immutable objects, kept up to date by the core's change feed (core's feed.hpp). It
// holds no rule of the law.
//
// A node object is copied once it was handed out and changed in place before that, so reading costs a copy per
// change and not reading costs nothing. Versions of the whole graph are lazy: an old one remembers the nodes that
// changed after it, and is built when somebody looks.
import type { CoreModule } from '../core/module.js';
import { FREEZE, deepFreeze, hasOwn, put, without } from '../core/records.js';
import { FeedKind, feedNone } from '../generated/feed.js';
import { TextBuffer } from './text_buffer.js';
import type { SceneGraph, SceneNode, VectorClock } from './types.js';

interface MutableEnvelope {
  clock: VectorClock;
  lamportTime: number;
  createdAt: number;
  updatedAt: number;
  deletedAt?: number;
  lww: Record<string, { lt: number; client: string }>;
}

interface MutableNode {
  key: string;
  tag: string;
  name: string;
  children: string[];
  _crdt: MutableEnvelope;
  [path: string]: unknown;
}

/** One key of the document and what the mirror knows of it. */
interface Slot {
  readonly key: string;
  node: MutableNode | undefined;
  /** The node object was handed out: it may not change any more. */
  exposed: boolean;
  lwwOwned: boolean;
  texts: Map<string, TextBuffer> | undefined;
  textsDirty: boolean;
  changed: boolean;
  savedFor: GraphVersion | undefined;
}

/** The graph as it was at one moment. */
export interface GraphVersion {
  graph: SceneGraph | undefined;
  readonly rootKey: string;
  /** Nodes as they were, of keys that changed between this version and the next. */
  readonly before: Map<string, SceneNode | undefined>;
  next: GraphVersion | undefined;
  stale: boolean;
}

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
  private current: GraphVersion | undefined;
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
    const { current } = this;
    if (current !== undefined && !current.stale) return current;
    const version: GraphVersion = {
      graph: undefined,
      rootKey: this.root,
      before: new Map(),
      next: undefined,
      stale: false,
    };
    if (current !== undefined) current.next = version;
    this.current = version;
    return version;
  }

  /** The graph of a version of this mirror. */
  graphOf(version: GraphVersion): SceneGraph {
    if (version.graph === undefined) {
      const nodes = version.stale ? this.nodesBefore(version) : this.liveNodes();
      version.graph = { nodes, rootKey: version.rootKey, lww: {}, tombstones: {} };
      if (FREEZE) {
        Object.freeze(version.graph.lww);
        Object.freeze(version.graph.tombstones);
        Object.freeze(nodes);
        Object.freeze(version.graph);
      }
    }
    return version.graph;
  }

  /** Puts an equal node object of the caller in place of ours, so that its identity goes on. */
  adopt(node: SceneNode): void {
    const slot = this.byKey.get(node.key);
    if (slot === undefined) return;
    slot.node = node as MutableNode;
    slot.exposed = true;
    slot.textsDirty = false;
  }

  private liveNodes(): Record<string, SceneNode> {
    const nodes = Object.create(null) as Record<string, SceneNode>;
    for (const slot of this.byKey.values()) nodes[slot.key] = expose(slot) as SceneNode;
    return nodes;
  }

  private nodesBefore(version: GraphVersion): Record<string, SceneNode> {
    const chain: GraphVersion[] = [];
    let at: GraphVersion | undefined = version;
    while (at !== undefined && at.graph === undefined && at.stale) {
      chain.push(at);
      at = at.next;
    }
    const nodes =
      at?.graph === undefined
        ? this.liveNodes()
        : (Object.assign(Object.create(null), at.graph.nodes) as Record<string, SceneNode>);
    for (const step of chain.reverse()) {
      for (const [key, node] of step.before) {
        if (node === undefined) delete nodes[key];
        else nodes[key] = node;
      }
    }
    return nodes;
  }

  /** Applies the feed that stands in the outbox of the module. True when something visible changed. */
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
        return this.touch(this.slotAt(first), heapF[(at >> 3) + 2] as number, heapF[(at >> 3) + 3] as number);
      case FeedKind.Children:
        return this.children(this.slotAt(first), words);
      case FeedKind.Root:
        this.aboutToChange();
        this.root = first === feedNone ? '' : this.slotAt(first).key;
        return;
      case FeedKind.Undone:
        return sink.undone(this.text(at + 24, heap32[words + 3] as number), first !== 0, heapF[(at >> 3) + 2] as number);
      case FeedKind.Moved:
        return sink.moved(this.text(at + 24, heap32[words + 4] as number), heapF[(at >> 3) + 1] as number);
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
    const node = this.writable(slot);
    if (node === undefined) return;
    const path = this.paths[this.heap32[words + 3] as number] as string;
    const shape = this.heap32[words + 5] as number;
    this.stamp(slot, node, path, words, (at >> 3) + 3);
    if (slot.texts !== undefined) slot.texts.delete(path);
    if (shape === 0) return removeProperty(slot, node, path);
    put(node, path, this.inlineValue(shape, (at >> 3) + 4));
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
    const id = this.heap32[words + 4] as number;
    const crdt = node._crdt;
    if (id === feedNone) {
      if (!hasOwn(crdt.lww, path)) return;
      crdt.lww = without(crdt.lww, path);
      slot.lwwOwned = true;
      return;
    }
    const lt = this.heapF[ltAt] as number;
    const client = this.clients[id] as string;
    const entry = hasOwn(crdt.lww, path) ? crdt.lww[path] : undefined;
    if (entry !== undefined && entry.lt === lt && entry.client === client) return;
    if (!slot.lwwOwned) {
      crdt.lww = { ...crdt.lww };
      slot.lwwOwned = true;
    }
    put(crdt.lww, path, { lt, client });
  }

  private nodeRecord(slot: Slot, at: number, words: number): void {
    const flags = this.heap32[words + 3] as number;
    if (flags === 0) return this.removeNode(slot);
    const node = slot.node === undefined ? this.createNode(slot) : (this.writable(slot) as MutableNode);
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
      put(clock, this.clients[this.heap32[entry >> 2] as number] as string, this.heapF[(entry >> 3) + 1]);
    }
    return clock;
  }

  private createNode(slot: Slot): MutableNode {
    this.aboutToChange();
    this.save(slot);
    this.mark(slot);
    slot.node = {
      key: slot.key,
      tag: '',
      name: '',
      children: [],
      _crdt: { clock: {}, lamportTime: 0, createdAt: 0, updatedAt: 0, lww: {} },
    };
    slot.exposed = false;
    slot.lwwOwned = true;
    this.byKey.set(slot.key, slot);
    return slot.node;
  }

  private removeNode(slot: Slot): void {
    if (slot.node === undefined) return;
    this.aboutToChange();
    this.save(slot);
    this.mark(slot);
    slot.node = undefined;
    slot.texts = undefined;
    this.byKey.delete(slot.key);
  }

  private touch(slot: Slot, updatedAt: number, lamportTime: number): void {
    const node = this.writable(slot);
    if (node === undefined) return;
    node._crdt.updatedAt = updatedAt;
    node._crdt.lamportTime = lamportTime;
  }

  private children(slot: Slot, words: number): void {
    const node = this.writable(slot);
    if (node === undefined) return;
    const count = this.heap32[words + 3] as number;
    const children: string[] = [];
    for (let i = 0; i < count; ++i) children.push(this.slotAt(this.heap32[words + 4 + i] as number).key);
    node.children = children;
  }

  private reset(): void {
    for (const slot of [...this.byKey.values()]) this.removeNode(slot);
    this.aboutToChange();
    this.root = '';
  }

  /** The node object that may be written: a copy when the present one was handed out. */
  private writable(slot: Slot): MutableNode | undefined {
    const { node } = slot;
    if (node === undefined) return undefined;
    this.aboutToChange();
    this.save(slot);
    this.mark(slot);
    if (!slot.exposed) return node;
    const copy: MutableNode = { ...node };
    copy._crdt = { ...node._crdt };
    slot.node = copy;
    slot.exposed = false;
    slot.lwwOwned = false;
    return copy;
  }

  private aboutToChange(): void {
    if (this.current !== undefined) this.current.stale = true;
  }

  /** Remembers the node as it was in the version that somebody holds. */
  private save(slot: Slot): void {
    const { current } = this;
    if (current === undefined || slot.savedFor === current) return;
    slot.savedFor = current;
    if (current.graph === undefined) current.before.set(slot.key, expose(slot));
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

function newSlot(key: string): Slot {
  return {
    key,
    node: undefined,
    exposed: false,
    lwwOwned: false,
    texts: undefined,
    textsDirty: false,
    changed: false,
    savedFor: undefined,
  };
}

/** The node as it may be handed out: texts as strings, frozen. */
function expose(slot: Slot): SceneNode | undefined {
  const { node } = slot;
  if (node === undefined || slot.exposed) return node;
  if (slot.textsDirty && slot.texts !== undefined) {
    for (const [path, text] of slot.texts) put(node, path, text.toString());
    slot.textsDirty = false;
  }
  slot.exposed = true;
  if (FREEZE) deepFreeze(node);
  return node;
}

function textBuffer(slot: Slot, node: MutableNode, path: string, whole: boolean): TextBuffer {
  slot.texts ??= new Map();
  let text = slot.texts.get(path);
  if (text === undefined) {
    const shown = hasOwn(node, path) && !whole ? node[path] : '';
    text = new TextBuffer(typeof shown === 'string' ? shown : '');
    slot.texts.set(path, text);
  } else if (whole) {
    text.clear();
  }
  return text;
}

function removeProperty(slot: Slot, node: MutableNode, path: string): void {
  if (path === 'name' || path === 'tag') put(node, path, '');
  else if (hasOwn(node, path)) slot.node = without(node, path);
}
