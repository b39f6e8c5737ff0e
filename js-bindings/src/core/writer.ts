// MessagePack out of plain JavaScript values, written straight into where it is needed: the core's
// inbox or a buffer. Whole numbers travel in their shortest integer form, others as float64 (law,
// section 4).
import { RtcError, describe, whereOf } from './error.js';
import { isPlainObject } from './records.js';

/**
 * What JSON cannot hold is refused (`edit`), carried for the core to judge (`receive`), or bytes
 * are fine (frames).
 */
export type WriteMode = 'strict' | 'lenient' | 'binary';

/** Gives a writer at least `needed` more bytes: sets bytes, at, end. */
export type Grow = (writer: MsgWriter, needed: number) => void;

const MAX_NESTING = 200;
const MAX_SHORT = 40;
const encoder = new TextEncoder();

export class MsgWriter {
  bytes: Uint8Array;
  view: DataView;
  /** Where the next byte goes. */
  at = 0;
  start = 0;
  end = 0;
  mode: WriteMode = 'strict';
  /** The operation or message being written: named in errors. */
  subject: unknown = undefined;
  private readonly grow: Grow;

  constructor(bytes: Uint8Array, grow: Grow) {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.end = bytes.length;
    this.grow = grow;
  }

  /** Bytes written since start. */
  get length(): number {
    return this.at - this.start;
  }

  target(bytes: Uint8Array, start: number, at: number, end: number): void {
    if (bytes !== this.bytes) {
      this.bytes = bytes;
      this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    }
    this.start = start;
    this.at = at;
    this.end = end;
  }

  need(count: number): void {
    if (this.at + count > this.end) this.grow(this, count);
  }

  nil(): void {
    this.byte(0xc0);
  }

  byte(value: number): void {
    this.need(1);
    this.bytes[this.at++] = value;
  }

  map(count: number): void {
    this.head(count, 0x80, 16, 0xde);
  }

  array(count: number): void {
    this.head(count, 0x90, 16, 0xdc);
  }

  raw(bytes: Uint8Array): void {
    this.need(bytes.length);
    this.bytes.set(bytes, this.at);
    this.at += bytes.length;
  }

  number(value: number): void {
    this.need(9);
    const { bytes } = this;
    if ((value | 0) === value && value >= -32 && value < 128) {
      bytes[this.at++] = value & 0xff;
    } else if (Number.isSafeInteger(value)) {
      if (value >= 0) this.positive(value);
      else this.negative(value);
    } else {
      if (!Number.isFinite(value) && this.mode !== 'lenient')
        this.refuse(`${value} is not a JSON number`);
      bytes[this.at] = 0xcb;
      this.view.setFloat64(this.at + 1, value);
      this.at += 9;
    }
  }

  string(text: string): void {
    const { length } = text;
    if (length < 32) {
      if (this.ascii(text, length)) return;
    } else if (length <= MAX_SHORT) {
      if (this.longAscii(text, length)) return;
    }
    this.utf8(text);
  }

  /**
   * Any value of JSON; `undefined` members are skipped and stand as null in arrays, as in
   * JSON.stringify.
   */
  value(value: unknown, depth = 0): void {
    switch (typeof value) {
      case 'number':
        return this.number(value);
      case 'string':
        return this.string(value);
      case 'boolean':
        return this.byte(value ? 0xc3 : 0xc2);
      case 'undefined':
        return this.nil();
      case 'object':
        return this.object(value, depth);
      default:
        this.unusable(`a ${typeof value}`);
    }
  }

  private object(value: object | null, depth: number): void {
    if (value === null) return this.nil();
    if (depth > MAX_NESTING)
      throw new RtcError('too_deep', 'nested too deeply or cyclic', whereOf(this.subject));
    if (Array.isArray(value)) {
      this.array(value.length);
      for (let i = 0; i < value.length; ++i) this.value(value[i], depth + 1);
    } else if (isPlainObject(value)) {
      this.members(value, depth);
    } else if (this.mode !== 'strict' && value instanceof Uint8Array) {
      this.binary(value);
    } else if (typeof (value as { toJSON?: unknown }).toJSON === 'function') {
      this.value((value as { toJSON: () => unknown }).toJSON(), depth + 1);
    } else {
      this.unusable(`an instance of ${value.constructor?.name ?? 'a class'}`);
    }
  }

  private members(object: Record<string, unknown>, depth: number): void {
    const keys = Object.keys(object);
    if (keys.length < 16) return this.fewMembers(object, keys, depth);
    this.map(keys.reduce((count, key) => (object[key] === undefined ? count : count + 1), 0));
    for (const key of keys) this.member(key, object[key], depth);
  }

  /** The head is one byte: it is put right when the members were counted. */
  private fewMembers(
    object: Record<string, unknown>,
    keys: readonly string[],
    depth: number,
  ): void {
    const head = this.at - this.start;
    let count = 0;
    this.byte(0x80);
    for (const key of keys) if (this.member(key, object[key], depth)) ++count;
    this.bytes[this.start + head] = 0x80 | count;
  }

  private member(key: string, value: unknown, depth: number): boolean {
    if (value === undefined) return false;
    this.string(key);
    this.value(value, depth + 1);
    return true;
  }

  private binary(bytes: Uint8Array): void {
    const { length } = bytes;
    this.need(5);
    if (length < 0x100) {
      this.bytes[this.at++] = 0xc4;
      this.bytes[this.at++] = length;
    } else if (length < 0x10000) {
      this.bytes[this.at++] = 0xc5;
      this.view.setUint16(this.at, length);
      this.at += 2;
    } else {
      this.bytes[this.at++] = 0xc6;
      this.view.setUint32(this.at, length);
      this.at += 4;
    }
    this.raw(bytes);
  }

  /** A string of fewer than 32 units; false, and nothing written, when it is not ASCII. */
  private ascii(text: string, length: number): boolean {
    this.need(length + 1);
    const { bytes, at } = this;
    for (let i = 0; i < length; ++i) {
      const unit = text.charCodeAt(i);
      if (unit > 0x7f) return false;
      bytes[at + 1 + i] = unit;
    }
    bytes[at] = 0xa0 | length;
    this.at = at + 1 + length;
    return true;
  }

  private longAscii(text: string, length: number): boolean {
    this.need(length + 2);
    const { bytes, at } = this;
    for (let i = 0; i < length; ++i) {
      const unit = text.charCodeAt(i);
      if (unit > 0x7f) return false;
      bytes[at + 2 + i] = unit;
    }
    bytes[at] = 0xd9;
    bytes[at + 1] = length;
    this.at = at + 2 + length;
    return true;
  }

  private utf8(text: string): void {
    const length = utf8Length(text);
    this.need(length + 5);
    if (length < 32) {
      this.bytes[this.at++] = 0xa0 | length;
    } else if (length < 0x100) {
      this.bytes[this.at++] = 0xd9;
      this.bytes[this.at++] = length;
    } else if (length < 0x10000) {
      this.bytes[this.at++] = 0xda;
      this.view.setUint16(this.at, length);
      this.at += 2;
    } else {
      this.bytes[this.at++] = 0xdb;
      this.view.setUint32(this.at, length);
      this.at += 4;
    }
    encoder.encodeInto(text, this.bytes.subarray(this.at, this.at + length));
    this.at += length;
  }

  private positive(value: number): void {
    const { bytes, view } = this;
    if (value < 0x100) {
      bytes[this.at++] = 0xcc;
      bytes[this.at++] = value;
    } else if (value < 0x10000) {
      bytes[this.at] = 0xcd;
      view.setUint16(this.at + 1, value);
      this.at += 3;
    } else if (value < 0x100000000) {
      bytes[this.at] = 0xce;
      view.setUint32(this.at + 1, value);
      this.at += 5;
    } else {
      bytes[this.at] = 0xcf;
      view.setUint32(this.at + 1, Math.floor(value / 0x100000000));
      view.setUint32(this.at + 5, value >>> 0);
      this.at += 9;
    }
  }

  private negative(value: number): void {
    const { bytes, view } = this;
    if (value >= -0x80) {
      bytes[this.at++] = 0xd0;
      bytes[this.at++] = value & 0xff;
    } else if (value >= -0x8000) {
      bytes[this.at] = 0xd1;
      view.setInt16(this.at + 1, value);
      this.at += 3;
    } else if (value >= -0x80000000) {
      bytes[this.at] = 0xd2;
      view.setInt32(this.at + 1, value);
      this.at += 5;
    } else {
      bytes[this.at] = 0xd3;
      view.setBigInt64(this.at + 1, BigInt(value));
      this.at += 9;
    }
  }

  private head(count: number, fixed: number, fixedLimit: number, code16: number): void {
    this.need(5);
    if (count < fixedLimit) {
      this.bytes[this.at++] = fixed | count;
    } else if (count < 0x10000) {
      this.bytes[this.at] = code16;
      this.view.setUint16(this.at + 1, count);
      this.at += 3;
    } else {
      this.bytes[this.at] = code16 + 1;
      this.view.setUint32(this.at + 1, count);
      this.at += 5;
    }
  }

  private refuse(text: string): never {
    throw new RtcError('bad_operation', text, whereOf(this.subject));
  }

  private unusable(what: string): void {
    if (this.mode !== 'lenient')
      throw new TypeError(`${what} cannot be a value${describe(whereOf(this.subject))}`);
    this.need(3); // an extension value: the core takes the op as malformed and ignores it
    this.bytes[this.at++] = 0xd4;
    this.bytes[this.at++] = 0;
    this.bytes[this.at++] = 0;
  }
}

/**
 * Bytes of the text in UTF-8; a lone surrogate counts as U+FFFD, which is what TextEncoder writes.
 */
function utf8Length(text: string): number {
  let bytes = 0;
  for (let i = 0; i < text.length; ++i) {
    const unit = text.charCodeAt(i);
    if (unit < 0x80) bytes += 1;
    else if (unit < 0x800) bytes += 2;
    else if (unit >= 0xd800 && unit < 0xdc00 && isLow(text.charCodeAt(i + 1))) {
      bytes += 4;
      ++i;
    } else bytes += 3;
  }
  return bytes;
}

function isLow(unit: number): boolean {
  return unit >= 0xdc00 && unit < 0xe000;
}

function growBuffer(writer: MsgWriter, needed: number): void {
  const bigger = new Uint8Array(Math.max(writer.bytes.length * 2, writer.at + needed));
  bigger.set(writer.bytes.subarray(0, writer.at));
  writer.target(bigger, writer.start, writer.at, bigger.length);
}

const scratch = new MsgWriter(new Uint8Array(1024), growBuffer);

/** A writer at the start of a buffer that the next caller uses again. */
export function scratchWriter(mode: WriteMode): MsgWriter {
  scratch.target(scratch.bytes, 0, 0, scratch.bytes.length);
  scratch.mode = mode;
  scratch.subject = undefined;
  return scratch;
}

/** One value as MessagePack in a buffer of its own. */
export function encode(value: unknown, mode: WriteMode = 'binary'): Uint8Array {
  const writer = scratchWriter(mode);
  writer.value(value);
  return writer.bytes.slice(0, writer.at);
}
