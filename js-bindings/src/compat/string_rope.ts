// A string that is changed in place.
/**
 * A string that is changed in place.
 *
 * @example
 * const word = new StringRope('cat');
 * word.insert(3, 's');
 * console.log(word.toString());
 */
export class StringRope {
  private text: string;

  constructor(value = '') {
    this.text = value;
  }

  /** A rope with this text. */
  static fromString(value: string): StringRope {
    return new StringRope(value);
  }

  /** Whether it is one. */
  static isStringRope(value: unknown): value is StringRope {
    return value instanceof StringRope;
  }

  get length(): number {
    return this.text.length;
  }

  /** Throws RangeError outside 0..length. */
  insert(position: number, text: string): void {
    if (text === '') return;
    this.check(position, this.length);
    this.text = this.text.slice(0, position) + text + this.text.slice(position);
  }

  /** Past the end there is nothing to delete; throws RangeError when it starts there. */
  delete(position: number, length: number): void {
    if (length <= 0) return;
    this.check(position, this.length - 1);
    this.text = this.text.slice(0, position) + this.text.slice(position + length);
  }

  /** A part of the text, as String.slice. */
  slice(start: number, end?: number): string {
    return this.text.slice(start, end);
  }

  /** '' outside the text. */
  charAt(position: number): string {
    return this.text.charAt(position);
  }

  /** The text. */
  toString(): string {
    return this.text;
  }

  /** The text. */
  toJSON(): string {
    return this.text;
  }

  private check(position: number, highest: number): void {
    if (!Number.isInteger(position) || position < 0 || position > highest)
      throw new RangeError(`position ${position} is outside 0..${highest}`);
  }
}
