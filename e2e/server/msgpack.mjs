// MessagePack for tests: what JSON can hold, and bytes as Uint8Array.

function sized(fixed, limit, code, count) {
  if (count < limit) return Buffer.from([fixed | count]);
  const head = Buffer.alloc(5);
  head[0] = code;
  head.writeUInt32BE(count, 1);
  return head;
}

function numeric(value) {
  if (Number.isInteger(value) && value >= 0 && value < 128) return Buffer.from([value]);
  const bytes = Buffer.alloc(9);
  bytes[0] = 0xcb;
  bytes.writeDoubleBE(value, 1);
  return bytes;
}

export function encode(value) {
  if (value === null || value === undefined) return Buffer.from([0xc0]);
  if (typeof value === 'boolean') return Buffer.from([value ? 0xc3 : 0xc2]);
  if (typeof value === 'number') return numeric(value);
  if (typeof value === 'string') {
    const bytes = Buffer.from(value);
    return Buffer.concat([sized(0xa0, 32, 0xdb, bytes.length), bytes]);
  }
  if (value instanceof Uint8Array) {
    return Buffer.concat([sized(0, 0, 0xc6, value.length), Buffer.from(value)]);
  }
  if (Array.isArray(value)) {
    return Buffer.concat([sized(0x90, 16, 0xdd, value.length), ...value.map(encode)]);
  }
  const entries = Object.entries(value).flat();
  return Buffer.concat([sized(0x80, 16, 0xdf, entries.length / 2), ...entries.map(encode)]);
}

const NUMBERS = {
  0xca: [4, 'readFloatBE'],
  0xcb: [8, 'readDoubleBE'],
  0xcc: [1, 'readUInt8'],
  0xcd: [2, 'readUInt16BE'],
  0xce: [4, 'readUInt32BE'],
  0xcf: [8, 'readBigUInt64BE'],
  0xd0: [1, 'readInt8'],
  0xd1: [2, 'readInt16BE'],
  0xd2: [4, 'readInt32BE'],
  0xd3: [8, 'readBigInt64BE'],
};
const LENGTHS = [
  [1, 'readUInt8'],
  [2, 'readUInt16BE'],
  [4, 'readUInt32BE'],
];

class Decoder {
  constructor(bytes) {
    this.bytes = Buffer.from(bytes);
    this.at = 0;
  }

  number([width, read]) {
    const value = Number(this.bytes[read](this.at));
    this.at += width;
    return value;
  }

  raw(length) {
    this.at += length;
    return this.bytes.subarray(this.at - length, this.at);
  }

  text(length) {
    return this.raw(length).toString('utf8');
  }

  list(count) {
    return Array.from({ length: count }, () => this.value());
  }

  map(count) {
    return Object.fromEntries(Array.from({ length: count }, () => [this.value(), this.value()]));
  }

  value() {
    const code = this.bytes[this.at];
    this.at += 1;
    if (code < 0x80) return code;
    if (code < 0x90) return this.map(code & 15);
    if (code < 0xa0) return this.list(code & 15);
    if (code < 0xc0) return this.text(code & 31);
    if (code >= 0xe0) return code - 256;
    if (code === 0xc0) return null;
    if (code === 0xc2 || code === 0xc3) return code === 0xc3;
    if (NUMBERS[code]) return this.number(NUMBERS[code]);
    if (code >= 0xc4 && code <= 0xc6)
      return new Uint8Array(this.raw(this.number(LENGTHS[code - 0xc4])));
    if (code >= 0xd9 && code <= 0xdb) return this.text(this.number(LENGTHS[code - 0xd9]));
    if (code === 0xdc || code === 0xdd) return this.list(this.number(LENGTHS[code - 0xdb]));
    if (code === 0xde || code === 0xdf) return this.map(this.number(LENGTHS[code - 0xdd]));
    throw new Error(`byte ${code} is no MessagePack of ours`);
  }
}

export function decode(bytes) {
  const decoder = new Decoder(bytes);
  const value = decoder.value();
  if (decoder.at !== decoder.bytes.length) throw new Error('bytes behind the value');
  return value;
}
