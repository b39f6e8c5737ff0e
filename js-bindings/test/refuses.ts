// What a refusal is: a typed error, and a store as it was.
import { expect, vi } from 'vitest';
import { RtcError } from '../src/core/error.js';
import { createGraph } from '../src/store/create_graph.js';
import type { GraphStore } from '../src/store/graph_store.js';
import type { RtcWarning } from '../src/store/types.js';
import { add, insert } from './operations.js';

export const warnings: RtcWarning[] = [];

export function sample(): GraphStore {
  const store = createGraph({
    client: 'a',
    now: () => 1,
    onWarning: (each) => warnings.push(each),
  });
  store.edit(insert('n', '', { p: 1, t: 'x' }));
  store.commit();
  store.edit(add('n', 'p', 5));
  return store;
}

/** Throws what it should, and nothing else happens. */
export function refuses(
  act: (store: GraphStore) => unknown,
  error: 'type' | 'range' | string,
): void {
  const store = sample();
  const rounds = vi.fn();
  store.subscribe(rounds);
  const before = [store.getState(), store.digest(), store.status().pending];
  let fault: unknown;
  try {
    act(store);
  } catch (thrown) {
    fault = thrown;
  }
  if (error === 'type') expect(fault).toBeInstanceOf(TypeError);
  else if (error === 'range') expect(fault).toBeInstanceOf(RangeError);
  else {
    expect(fault).toBeInstanceOf(RtcError);
    expect((fault as RtcError).code).toBe(error);
  }
  expect((fault as Error).message.length).toBeGreaterThan(8);
  expect([store.getState(), store.digest(), store.status().pending]).toEqual(before);
  expect(store.getState()).toBe(before[0]);
  expect(rounds).not.toHaveBeenCalled();
  expect(store.commit()!.ops.length).toBe(1);
}

export function cyclic(): object {
  const value: { self?: unknown } = {};
  value.self = value;
  return value;
}
