// Listeners: called in the order they came; one that throws does not stop the others, its error is
// thrown after the round; unsubscribing is idempotent and takes effect at the next round at the
// latest.
import { checkFunction } from './checks.js';

interface Subscription<A extends unknown[]> {
  readonly call: (...args: A) => void;
  active: boolean;
}

export class Listeners<A extends unknown[]> {
  private list: Subscription<A>[] = [];

  get size(): number {
    return this.list.length;
  }

  add(call: (...args: A) => void): () => void {
    checkFunction(call, 'a listener');
    const subscription: Subscription<A> = { call, active: true };
    this.list = [...this.list, subscription];
    return () => {
      if (!subscription.active) return;
      subscription.active = false;
      this.list = this.list.filter((other) => other !== subscription);
    };
  }

  /** Calls all; the errors go to `faults`. */
  call(faults: unknown[], ...args: A): void {
    for (const subscription of this.list) {
      if (subscription.active) attempt(() => subscription.call(...args), faults);
    }
  }
}

/** Calls it; what it throws goes to `faults`. */
export function attempt(call: () => void, faults: unknown[]): void {
  try {
    call();
  } catch (fault) {
    faults.push(fault);
  }
}

/** Throws the first of the errors, if there is one. */
export function rethrow(faults: readonly unknown[]): void {
  if (faults.length > 0) throw faults[0];
}
