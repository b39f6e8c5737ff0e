// The original's functions on text ropes. They turn positions into ids; where text goes, and what
// arrives too early or twice, is the core's to say.
import { checkString } from '../store/checks.js';
import { createItemId, idAfter, parseItemId, type TextItem } from '../store/rope_forms.js';
import {
  TextRope,
  type DeleteOp,
  type InsertOp,
  type ItemId,
  type MoveOp,
  type ReplaceOp,
} from './text_rope.js';

export * from './rope_copies.js';

/**
 * An empty text of this author. Throws TypeError.
 *
 * @example
 * const notes = rope.create('alice');
 * console.log(notes.clock);
 */
export function create(agentId: string): TextRope {
  checkString(agentId, 'agentId');
  return new TextRope(agentId);
}

// --- reading

/**
 * The visible text.
 *
 * @example
 * console.log(rope.getText(text));
 */
export function getText(rope: TextRope): string {
  return rope.toString();
}

/**
 * The length of the visible text, in UTF-16 units.
 *
 * @example
 * console.log(rope.getLength(text));
 */
export function getLength(rope: TextRope): number {
  return getText(rope).length;
}

/**
 * All runs in document order, deleted ones included.
 *
 * @example
 * for (const { id, content } of rope.getItems(text)) console.log(id, content);
 */
export function getItems(rope: TextRope): readonly TextItem[] {
  return rope.items;
}

/**
 * The place of the item that starts with this id, or -1.
 *
 * @example
 * console.log(rope.findItemById(text, 'alice:0'));
 */
export function findItemById(rope: TextRope, id: ItemId | null): number {
  return rope.items.findIndex((item) => item.id === id);
}

/** What a text consists of. */
export interface RopeStats {
  readonly itemCount: number;
  readonly charCount: number;
  readonly deletedCount: number;
  /** Characters per visible item. */
  readonly avgSpanLength: number;
}

/**
 * What the text consists of.
 *
 * @example
 * console.log(rope.getStats(text).itemCount);
 */
export function getStats(rope: TextRope): RopeStats {
  const { items } = rope;
  const visible = items.filter((item) => !item.isDeleted);
  const charCount = visible.reduce((sum, item) => sum + item.content.length, 0);
  return {
    itemCount: items.length,
    charCount,
    deletedCount: items.length - visible.length,
    avgSpanLength: visible.length === 0 ? 0 : charCount / visible.length,
  };
}

// --- inserting

/**
 * Text behind the character left of the position, in UTF-16 units; gives what the others need.
 *
 * @example
 * const op = rope.insert(text, 0, 'hello');
 * console.log(op.id);
 */
export function insert(
  rope: TextRope,
  position: number,
  content: string,
  agentId = rope.agentId,
): InsertOp {
  return insertAt(rope, content, agentId, () => idBefore(rope, position));
}

/**
 * As insert, but typing straight on hangs on the character typed last.
 *
 * @example
 * rope.insertWithSplit(text, 0, 'a');
 * rope.insertWithSplit(text, 1, 'b');
 */
export function insertWithSplit(
  rope: TextRope,
  position: number,
  content: string,
  agentId = rope.agentId,
): InsertOp {
  const op = insertAt(rope, content, agentId, () => anchorFor(rope, position));
  if (content !== '') typed(rope, op, Math.max(0, position));
  return op;
}

/**
 * Takes what somebody else typed; what is known already changes nothing.
 *
 * @example
 * const theirs = rope.create('bob');
 * rope.apply(theirs, rope.insert(text, 0, 'hello'));
 */
export function apply(rope: TextRope, op: InsertOp): void {
  if (op.value[1] === '') return;
  const { id, value, seq, ts } = op;
  rope.take(parseItemId(id)[0], [{ ot: 'text.insert', id, value, seq, ts }]);
}

export { apply as applyInsert };

// --- deleting

/**
 * Takes out what is visible there; past the end there is nothing.
 *
 * @example
 * const { rm } = rope.remove(text, 0, 3);
 * console.log(rm);
 */
export function remove(rope: TextRope, position: number, length: number): DeleteOp {
  checkPosition(position);
  checkPosition(length);
  const op: DeleteOp = { ot: 'delete', rm: idsBetween(rope, position, length) };
  applyDelete(rope, op);
  if (length > 0) rope.lastInsertId = null;
  return op;
}

/**
 * Takes out what somebody else took out.
 *
 * @example
 * rope.applyDelete(text, { ot: 'delete', rm: [['alice:0', 3]] });
 */
export function applyDelete(rope: TextRope, op: DeleteOp): void {
  if (op.rm.length > 0) rope.take(rope.agentId, [{ ot: 'text.delete', rm: op.rm }]);
}

// --- both

/**
 * Types text in the place of a range; gives what the others need.
 *
 * @example
 * const op = rope.replace(text, 0, 3, 'new');
 * console.log(op.rm, op.value);
 */
export function replace(
  rope: TextRope,
  position: number,
  deleteLength: number,
  text: string,
  agentId = rope.agentId,
): ReplaceOp {
  checkPosition(deleteLength);
  const anchor = anchorFor(rope, position);
  const { rm } = remove(rope, position, deleteLength);
  const { id, value, seq, ts } = insertAt(rope, text, agentId, () => anchor);
  const op: ReplaceOp = { ot: 'replace', rm, id, value: [value[0], text], seq, ts };
  if (text === '') rope.lastInsertId = null;
  else typed(rope, op, Math.max(0, position));
  return op;
}

/**
 * Takes what somebody else replaced.
 *
 * @example
 * rope.applyReplace(rope.create('bob'), rope.replace(text, 0, 1, 'A'));
 */
export function applyReplace(rope: TextRope, op: ReplaceOp): void {
  const { rm, id, value, seq, ts } = op;
  applyDelete(rope, { ot: 'delete', rm });
  apply(rope, { ot: 'insert', id, value, seq, ts });
}

/**
 * Takes a range out and types it anew; a target inside the range changes nothing.
 *
 * @example
 * const op = rope.move(text, 0, 3, 8);
 * console.log(op.insert.value);
 */
export function move(
  rope: TextRope,
  from: number,
  length: number,
  to: number,
  agentId = rope.agentId,
): MoveOp {
  for (const each of [from, length, to]) checkPosition(each);
  const start = Math.max(0, from);
  const text = getText(rope).slice(start, start + Math.max(0, length));
  const stays = text === '' || (to >= start && to <= start + text.length);
  const target = to > start ? to - text.length : to;
  const taken = remove(rope, start, stays ? 0 : text.length);
  const put = insertWithSplit(rope, target, stays ? '' : text, agentId);
  return { ot: 'move', delete: taken, insert: put };
}

/**
 * Takes what somebody else moved.
 *
 * @example
 * rope.applyMove(rope.create('bob'), rope.move(text, 0, 3, 8));
 */
export function applyMove(rope: TextRope, op: MoveOp): void {
  applyDelete(rope, op.delete);
  apply(rope, op.insert);
}

/**
 * Everything that `other` holds.
 *
 * @example
 * rope.merge(text, rope.create('bob'));
 */
export function merge(rope: TextRope, other: TextRope): void {
  for (const { id, anchor, content, seq, ts, isDeleted } of other.items) {
    apply(rope, { ot: 'insert', id, value: [anchor, content], seq, ts });
    if (isDeleted) applyDelete(rope, { ot: 'delete', rm: [[id, content.length]] });
  }
}

// --- positions

function insertAt(
  rope: TextRope,
  content: string,
  agentId: string,
  anchorOf: () => ItemId | null,
): InsertOp {
  checkString(content, 'content');
  checkString(agentId, 'agentId');
  rope.switchTo(agentId);
  const id = createItemId(agentId, rope.clock);
  const value = [content === '' ? null : anchorOf(), content] as const;
  const op: InsertOp = { ot: 'insert', id, value, seq: rope.maxSeq + 1, ts: Date.now() };
  apply(rope, op);
  return op;
}

function typed(rope: TextRope, op: Omit<InsertOp, 'ot'>, position: number): void {
  const { length } = op.value[1];
  rope.lastInsertId = idAfter(op.id, length - 1);
  rope.lastInsertPos = Math.min(position, getLength(rope) - length) + length;
}

/** The character typed last when the position is right behind it, else what stands before it. */
function anchorFor(rope: TextRope, position: number): ItemId | null {
  const { lastInsertId } = rope;
  const before = idBefore(rope, position);
  if (lastInsertId === null || before === lastInsertId) return before;
  return behindDeleted(rope, lastInsertId, before) ? lastInsertId : before;
}

/** Whether only deleted text lies between `before` and the deleted character `last`. */
function behindDeleted(rope: TextRope, last: ItemId, before: ItemId | null): boolean {
  const [agent, n] = parseItemId(last);
  let visible: ItemId | null = null;
  for (const { id, content, isDeleted } of rope.items) {
    const [itemAgent, first] = parseItemId(id);
    if (itemAgent === agent && n >= first && n < first + content.length)
      return isDeleted && visible === before;
    if (!isDeleted) visible = idAfter(id, content.length - 1);
  }
  return false;
}

/** The visible character left of a position: null at the start, the last one past the end. */
function idBefore(rope: TextRope, position: number): ItemId | null {
  checkPosition(position);
  if (position <= 0) return null;
  let left = position;
  let last: ItemId | null = null;
  for (const { id, content, isDeleted } of rope.items) {
    if (isDeleted) continue;
    last = idAfter(id, Math.min(left, content.length) - 1);
    left -= content.length;
    if (left <= 0) break;
  }
  return last;
}

function idsBetween(rope: TextRope, position: number, length: number): [ItemId, number][] {
  const rm: [ItemId, number][] = [];
  if (position < 0 || length <= 0) return rm;
  let at = 0;
  for (const { id, content, isDeleted } of rope.items) {
    if (isDeleted) continue;
    const from = Math.max(0, position - at);
    const to = Math.min(content.length, position + length - at);
    at += content.length;
    if (from < to) addRun(rm, idAfter(id, from), to - from);
    if (at >= position + length) break;
  }
  return rm;
}

function addRun(rm: [ItemId, number][], id: ItemId, length: number): void {
  const last = rm.at(-1);
  if (last !== undefined && idAfter(last[0], last[1]) === id) last[1] += length;
  else rm.push([id, length]);
}

function checkPosition(position: unknown): void {
  if (!Number.isSafeInteger(position))
    throw new TypeError('positions and lengths are whole numbers');
}
