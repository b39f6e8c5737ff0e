// Merging values of one moment by type, as the original's state helpers do. A document is folded by
// the core; these functions are for values that are held outside of one.
import { hasOwn, isPlainObject, put } from '../core/records.js';
import { hexToRgb, multiplyQuaternions, rgbToHex, type Quat } from '../store/math.js';

/** A value and who wrote it when. */
export interface ValueWithMeta<T = unknown> {
  readonly value: T;
  readonly lt: number;
  readonly client: string;
}

type Values<T = unknown> = readonly ValueWithMeta<T>[];
type Triple = readonly [number, number, number];

function isLater(a: ValueWithMeta, b: ValueWithMeta): boolean {
  return a.lt !== b.lt ? a.lt > b.lt : a.client > b.client;
}

/** The value of the greatest (lt, client). Throws RangeError without values. */
function latest<T>(values: Values<T>): T {
  return values.reduce((best, each) => (isLater(each, best) ? each : best), firstOf(values)).value;
}

function firstOf<T>(values: Values<T>): ValueWithMeta<T> {
  const [first] = values;
  if (first === undefined) throw new RangeError('there is no value to merge');
  return first;
}

function plain<T>(values: Values<T>): T[] {
  return values.map((each) => each.value);
}

function inOrder<T>(values: Values<T>): T[] {
  return plain([...values].sort((a, b) => a.lt - b.lt));
}

function componentwise(
  values: Values<readonly number[]>,
  start: number,
  join: (a: number, b: number) => number,
): [number, number, number] {
  const at = (i: number): number =>
    values.reduce((sum, { value }) => join(sum, value[i] as number), start);
  return [at(0), at(1), at(2)];
}

const sum = (a: number, b: number): number => a + b;
const product = (a: number, b: number): number => a * b;

function extreme(values: Values<number>, wins: (a: number, b: number) => boolean): number {
  return plain(values).reduce(
    (best, each) => (wins(each, best) ? each : best),
    firstOf(values).value,
  );
}

/** The mean of each channel, halves rounded up. */
function blend(values: Values<string>): string {
  firstOf(values);
  const colors = plain(values).map((value) => hexToRgb(String(value)));
  const mean = (channel: 'r' | 'g' | 'b'): number =>
    Math.floor(colors.reduce((total, color) => total + color[channel], 0) / colors.length + 0.5);
  return rgbToHex(mean('r'), mean('g'), mean('b'));
}

function union(values: Values<readonly unknown[]>): unknown[] {
  const out: unknown[] = [];
  for (const each of plain(values).flat())
    if (!out.some((present) => deepEqual(present, each))) out.push(each);
  return out;
}

function lwwPerKey(values: Values<Readonly<Record<string, unknown>>>): Record<string, unknown> {
  const writers = new Map<string, ValueWithMeta>();
  for (const each of values) {
    for (const key of Object.keys(each.value)) {
      const writer = writers.get(key);
      const entry = { value: each.value[key], lt: each.lt, client: each.client };
      if (writer === undefined || isLater(entry, writer)) writers.set(key, entry);
    }
  }
  const out: Record<string, unknown> = {};
  for (const [key, { value }] of writers) put(out, key, value);
  return out;
}

function deepEqual(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (Array.isArray(a) && Array.isArray(b))
    return a.length === b.length && a.every((each, i) => deepEqual(each, b[i]));
  if (!isPlainObject(a) || !isPlainObject(b)) return false;
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length &&
    keys.every((key) => hasOwn(b, key) && deepEqual(a[key], b[key]))
  );
}

/**
 * Merges of values by type: `DType.<type>.<operation>(values)`. Throws RangeError out of no values
 * where there is no neutral one.
 *
 * @example
 * const values = [3, 5].map((value, lt) => ({ value, lt, client: 'alice' }));
 * console.log(DType.number.max(values));
 */
export const DType = {
  number: {
    /** The value with the greatest `lt`. */
    set: (values: Values<number>): number => latest(values),
    /** The sum. */
    add: (values: Values<number>): number => plain(values).reduce(sum, 0),
    /** The product. */
    multiply: (values: Values<number>): number => plain(values).reduce(product, 1),
    /** The smallest. */
    min: (values: Values<number>): number => extreme(values, (a, b) => a < b),
    /** The greatest. */
    max: (values: Values<number>): number => extreme(values, (a, b) => a > b),
  },
  string: {
    /** The value with the greatest `lt`. */
    set: (values: Values<string>): string => latest(values),
    /** All of them in ascending `lt`, with the separator between. */
    concat: (values: Values<string>, separator = '\n'): string => inOrder(values).join(separator),
  },
  boolean: {
    /** The value with the greatest `lt`. */
    set: (values: Values<boolean>): boolean => latest(values),
    /** Whether one is true. */
    or: (values: Values<boolean>): boolean => plain(values).some((each) => each === true),
    /** Whether all are true. */
    and: (values: Values<boolean>): boolean => plain(values).every((each) => each === true),
  },
  vector3: {
    /** The value with the greatest `lt`. */
    set: (values: Values<Triple>): Triple => latest(values),
    /** The sum, by component. */
    add: (values: Values<Triple>): Triple => componentwise(values, 0, sum),
    /** The product, by component. */
    multiply: (values: Values<Triple>): Triple => componentwise(values, 1, product),
  },
  euler: {
    /** The value with the greatest `lt`. */
    set: (values: Values<Triple>): Triple => latest(values),
    /** The sum, by component. */
    add: (values: Values<Triple>): Triple => componentwise(values, 0, sum),
  },
  quaternion: {
    /** The value with the greatest `lt`. */
    set: (values: Values<Quat>): Quat => latest(values),
    /** The product in ascending `lt`, the first leftmost. */
    multiply: (values: Values<Quat>): Quat => {
      firstOf(values);
      return inOrder(values).reduce((a, b) => multiplyQuaternions(a, b));
    },
  },
  color: {
    /** The value with the greatest `lt`. */
    set: (values: Values<string>): string => latest(values),
    /** The mean of every channel. */
    blend,
  },
  array: {
    /** The value with the greatest `lt`. */
    set: (values: Values<readonly unknown[]>): readonly unknown[] => latest(values),
    /** Every element once, in the order of first sight. */
    union,
    /** All elements in ascending `lt`. */
    append: (values: Values<readonly unknown[]>): unknown[] => inOrder(values).flat(1),
  },
  object: {
    /** The value with the greatest `lt`. */
    set: (values: Values<Readonly<Record<string, unknown>>>): Readonly<Record<string, unknown>> =>
      latest(values),
    /** Every key with the value of the greatest `lt`. */
    lwwPerKey,
  },
  ref: {
    /** The value with the greatest `lt`. */
    set: (values: Values): unknown => latest(values),
  },
  any: {
    /** The value with the greatest `lt`. */
    set: (values: Values): unknown => latest(values),
  },
  immutable: {
    /** The value with the smallest `lt`. */
    set: (values: Values): unknown =>
      values.reduce((first, each) => (each.lt < first.lt ? each : first), firstOf(values)).value,
  },
} as const;
