// Copies of text ropes, their stored forms, and the ids of their characters.
import {
  createItemId,
  isRopeForm,
  parseItemId,
  rawItemsOf,
  ropeAgent,
  ropeItems,
  type RawTextRope,
} from '../store/rope_forms.js';
import { TextRope, type ItemId } from './text_rope.js';

/**
 * A copy of its own, deleted text included.
 *
 * @example
 * const copy = rope.snapshot(text);
 * console.log(copy !== text);
 */
export function snapshot(rope: TextRope): TextRope {
  return new TextRope(rope.agentId, rope.items);
}

/**
 * A copy with the fewest items. Deleted text stays as ids: somebody may still type behind it.
 *
 * @example
 * console.log(rope.getItems(rope.compact(text)).length);
 */
export function compact(rope: TextRope): TextRope {
  return snapshot(rope);
}

/**
 * The raw form: visible text only.
 *
 * @example
 * const stored = JSON.stringify(rope.toRaw(text));
 * console.log(stored.length);
 */
export function toRaw(rope: TextRope): RawTextRope {
  return [rope.agentId, rope.clock, rope.maxSeq, rawItemsOf(rope.items)];
}

/**
 * A text out of its raw form, with this author from now on.
 *
 * @example
 * const mine = rope.fromRaw(rope.toRaw(text), 'carol');
 * console.log(mine.agentId);
 */
export function fromRaw(raw: RawTextRope, newAgentId?: string): TextRope {
  if (!Array.isArray(raw)) throw new TypeError('a raw rope is [agentId, clock, maxSeq, items]');
  return restored({ raw }, newAgentId, raw[1] as number);
}

/**
 * A copy of a text, with this author from now on.
 *
 * @example
 * const mine = rope.fromSnapshot(rope.snapshot(text), 'carol');
 * console.log(mine.clock);
 */
export function fromSnapshot(snap: TextRope, newAgentId?: string): TextRope {
  const rope = new TextRope(newAgentId ?? snap.agentId, snap.items);
  if (newAgentId === undefined) rope.clock = Math.max(rope.clock, snap.clock);
  return rope;
}

/**
 * Whether hydrateRope can read it.
 *
 * @example
 * console.log(rope.isSerializedRope({ _textRope: true, raw: rope.toRaw(text) }));
 */
export function isSerializedRope(value: unknown): boolean {
  return isRopeForm(value);
}

/**
 * A rope out of any stored form; a TextRope as it is. Throws RangeError on anything else.
 *
 * @example
 * const again = rope.hydrateRope({ _textRope: true, raw: rope.toRaw(text) });
 * console.log(rope.getText(again));
 */
export function hydrateRope(value: unknown): TextRope {
  if (value instanceof TextRope) return value;
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new RangeError('a rope is a TextRope, {_textRope, raw} or {_tree}');
  const { raw, clock } = value as { raw?: readonly unknown[]; clock?: unknown };
  return restored(value, undefined, Array.isArray(raw) ? raw[1] : clock);
}

function restored(form: object, newAgentId: string | undefined, clock: unknown): TextRope {
  const rope = new TextRope(newAgentId ?? ropeAgent(form), ropeItems(form));
  if (newAgentId === undefined && typeof clock === 'number')
    rope.clock = Math.max(rope.clock, clock);
  return rope;
}

// --- ids

/**
 * Whether two ids are the same.
 *
 * @example
 * console.log(rope.itemIdEquals('alice:1', null));
 */
export function itemIdEquals(a: ItemId | null, b: ItemId | null): boolean {
  return a === b;
}

/**
 * The order of two ids as plain strings.
 *
 * @example
 * console.log(rope.itemIdCompare('alice:1', 'bob:1'));
 */
export function itemIdCompare(a: ItemId, b: ItemId): -1 | 0 | 1 {
  return a === b ? 0 : a < b ? -1 : 1;
}

export { createItemId, parseItemId };
