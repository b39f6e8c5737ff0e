// Edits that interface code makes: a value set by its type, a text changed where it differs.
import type { Json } from '../generated/operations.js';
import type { GraphStore } from './graph_store.js';
import type { Operation } from './types.js';

/**
 * The set of the family that a value belongs to.
 *
 * @example
 * store.edit(setOperation('box', 'position', [1, 2, 3]));
 */
export function setOperation(key: string, path: string, value: Json): Operation {
  return { ot: `${familyOf(value)}.set`, key, path, value } as Operation;
}

function familyOf(value: Json): string {
  if (Array.isArray(value)) {
    const numbers = value.every((each) => typeof each === 'number');
    if (numbers && value.length === 3) return 'vector3';
    return numbers && value.length === 4 ? 'quaternion' : 'array';
  }
  if (typeof value === 'number' || typeof value === 'boolean') return typeof value;
  return typeof value === 'object' && value !== null ? 'object' : 'string';
}

/** What makes `after` out of `before`: one range and what stands there instead. */
export interface TextChange {
  readonly position: number;
  readonly length: number;
  readonly value: string;
}

/**
 * The smallest one range that differs; undefined when none does.
 *
 * @example
 * const change = textChange('good day', 'good morning');
 * console.log(change?.position, change?.value);
 */
export function textChange(before: string, after: string): TextChange | undefined {
  if (before === after) return undefined;
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before[start] === after[start]) ++start;
  if (isHigh(before, start - 1)) --start;
  let end = 0;
  while (end < shorter - start && before.at(-1 - end) === after.at(-1 - end)) ++end;
  if (isLow(before, before.length - end)) --end;
  const position = start;
  return {
    position,
    length: before.length - end - start,
    value: after.slice(start, after.length - end),
  };
}

/** Where a position stands after a change somewhere in the text. */
export function movedBy(at: number, { position, length, value }: TextChange): number {
  if (at <= position) return at;
  return at >= position + length ? at + value.length - length : position + value.length;
}

/**
 * Commits changes of a text as one message; a plain string becomes a text with it. Positions are
 * those before the first change, in ascending order.
 */
export function changeText(
  store: GraphStore,
  key: string,
  path: string,
  ...changes: readonly TextChange[]
): void {
  store.transact(() => {
    if (!store.isText(key, path)) {
      const before = store.textOf(key, path);
      if (before !== '') store.edit({ ot: 'text.insert', key, path, position: 0, value: before });
    }
    for (const change of [...changes].reverse())
      store.edit({ ot: 'text.replace', key, path, ...change });
  });
}

/** Commits the difference between the text and `after`. */
export function replaceText(store: GraphStore, key: string, path: string, after: string): void {
  const change = textChange(store.textOf(key, path), after);
  if (change !== undefined) changeText(store, key, path, change);
}

/** A pair is one character: half of it is no place to cut. */
function isHigh(text: string, at: number): boolean {
  return (text.charCodeAt(at) & 0xfc00) === 0xd800;
}

function isLow(text: string, at: number): boolean {
  return (text.charCodeAt(at) & 0xfc00) === 0xdc00;
}
