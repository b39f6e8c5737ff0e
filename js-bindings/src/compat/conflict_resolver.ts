// Picks the merge function of an operation by its name.
import { hasOwn, own, put } from '../core/records.js';
import { parseOtype } from '../store/math.js';
import { DType, type ValueWithMeta } from './dtype.js';

/** What one author wrote at one moment. */
export interface PropertyUpdate {
  readonly properties: Readonly<Record<string, unknown>>;
  /** The operation of each property; `any.set` where none is named. */
  readonly ots?: Readonly<Record<string, string>>;
  readonly lt: number;
  readonly client: string;
}

type Merge = (values: readonly ValueWithMeta[]) => unknown;

/** Names under which the original knows a function. */
const ALIASES: Readonly<Record<string, string>> = {
  'lww-per-key': 'lwwPerKey',
  merge: 'lwwPerKey',
};

function mergeOf(ot: string): Merge {
  const [dtype, operation] = parseOtype(ot);
  const family = own(DType, dtype);
  const name = dtype === 'object' ? ((own(ALIASES, operation) as string) ?? operation) : operation;
  const found = typeof family === 'object' && family !== null ? own(family, name) : undefined;
  if (typeof found === 'function') return found as Merge;
  console.warn(`vuer-rtc: ${ot} has no merge: the last writer wins`);
  return DType.any.set;
}

/**
 * Merges values by the name of their operation; where a name has no merge the last writer wins,
 * with a warning.
 *
 * @example
 * const values = [1, 2].map((value, lt) => ({ value, lt, client: 'alice' }));
 * console.log(ConflictResolver.mergeProperty('number.add', values));
 */
export const ConflictResolver = {
  /** One value out of several; undefined out of none. */
  mergeProperty(ot: string, values: readonly ValueWithMeta[]): unknown {
    if (values.length === 0) throw new RangeError('there is no value to merge');
    return values.length === 1 ? (values[0] as ValueWithMeta).value : mergeOf(ot)(values);
  },

  /** One set of properties out of several; the last `ots` entry of a property says how. */
  mergeProperties(updates: readonly PropertyUpdate[]): Record<string, unknown> {
    const values = new Map<string, ValueWithMeta[]>();
    const operations = new Map<string, string>();
    for (const { properties, ots = {}, lt, client } of updates) {
      for (const path of Object.keys(properties)) {
        const list = values.get(path) ?? [];
        list.push({ value: properties[path], lt, client });
        values.set(path, list);
        if (hasOwn(ots, path)) operations.set(path, ots[path] as string);
      }
    }
    const merged: Record<string, unknown> = {};
    for (const [path, list] of values)
      put(merged, path, ConflictResolver.mergeProperty(operations.get(path) ?? 'any.set', list));
    return merged;
  },
};
