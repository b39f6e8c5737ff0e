// One key of the mirrored document: its node object, and whether that was handed out already.
import { FREEZE, hasOwn, put, without } from '../core/records.js';
import type { GraphVersion } from './graph_versions.js';
import { TextBuffer } from './text_buffer.js';
import type { SceneNode, VectorClock } from './types.js';

export interface MutableEnvelope {
  clock: VectorClock;
  lamportTime: number;
  createdAt: number;
  updatedAt: number;
  deletedAt?: number;
  lww: Record<string, { lt: number; client: string }>;
}

export interface MutableNode {
  key: string;
  tag: string;
  name: string;
  children: string[];
  _crdt: MutableEnvelope;
  [path: string]: unknown;
}

/** One key of the document and what the mirror knows of it. */
export interface Slot {
  readonly key: string;
  node: MutableNode | undefined;
  /** The node object was handed out: it may not change any more. */
  exposed: boolean;
  lwwOwned: boolean;
  /** The node that was handed out lacks these two numbers of its envelope. */
  touched: boolean;
  updatedAt: number;
  lamportTime: number;
  texts: Map<string, TextBuffer> | undefined;
  textsDirty: boolean;
  changed: boolean;
  savedFor: GraphVersion | undefined;
}

export function newSlot(key: string): Slot {
  return {
    key,
    node: undefined,
    exposed: false,
    lwwOwned: false,
    touched: false,
    updatedAt: 0,
    lamportTime: 0,
    texts: undefined,
    textsDirty: false,
    changed: false,
    savedFor: undefined,
  };
}

/** The node as it may be handed out: texts as strings, frozen. */
export function expose(slot: Slot): SceneNode | undefined {
  if (slot.node === undefined || (slot.exposed && !slot.touched)) return slot.node;
  const node = writableNode(slot, slot.node);
  if (slot.textsDirty && slot.texts !== undefined) {
    for (const [path, text] of slot.texts) put(node, path, text.toString());
    slot.textsDirty = false;
  }
  slot.exposed = true;
  if (FREEZE) freezeNode(node);
  return node;
}

/** What lies in a node was frozen when it was put there, but for what changes in place. */
function freezeNode(node: MutableNode): void {
  Object.freeze(node._crdt.lww);
  Object.freeze(node._crdt.clock);
  Object.freeze(node._crdt);
  Object.freeze(node);
}

export function textBuffer(
  slot: Slot,
  node: MutableNode,
  path: string,
  whole: boolean,
): TextBuffer {
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

export function removeProperty(slot: Slot, node: MutableNode, path: string): void {
  if (path === 'name' || path === 'tag') put(node, path, '');
  else if (hasOwn(node, path)) slot.node = without(node, path);
}

/** The node object that may be written: a copy when the present one was handed out. */
export function writableNode(slot: Slot, node: MutableNode): MutableNode {
  if (!slot.exposed) return node;
  const copy: MutableNode = { ...node };
  copy._crdt = copyEnvelope(node._crdt);
  if (slot.touched) {
    copy._crdt.updatedAt = slot.updatedAt;
    copy._crdt.lamportTime = slot.lamportTime;
    slot.touched = false;
  }
  slot.node = copy;
  slot.exposed = false;
  slot.lwwOwned = false;
  return copy;
}

/** Member by member: spreading a frozen object costs five times as much. */
function copyEnvelope(crdt: MutableEnvelope): MutableEnvelope {
  const { clock, lamportTime, createdAt, updatedAt, lww, deletedAt } = crdt;
  const copy: MutableEnvelope = { clock, lamportTime, createdAt, updatedAt, lww };
  if (deletedAt !== undefined) copy.deletedAt = deletedAt;
  return copy;
}

/** A node that was handed out is not copied for this: the next copy takes it along. */
export function touchNode(slot: Slot, updatedAt: number, lamportTime: number): void {
  if (slot.exposed) {
    slot.touched = true;
    slot.updatedAt = updatedAt;
    slot.lamportTime = lamportTime;
  } else if (slot.node !== undefined) {
    slot.node._crdt.updatedAt = updatedAt;
    slot.node._crdt.lamportTime = lamportTime;
  }
}

/** Whether the lww entry of a property is this one. */
export function hasStamp(
  node: MutableNode,
  path: string,
  client: string | undefined,
  lt: number,
): boolean {
  const { lww } = node._crdt;
  const entry = hasOwn(lww, path) ? lww[path] : undefined;
  if (entry === undefined) return client === undefined;
  return entry.lt === lt && entry.client === client;
}

/** Sets or takes away the lww entry of a property. */
export function stampProperty(
  slot: Slot,
  node: MutableNode,
  path: string,
  client: string | undefined,
  lt: number,
): void {
  const crdt = node._crdt;
  if (hasStamp(node, path, client, lt)) return;
  if (client === undefined) {
    crdt.lww = without(crdt.lww, path);
    slot.lwwOwned = true;
    return;
  }
  if (!slot.lwwOwned) {
    crdt.lww = { ...crdt.lww };
    slot.lwwOwned = true;
  }
  const stamp = { lt, client };
  put(crdt.lww, path, FREEZE ? Object.freeze(stamp) : stamp);
}

const NO_CHILDREN = Object.freeze([]) as unknown as string[];

export function emptyNode(key: string): MutableNode {
  return {
    key,
    tag: '',
    name: '',
    children: NO_CHILDREN,
    _crdt: { clock: {}, lamportTime: 0, createdAt: 0, updatedAt: 0, lww: {} },
  };
}
