import { describe, expect, it } from 'vitest';
import { RtcError } from '../src/core/error.js';
import { decode } from '../src/core/reader.js';
import { encode } from '../src/core/writer.js';
import { deserialize, msgToWire, serialize, wireToMsg } from '../src/store/serdes.js';

const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

describe('msgpack', () => {
  it('msgpack_gives_back_every_json_value', () => {
    const numbers = [0, 1, 31, 127, 128, 255, 256, 65535, 65536, 2 ** 32 - 1, 2 ** 32, 2 ** 53 - 1];
    const values: unknown[] = [
      null,
      true,
      false,
      ...numbers,
      ...numbers.filter((n) => n > 0).map((n) => -n),
      -32,
      -33,
      0.1,
      1e300,
      2 ** 60,
      '',
      'x'.repeat(31),
      'x'.repeat(32),
      'x'.repeat(300),
      'y'.repeat(70_000),
      'héllo ☃ 😀',
      [],
      Array.from({ length: 20 }, (_, i) => i),
      { a: { b: [1, { c: null }] } },
      Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`k${i}`, i])),
    ];
    for (const value of values) expect(decode(encode(value))).toEqual(value);
  });

  it('numbers_travel_in_their_shortest_form', () => {
    expect(hexOf(encode(-0))).toBe('00');
    expect(hexOf(encode(200))).toBe('ccc8');
    expect(hexOf(encode(-200))).toBe('d1ff38');
    expect(hexOf(encode(2 ** 32))).toBe('cf0000000100000000');
    expect(hexOf(encode(0.5))).toBe('cb3fe0000000000000');
  });

  it('lone_surrogates_become_replacement_characters', () => {
    expect(decode(encode('a\ud800b'))).toBe('a\ufffdb');
    expect(decode(encode('\udc00'))).toBe('\ufffd');
  });

  it('undefined_members_are_skipped_as_json_does', () => {
    expect(decode(encode({ a: undefined, b: [undefined] }))).toEqual({ b: [null] });
  });

  it('keys_of_no_power_are_own_data', () => {
    const value = JSON.parse('{"__proto__": {"x": 1}, "constructor": 2}') as object;
    const back = decode(encode(value)) as object;
    expect(Object.keys(back)).toEqual(['__proto__', 'constructor']);
    expect(Object.getPrototypeOf(back)).toBe(Object.prototype);
    expect((back as { x?: number }).x).toBeUndefined();
  });

  it('what_json_cannot_hold_is_refused', () => {
    expect(() => encode(NaN)).toThrow(RtcError);
    expect(() => encode({ a: [Infinity] })).toThrow(RtcError);
    expect(() => encode(() => 1)).toThrow(TypeError);
    expect(() => encode(1n)).toThrow(TypeError);
    expect(() => encode(Symbol('s'))).toThrow(TypeError);
    expect(() => encode(new Map())).toThrow(/instance of Map/);
    const cyclic: unknown[] = [];
    cyclic.push(cyclic);
    expect(() => encode(cyclic)).toThrow(/cyclic/);
  });

  it('broken_bytes_are_refused_at_every_cut', () => {
    const bytes = encode({ a: [1, 2.5, 'text', { b: null }], c: 'x'.repeat(300) });
    for (let cut = 0; cut < bytes.length; ++cut) {
      expect(() => decode(bytes.subarray(0, cut))).toThrow(RtcError);
    }
    expect(() => decode(new Uint8Array([...bytes, 0]))).toThrow(/left behind/);
    expect(() => decode(new Uint8Array([0xdd, 0xff, 0xff, 0xff, 0xff]))).toThrow(/longer than/);
    expect(() => decode(new Uint8Array([0xc1]))).toThrow(RtcError);
  });
});

describe('serdes', () => {
  const msg = {
    id: 'a:1',
    client: 'a',
    clock: { a: 3 },
    lt: 3,
    ts: 1.25,
    ops: [
      {
        ot: 'text.insert',
        key: 'n',
        path: 't',
        value: ['a:0', 'x'],
        id: 'a:1',
        seq: 2,
        ts: 1.5,
      },
    ],
  } as const;

  it('serialize_writes_the_bytes_of_the_published_example', () => {
    const bytes = serialize(msgToWire(msg));
    expect(bytes.length).toBe(130);
    expect(hexOf(bytes)).toBe(
      '82a56d74797065a463726474a36d736786a26964a3613a31a6636c69656e74a161a5636c6f636b81' +
        'a16103a26c74' +
        '03a27473cb3ff4000000000000a36f70739187a26f74ab746578742e696e73657274a36b6579a16e' +
        'a470617468' +
        'a174a576616c756592a3613a30a178a26964a3613a31a373657102a27473cb3ff8000000000000',
    );
    expect(wireToMsg(deserialize(bytes))).toEqual(msg);
  });

  it('wireToMsg_reads_older_names_and_drops_stamps', () => {
    const wire = {
      mtype: 'broadcast',
      msg: { id: 'b:2', sessionId: 'b', lamportTime: 2, timestamp: 5, ops: [], serverSeq: 9 },
    };
    expect(wireToMsg(wire)).toEqual({ id: 'b:2', client: 'b', clock: {}, lt: 2, ts: 5, ops: [] });
  });

  it('serialize_refuses_class_instances_and_takes_bytes', () => {
    expect(() => serialize(new (class Frame {})() as never)).toThrow(TypeError);
    const frame = { mtype: 'sync', filter: new Uint8Array([1, 2]), count: 0 };
    expect(deserialize(serialize(frame))).toEqual(frame);
    expect(() => deserialize(new Uint8Array([0x81, 0x01, 0x02]))).toThrow(RtcError);
  });
});
