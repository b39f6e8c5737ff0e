// Vector clocks as values.
import { hasOwn, put } from '../core/records.js';
import type { VectorClock } from './types.js';

function entry(clock: VectorClock, client: string): number {
  return hasOwn(clock, client) ? (clock[client] as number) : 0;
}

export const VectorClockManager = {
  create(client: string): VectorClock {
    const clock: VectorClock = {};
    put(clock, client, 0);
    return clock;
  },

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

  areConcurrent(a: VectorClock, b: VectorClock): boolean {
    return VectorClockManager.compare(a, b) === 0;
  },
} as const;
