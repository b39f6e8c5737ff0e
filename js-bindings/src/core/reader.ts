// MessagePack into plain JavaScript values. Keys are made own properties, so `__proto__` is
// ordinary data.
import { RtcError } from './error.js';
import { FREEZE, put } from './records.js';

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const octets = new Uint8Array(8);
const doubles = new Float64Array(octets.buffer);
const singles = new Float32Array(octets.buffer);
const MAX_SHORT = 24;
const MAX_NESTING = 1024;

/**
 * Short texts as they were read last, by a hash of their bytes: names of fields, operations, nodes
 * and paths come again and again, and one string for all of them makes objects cheap to fill.
 */
const KNOWN = 1024;
const known: string[] = new Array<string>(KNOWN).fill('');

export class MsgReader {
  bytes: Uint8Array;
  at: number;
  end: number;
  /** Whether the objects and arrays it makes are to be handed out: then they are frozen. */
  handsOut = false;

  constructor(bytes: Uint8Array, at = 0, end = bytes.length) {
    this.bytes = bytes;
    this.at = at;
    this.end = end;
  }

  /** Reads other bytes from here on. */
  target(bytes: Uint8Array, at: number, end: number): void {
    this.bytes = bytes;
    this.at = at;
    this.end = end;
    this.handsOut = false;
  }

  get done(): boolean {
    return this.at >= this.end;
  }

  /** Goes over these bytes; false, and stays, where others stand. */
  step(expected: Uint8Array): boolean {
    const { bytes, at } = this;
    const { length } = expected;
    if (length > this.end - at) return false;
    for (let i = 0; i < length; ++i) if (bytes[at + i] !== expected[i]) return false;
    this.at = at + length;
    return true;
  }

  /** A text of fewer than 32 bytes that will hardly come again; undefined where there is none. */
  rareText(): string | undefined {
    const { bytes, at } = this;
    const length = (bytes[at] as number) ^ 0xa0;
    if (length > 0x1f || length >= this.end - at) return undefined;
    for (let i = at + 1; i <= at + length; ++i) if ((bytes[i] as number) > 0x7f) return undefined;
    this.at = at + 1 + length;
    return ascii(bytes, at + 1, length);
  }

  value(depth = 0): unknown {
    if (depth > MAX_NESTING) fault('nested too deeply');
    const first = this.bytes[this.take(1)] as number;
    if (first < 0x80) return first;
    if (first === 0xcb) return this.float(8);
    if (first < 0x90) return this.map(first & 0x0f, depth);
    if (first < 0xa0) return this.array(first & 0x0f, depth);
    if (first < 0xc0) return this.string(first & 0x1f);
    if (first >= 0xe0) return first - 0x100;
    return this.coded(first, depth);
  }

  private coded(first: number, depth: number): unknown {
    switch (first) {
      case 0xc0:
        return null;
      case 0xc2:
        return false;
      case 0xc3:
        return true;
      case 0xc4:
      case 0xc5:
      case 0xc6:
        return this.binary(this.unsigned(1 << (first - 0xc4)));
      case 0xca:
        return this.float(4);
      case 0xcc:
      case 0xcd:
      case 0xce:
      case 0xcf:
        return this.unsigned(1 << (first - 0xcc));
      case 0xd0:
        return (this.unsigned(1) << 24) >> 24;
      case 0xd1:
        return (this.unsigned(2) << 16) >> 16;
      case 0xd2:
        return this.unsigned(4) | 0;
      case 0xd3:
        return (this.unsigned(4) | 0) * 0x100000000 + this.unsigned(4);
      case 0xd9:
      case 0xda:
      case 0xdb:
        return this.string(this.unsigned(1 << (first - 0xd9)));
      case 0xdc:
      case 0xdd:
        return this.array(this.unsigned(2 << (first - 0xdc)), depth);
      case 0xde:
      case 0xdf:
        return this.map(this.unsigned(2 << (first - 0xde)), depth);
      default:
        return fault(`unexpected byte 0x${first.toString(16)}`);
    }
  }

  private unsigned(width: number): number {
    if (width === 8) return this.unsigned(4) * 0x100000000 + this.unsigned(4);
    const { bytes } = this;
    const at = this.take(width);
    let value = 0;
    for (let i = at; i < at + width; ++i) value = value * 0x100 + (bytes[i] as number);
    return value;
  }

  /** Octet by octet, which costs less than a DataView for every array that is read. */
  private float(width: 4 | 8): number {
    const { bytes } = this;
    const last = this.take(width) + width - 1;
    for (let i = 0; i < width; ++i) octets[i] = bytes[last - i] as number;
    return (width === 8 ? doubles : singles)[0] as number;
  }

  /** A text that is likely to be this one. */
  likeText(expected: string): unknown {
    const { bytes, at } = this;
    const { length } = expected;
    if (length > MAX_SHORT || bytes[at] !== (0xa0 | length) || length >= this.end - at)
      return this.value();
    if (!isText(expected, bytes, at + 1, length)) return this.value();
    this.at = at + 1 + length;
    return expected;
  }

  private string(length: number): string {
    const at = this.take(length);
    if (length > MAX_SHORT) return this.utf8(at, length);
    const { bytes } = this;
    let hash = length;
    for (let i = at; i < at + length; ++i) {
      const unit = bytes[i] as number;
      if (unit > 0x7f) return this.utf8(at, length);
      hash = (Math.imul(hash, 31) + unit) | 0;
    }
    const place = hash & (KNOWN - 1);
    const seen = known[place] as string;
    if (isText(seen, bytes, at, length)) return seen;
    const text = ascii(bytes, at, length);
    known[place] = text;
    return text;
  }

  private utf8(at: number, length: number): string {
    try {
      return decoder.decode(this.bytes.subarray(at, at + length));
    } catch {
      return fault('a string is not UTF-8');
    }
  }

  private binary(length: number): Uint8Array {
    const at = this.take(length);
    return this.bytes.slice(at, at + length);
  }

  private array(count: number, depth: number): unknown[] {
    if (count > this.end - this.at) fault('an array is longer than the bytes');
    const values: unknown[] = [];
    for (let i = 0; i < count; ++i) values.push(this.value(depth + 1));
    return FREEZE && this.handsOut ? (Object.freeze(values) as unknown[]) : values;
  }

  private map(count: number, depth: number): Record<string, unknown> {
    if (count * 2 > this.end - this.at) fault('a map is longer than the bytes');
    const object: Record<string, unknown> = {};
    for (let i = 0; i < count; ++i) {
      const key = this.value(depth + 1);
      if (typeof key === 'string') put(object, key, this.value(depth + 1));
      else if (key instanceof Uint8Array) put(object, decoder.decode(key), this.value(depth + 1));
      else fault('a map key is not a string');
    }
    return FREEZE && this.handsOut ? Object.freeze(object) : object;
  }

  private take(count: number): number {
    const { at } = this;
    if (count > this.end - at) fault('the bytes end early');
    this.at = at + count;
    return at;
  }
}

/** Eight letters a call: a call for each would make a chain of halves. */
function ascii(bytes: Uint8Array, at: number, length: number): string {
  let text = '';
  let i = at;
  for (const end = at + length - 7; i < end; i += 8)
    text += String.fromCharCode(
      bytes[i] as number,
      bytes[i + 1] as number,
      bytes[i + 2] as number,
      bytes[i + 3] as number,
      bytes[i + 4] as number,
      bytes[i + 5] as number,
      bytes[i + 6] as number,
      bytes[i + 7] as number,
    );
  for (; i < at + length; ++i) text += String.fromCharCode(bytes[i] as number);
  return text;
}

function isText(text: string, bytes: Uint8Array, at: number, length: number): boolean {
  if (text.length !== length) return false;
  for (let i = 0; i < length; ++i) if (text.charCodeAt(i) !== bytes[at + i]) return false;
  return true;
}

function fault(text: string): never {
  throw new RtcError('bad_frame', text);
}

/** One value; bytes behind it are an error. */
export function decode(bytes: Uint8Array): unknown {
  const reader = new MsgReader(bytes);
  const value = reader.value();
  if (!reader.done) fault('bytes are left behind the value');
  return value;
}
