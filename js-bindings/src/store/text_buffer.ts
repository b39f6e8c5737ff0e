// A text under edit: UTF-16 units with a gap where the last splice was, so that typing on costs
// what it types. The string is made when somebody reads the property.

const decoder = new TextDecoder('utf-16le', { ignoreBOM: true });
const FIRST_SIZE = 64;

export class TextBuffer {
  private units: Uint16Array;
  private gapAt = 0;
  private gapEnd: number;
  private cached: string | undefined;

  constructor(text = '') {
    this.units = new Uint16Array(Math.max(FIRST_SIZE, text.length * 2));
    this.gapEnd = this.units.length;
    for (let i = 0; i < text.length; ++i) this.units[i] = text.charCodeAt(i);
    this.gapAt = text.length;
  }

  get length(): number {
    return this.units.length - (this.gapEnd - this.gapAt);
  }

  /**
   * Takes `removed` units out at `at` and puts `inserted` ones there, read from `source` at `from`.
   */
  splice(at: number, removed: number, source: Uint16Array, from: number, inserted: number): void {
    this.cached = undefined;
    this.moveGap(at);
    this.gapEnd += removed;
    if (this.gapEnd - this.gapAt < inserted) this.grow(inserted);
    for (let i = 0; i < inserted; ++i) this.units[this.gapAt + i] = source[from + i] as number;
    this.gapAt += inserted;
  }

  clear(): void {
    this.cached = undefined;
    this.gapAt = 0;
    this.gapEnd = this.units.length;
  }

  /** The text; half a surrogate pair shows as U+FFFD. */
  toString(): string {
    if (this.cached === undefined) {
      this.moveGap(this.length);
      this.cached = decoder.decode(this.units.subarray(0, this.gapAt));
    }
    return this.cached;
  }

  private moveGap(at: number): void {
    const { units, gapAt, gapEnd } = this;
    if (at === gapAt) return;
    if (at < gapAt) {
      units.copyWithin(gapEnd - (gapAt - at), at, gapAt);
      this.gapEnd = gapEnd - (gapAt - at);
    } else {
      units.copyWithin(gapAt, gapEnd, gapEnd + (at - gapAt));
      this.gapEnd = gapEnd + (at - gapAt);
    }
    this.gapAt = at;
  }

  private grow(inserted: number): void {
    const tail = this.units.length - this.gapEnd;
    const bigger = new Uint16Array(Math.max(this.units.length * 2, this.gapAt + inserted + tail));
    bigger.set(this.units.subarray(0, this.gapAt));
    bigger.set(this.units.subarray(this.gapEnd), bigger.length - tail);
    this.gapEnd = bigger.length - tail;
    this.units = bigger;
  }
}
