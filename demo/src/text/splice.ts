// The difference of two texts as one splice, and where a position or a splice lies after another
// splice. This is all that is needed to keep a caret in place while others type.
export interface Splice {
  readonly at: number;
  readonly removed: number;
  readonly inserted: string;
}

/** `caret`: the end of what was typed, which decides among equal letters. */
export function difference(
  before: string,
  after: string,
  caret = after.length,
): Splice | undefined {
  if (before === after) return undefined;
  const most = Math.min(before.length, after.length);
  const lastKept = Math.min(most, after.length - Math.min(caret, after.length));
  let suffix = sameAtEnd(before, after, 0, lastKept);
  let prefix = 0;
  while (prefix < most - suffix && before[prefix] === after[prefix]) ++prefix;
  suffix = sameAtEnd(before, after, suffix, most - prefix);
  if (prefix > 0 && isHighHalf(before.charCodeAt(prefix - 1))) --prefix;
  if (suffix > 0 && isLowHalf(before.charCodeAt(before.length - suffix))) --suffix;
  return {
    at: prefix,
    removed: before.length - prefix - suffix,
    inserted: after.slice(prefix, after.length - suffix),
  };
}

function sameAtEnd(before: string, after: string, from: number, to: number): number {
  let same = from;
  while (same < to && before.at(-1 - same) === after.at(-1 - same)) ++same;
  return same;
}

/** A character beyond the first 65,536 is two code units, which stay together. */
function isHighHalf(unit: number): boolean {
  return unit >= 0xd800 && unit < 0xdc00;
}

function isLowHalf(unit: number): boolean {
  return unit >= 0xdc00 && unit < 0xe000;
}

/** Where a position lies after a splice; `after`: behind what was put in just there. */
export function shiftPosition(position: number, { at, removed, inserted }: Splice, after = false) {
  if (position < at || (position === at && !after)) return position;
  if (position >= at + removed) return position - removed + inserted.length;
  return after ? at + inserted.length : at;
}

/** The same splice on a text that `other` has changed meanwhile. */
export function shiftSplice(splice: Splice, other: Splice): Splice {
  const at = shiftPosition(splice.at, other, splice.removed > 0);
  const end = shiftPosition(splice.at + splice.removed, other);
  return { at, removed: Math.max(0, end - at), inserted: splice.inserted };
}
