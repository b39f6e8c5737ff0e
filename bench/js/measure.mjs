// Timing: some rounds, each cut off at a limit, and the median of them.
const now = () => performance.now();

/** Runs step(0), step(1), ... up to `count` or for `seconds`: how many were done, and how long. */
export function loop(count, seconds, step) {
  const start = now();
  let done = 0;
  let elapsed = 0;
  for (let chunk = 1; done < count && elapsed < seconds * 1000; chunk = Math.min(2 * chunk, 1024)) {
    for (const end = Math.min(done + chunk, count); done < end; ++done) step(done);
    elapsed = now() - start;
  }
  return { done, seconds: elapsed / 1000 };
}

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

export class Bench {
  /** At most `rounds` rounds of at most `seconds`; none begins after three times as long. */
  constructor({ rounds, seconds }) {
    this.rounds = rounds;
    this.seconds = seconds;
  }

  /** Calls round() as often as there is time for. */
  repeat(round) {
    const start = now();
    const runs = [];
    do runs.push(round());
    while (runs.length < this.rounds && now() - start < 3000 * this.seconds);
    return runs;
  }

  /**
   * Millions of steps a second. prepare() is not counted; it gives the step, what to do in the end
   * (with the number of steps done), and how many steps are ready where time was short.
   */
  rate(count, prepare) {
    let part = 1;
    const runs = this.repeat(() => {
      const { step, after, ready = count } = prepare();
      const { done, seconds } = loop(ready, this.seconds, step);
      part = Math.min(part, done / count);
      after?.(done);
      return done / seconds / 1e6;
    });
    return { value: median(runs), runs, part };
  }

  /** Milliseconds of one call; prepare() gives it. */
  time(prepare) {
    const runs = this.repeat(() => {
      const { call, after } = prepare();
      const start = now();
      call();
      const taken = now() - start;
      after?.();
      return taken;
    });
    return { value: median(runs), runs, part: 1 };
  }

  /** What prepares a workload, as far as two rounds' time goes: make(0), make(1), ... */
  collect(count, make) {
    const out = [];
    loop(count, 2 * this.seconds, (i) => out.push(make(i)));
    return out;
  }
}

/** A figure that is counted, not timed. */
export const counted = (value) => ({ value, runs: [value], part: 1 });

export function check(is, what) {
  if (!is) throw new Error(`wrong result: ${what}`);
}
