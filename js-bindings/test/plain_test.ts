import { describe, expect, it } from 'vitest';
import { decodeFrame, encodeFrame } from '../src/core/plain_message.js';
import { decode } from '../src/core/reader.js';
import { encode } from '../src/core/writer.js';
import { createGraph } from '../src/store/create_graph.js';
import { msgToWire, serialize } from '../src/store/serdes.js';
import type { CRDTMessage, RtcWarning } from '../src/store/types.js';
import { insert, set, storeWith } from './operations.js';

const plain = {
  id: 'a:1',
  client: 'a',
  clock: { a: 1 },
  lt: 1,
  ts: 1.7e12,
  ops: [{ ot: 'vector3.set', key: 'n', path: 'p', value: [1, -2.5, 2 ** 53 - 1] }],
};
const MESSAGES: readonly object[] = [
  plain,
  { ...plain, serverSeq: 3, stable: -1 },
  { ...plain, stable: 5 },
  { ...plain, id: 'x'.repeat(40) },
  { ...plain, id: 'é:1', client: 'é', clock: { é: 1 } },
  { ...plain, client: '__proto__', clock: JSON.parse('{"__proto__": 1}') as object },
  { ...plain, clock: { a: 1, b: 2 } },
  { ...plain, ops: [] },
  { ...plain, ops: Array.from({ length: 20 }, () => plain.ops[0]) },
  { ...plain, ops: [{ ot: 'text.insert', key: 'n', path: 't', position: 0, value: 'x' }] },
  { ...plain, ops: 'none' },
  { ...plain, more: true },
  { id: 'a:1', ops: [], client: 'a' },
];

describe('plain messages', () => {
  it('every_frame_reads_as_by_the_long_way', () => {
    for (const msg of MESSAGES) {
      for (const frame of [{ mtype: 'broadcast', msg }, { mtype: 'crdt', msg, more: 1 }, { msg }]) {
        const bytes = encode(frame);
        expect(decodeFrame(bytes)).toEqual(decode(bytes));
        expect(Object.keys(decodeFrame(bytes) as object)).toEqual(Object.keys(frame));
      }
    }
  });

  it('cut_frames_are_refused', () => {
    const bytes = encode({ mtype: 'broadcast', msg: plain });
    for (let length = 0; length < bytes.length; ++length)
      expect(() => decodeFrame(bytes.subarray(0, length))).toThrow(/bytes/);
  });

  it('the_message_committed_last_is_sent_as_the_core_wrote_it', () => {
    const store = storeWith('a', insert('n', '', { p: 1 }));
    store.edit(set('n', 'p', 0.5));
    const msg = store.commit() as CRDTMessage;
    const expected = encode({ mtype: 'crdt', msg });
    expect(serialize(msgToWire(msg))).toEqual(expected);
    expect(encodeFrame({ mtype: 'crdt', msg: { ...msg, lt: 9 } })).toEqual(
      encode({ mtype: 'crdt', msg: { ...msg, lt: 9 } }),
    );
    expect(encodeFrame({ mtype: 'crdt', msg: { ...msg, serverSeq: 1 } })).toEqual(
      encode({ mtype: 'crdt', msg: { ...msg, serverSeq: 1 } }),
    );
  });

  it('a_store_takes_bytes_and_frames_as_it_takes_objects', () => {
    const messages: CRDTMessage[] = [];
    const author = createGraph({ client: 'a', onSend: (msg) => messages.push(msg) });
    author.edit(insert('n', '', { p: 1 }));
    author.commit();
    for (let i = 0; i < 5; ++i) {
      author.edit(set('n', 'p', i));
      author.commit();
    }
    const [objects, bytes, frames] = ['o', 'b', 'f'].map((client) => createGraph({ client }));
    for (const msg of [...messages, messages[2] as CRDTMessage]) {
      objects!.receive(msg);
      bytes!.receive(encode(msg));
      frames!.receive(serialize(msgToWire(msg)));
    }
    const { journal } = objects!.getState();
    expect(journal.length).toBe(6);
    for (const store of [bytes!, frames!]) {
      expect(store.digest()).toBe(author.digest());
      expect(store.getState().journal).toEqual(journal);
      expect(store.getNode('n')!['p']).toBe(4);
    }
  });

  it('bytes_that_are_no_message_are_refused_with_a_warning', () => {
    const warnings: RtcWarning[] = [];
    const store = createGraph({ client: 'a', onWarning: (warning) => warnings.push(warning) });
    const bad = encode({ ...plain, lt: -1 });
    for (const bytes of [new Uint8Array(0), Uint8Array.of(0xc1), encode({ mtype: 'ack' }), bad])
      store.receive(bytes);
    expect(warnings.length).toBe(4);
    expect(warnings.map((warning) => warning.msgId)).toEqual(['', '', '', 'a:1']);
    expect(store.getState().journal).toEqual([]);
  });

  it('a_commit_that_shows_nothing_new_keeps_the_value_and_is_not_told', () => {
    const store = storeWith('a', insert('n', '', { p: [0, 0, 0] }));
    let heard = 0;
    store.subscribePath('n', 'p', () => ++heard);
    store.edit({ ot: 'vector3.set', key: 'n', path: 'p', value: [1, 2, 3] });
    const before = store.getNode('n')!;
    const { lamportTime } = before._crdt;
    store.commit();
    const after = store.getNode('n')!;
    expect(after['p']).toBe(before['p']);
    expect(after._crdt.lamportTime).toBe(lamportTime + 1);
    expect(before._crdt.lamportTime).toBe(lamportTime);
    expect(heard).toBe(1);
  });
});
