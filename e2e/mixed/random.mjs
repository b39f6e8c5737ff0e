// Random numbers that a seed repeats, in Node and in pages (mulberry32).
export class Random {
  constructor(seed) {
    this.state = seed >>> 0;
  }

  /** 0 .. 1, exclusive. */
  next() {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), this.state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  }

  below(count) {
    return Math.floor(this.next() * count);
  }

  percent(chance) {
    return this.below(100) < chance;
  }

  pick(list) {
    return list[this.below(list.length)];
  }

  /** -9 .. 9 with two digits. */
  number() {
    return (this.below(1801) - 900) / 100;
  }
}
