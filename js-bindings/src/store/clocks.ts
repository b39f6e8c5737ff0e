// Vector clocks as values.
import { hasOwn, put } from '../core/records.js';
import type { VectorClock } from './types.js';

function entry(clock: VectorClock, client: string): number {
  return hasOwn(clock, client) ? (clock[client] as number) : 0;
}

/**
 * Functions on vector clocks; a missing client counts as 0, and no clock is changed.
 *
 * @example
 * const clock = VectorClockManager.increment(VectorClockManager.create('a'), 'a');
 * console.log(VectorClockManager.compare(clock, { b: 1 }));
 */
export const VectorClockManager = {
  /** A clock in which this client has done nothing. */
  create(client: string): VectorClock {
    const clock: VectorClock = {};
    put(clock, client, 0);
    return clock;
  },

  /** The clock after one more message of this client. */
  increment(clock: VectorClock, client: string): VectorClock {
    const next = { ...clock };
    put(next, client, entry(clock, client) + 1);
    return next;
  },

  /** Entry-wise maximum. */
  merge(a: VectorClock, b: VectorClock): VectorClock {
    const merged = { ...a };
    for (const client of Object.keys(b))
      put(merged, client, Math.max(entry(a, client), entry(b, client)));
    return merged;
  },

  /** 1: a is ahead somewhere and behind nowhere; -1: the reverse; 0: equal or concurrent. */
  compare(a: VectorClock, b: VectorClock): -1 | 0 | 1 {
    let ahead = false;
    let behind = false;
    for (const client of new Set([...Object.keys(a), ...Object.keys(b)])) {
      const difference = entry(a, client) - entry(b, client);
      if (difference > 0) ahead = true;
      else if (difference < 0) behind = true;
    }
    if (ahead === behind) return 0;
    return ahead ? 1 : -1;
  },

  /** Whether neither is ahead; true for equal clocks. */
  areConcurrent(a: VectorClock, b: VectorClock): boolean {
    return VectorClockManager.compare(a, b) === 0;
  },
} as const;
