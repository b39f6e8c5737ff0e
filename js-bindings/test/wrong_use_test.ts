// Wrong use: every case gives a typed error and leaves the store as it was, or, from the network, a
// warning and no error at all.
import { afterEach, describe, expect, it, vi } from 'vitest';
import { RtcError } from '../src/core/error.js';
import * as main from '../src/entrypoints/index.js';
import { connect } from '../src/entrypoints/provider.js';
import { createGraph } from '../src/store/create_graph.js';
import type { GraphStore } from '../src/store/graph_store.js';
import type { CRDTMessage, Operation } from '../src/store/types.js';
import { add, insert, set, storeWith } from './operations.js';
import { cyclic, refuses, sample, warnings } from './refuses.js';

afterEach(() => {
  warnings.length = 0;
  vi.restoreAllMocks();
});

describe('making a store refuses', () => {
  const options: readonly (readonly [string, unknown])[] = [
    ['nothing', undefined],
    ['null', null],
    ['a_name', 'alice'],
    ['no_client', {}],
    ['an_empty_client', { client: '' }],
    ['a_number', { client: 7 }],
    ['201_bytes', { client: 'é'.repeat(101) }],
    ['a_callback_that_is_none', { client: 'a', onSend: 'send' }],
    ['a_state_callback_that_is_none', { client: 'a', onStateChange: {} }],
    ['a_clock_that_is_none', { client: 'a', now: 5 }],
  ];
  for (const [name, value] of options)
    it(name, () => expect(() => createGraph(value as never)).toThrow(TypeError));

  const snapshots: readonly (readonly [string, object])[] = [
    ['nodes_that_are_a_list', { graph: { nodes: [1], rootKey: '' }, lt: 3 }],
    ['a_node_that_is_none', { graph: { nodes: { n: 7 }, rootKey: 'n' }, lt: 3 }],
    ['a_time_that_is_none', { graph: { nodes: { n: {} }, rootKey: 'n' }, lt: -1 }],
  ];
  for (const [name, initialSnapshot] of snapshots)
    it(`a_snapshot_with_${name}`, () =>
      expect(() => createGraph({ client: 'a', initialSnapshot: initialSnapshot as never })).toThrow(
        /bad_snapshot|TypeError|node/,
      ));

  it('bytes_that_are_no_store', () => {
    const { fromBytes } = main.GraphStore;
    expect(() => fromBytes('x' as never, { client: 'a' })).toThrow(TypeError);
    for (const bytes of [[], [0x80], [1, 2, 3], [0xdf, 255, 255, 255, 255]])
      expect(() => fromBytes(new Uint8Array(bytes), { client: 'a' })).toThrow(RtcError);
    const { from } = { from: main.GraphStore.fromServer };
    expect(() => from('a', {} as never, 'journal' as never)).toThrow(TypeError);
  });
});

describe('calls refuse', () => {
  const calls: readonly (readonly [string, (store: GraphStore) => unknown])[] = [
    ['ack_without_an_id', (store) => store.ack(undefined as never)],
    ['ack_of_a_number', (store) => store.ack(7 as never)],
    ['reject_without_an_id', (store) => store.reject(null as never)],
    ['recommit_without_an_id', (store) => store.recommit({} as never)],
    ['subscribe_without_a_function', (store) => store.subscribe('x' as never)],
    ['subscribe_nothing', (store) => store.subscribe(undefined as never)],
    ['subscribeNode_of_a_number', (store) => store.subscribeNode(7 as never, () => {})],
    ['subscribeNode_without_a_function', (store) => store.subscribeNode('n', 7 as never)],
    ['subscribePath_of_a_number', (store) => store.subscribePath('n', 7 as never, () => {})],
    ['subscribePath_without_a_function', (store) => store.subscribePath('n', 'p', null as never)],
    ['batch_without_a_function', (store) => store.batch('x' as never)],
    ['transact_without_a_function', (store) => store.transact(undefined as never)],
    ['onOutgoing_without_a_function', (store) => store.onOutgoing(1 as never)],
    ['serialize_of_a_function', () => main.serialize({ mtype: 'x', f: () => {} } as never)],
    ['hydrate_of_no_state', () => main.onEdit(null as never, add('n', 'p', 1))],
    ['an_edit_of_an_empty_state', () => main.onEdit({} as never, add('n', 'p', 1))],
    ['a_graph_that_is_none', () => main.applyMessage(7 as never, {} as never)],
    ['a_rope_without_a_name', () => main.rope.create(7 as never)],
    ['a_room_without_a_name', () => connect('ws://x', undefined as never)],
    ['a_room_without_an_address', () => connect(7 as never, 'room')],
  ];
  for (const [name, call] of calls) it(name, () => refuses(call, 'type'));

  const bytes: readonly (readonly [string, number[]])[] = [
    ['nothing', []],
    ['a_truncated_map', [0x81]],
    ['a_truncated_string', [0xa5, 0x61]],
    ['trailing_bytes', [0x80, 0x80]],
    ['a_reserved_byte', [0xc1]],
    ['a_key_that_is_a_number', [0x81, 1, 1]],
    ['a_map_longer_than_the_bytes', [0xdf, 255, 255, 255, 255]],
    ['an_array_longer_than_the_bytes', [0xdd, 255, 255, 255, 255]],
    ['bytes_that_are_no_utf8', [0xa2, 0xc3, 0x28]],
  ];
  for (const [name, frame] of bytes)
    it(`a_frame_of_${name}`, () =>
      refuses(() => main.deserialize(new Uint8Array(frame)), 'bad_frame'));

  it('a_frame_without_a_message', () => refuses(() => main.wireToMsg({}), 'bad_frame'));
});

describe('after dispose', () => {
  const calls: Readonly<Record<string, (store: GraphStore) => unknown>> = {
    edit: (store) => store.edit(add('n', 'p', 1)),
    commit: (store) => store.commit(),
    cancel: (store) => store.cancel(),
    undo: (store) => store.undo(),
    redo: (store) => store.redo(),
    canUndo: (store) => store.canUndo,
    receive: (store) => store.receive({} as never),
    ack: (store) => store.ack('a:1'),
    compact: (store) => store.compact(),
    load: (store) => store.load(undefined, []),
    getState: (store) => store.getState(),
    getNode: (store) => store.getNode('n'),
    textOf: (store) => store.textOf('n', 't'),
    toJSON: (store) => store.toJSON(),
    digest: (store) => store.digest(),
    exportBytes: (store) => store.exportBytes(),
    unacked: (store) => store.unacked(),
    subscribe: (store) => store.subscribe(() => {}),
    subscribeNode: (store) => store.subscribeNode('n', () => {}),
    subscribePath: (store) => store.subscribePath('n', 'p', () => {}),
    transact: (store) => store.transact(() => {}),
    beginUndoGroup: (store) => store.beginUndoGroup(),
  };
  for (const [name, call] of Object.entries(calls)) {
    it(`${name}_says_so`, () => {
      const store = sample();
      const state = store.getState();
      store.dispose();
      store.dispose();
      expect(() => call(store)).toThrow(/^disposed/);
      expect(state.graph.nodes['n']!['p']).toBe(6);
      expect(store.status()).toMatchObject({ disposed: true, client: 'a' });
    });
  }

  it('an_earlier_subscription_can_end', () => {
    const store = sample();
    const ends = [store.subscribe(() => {}), store.subscribeNode('n', () => {})];
    store.dispose();
    for (const end of ends) end();
  });

  it('a_listener_may_dispose', () => {
    const store = sample();
    const later = vi.fn();
    store.subscribe(() => store.dispose());
    store.subscribe(later);
    store.subscribeNode('n', later);
    store.edit(add('n', 'p', 1));
    expect(store.status().disposed).toBe(true);
  });
});

describe('junk from the network', () => {
  const message = {
    id: 'x:1',
    client: 'x',
    clock: { x: 1 },
    lt: 9,
    ts: 1,
    ops: [add('n', 'p', 1)],
  };
  const junk: readonly (readonly [string, unknown])[] = [
    ['nothing', undefined],
    ['null', null],
    ['a_number', 7],
    ['a_text', 'message'],
    ['a_list', []],
    ['an_empty_object', {}],
    ['no_id', { ...message, id: undefined }],
    ['an_empty_id', { ...message, id: '' }],
    ['a_number_as_id', { ...message, id: 7 }],
    ['a_long_id', { ...message, id: 'x'.repeat(257) }],
    ['an_empty_client', { ...message, client: '' }],
    ['a_negative_time', { ...message, lt: -1 }],
    ['half_a_time', { ...message, lt: 1.5 }],
    ['a_time_beyond_2_to_53', { ...message, lt: 2 ** 53 }],
    ['a_text_as_time', { ...message, lt: '9' }],
    ['a_clock_that_is_a_list', { ...message, clock: [1] }],
    ['a_negative_clock', { ...message, clock: { x: -1 } }],
    ['operations_that_are_none', { ...message, ops: 'ops' }],
    ['an_operation_that_is_none', { ...message, ops: [7] }],
    ['an_operation_without_a_name', { ...message, ops: [{ key: 'n' }] }],
    ['a_date_that_is_none', { ...message, ts: NaN }],
    ['a_cycle', Object.assign(cyclic(), message)],
  ];
  for (const [name, value] of junk) {
    it(`${name}_is_a_warning`, () => {
      const store = sample();
      const before = [store.digest(), store.getNode('n'), store.getState().journal.length];
      store.receive(value as CRDTMessage);
      expect([store.digest(), store.getNode('n'), store.getState().journal.length]).toEqual(before);
      expect(warnings.length).toBe(1);
      expect(warnings[0]!.code).toMatch(/^bad_message|^too_/);
      store.receive(message as CRDTMessage);
      expect(store.getNode('n')!['p']).toBe(7);
    });
  }

  it('one_bad_operation_leaves_the_others', () => {
    const store = sample();
    const ops = [{ ot: 'no.such' }, { ...add('n', 'p', 1), value: 'x' }, set('n', 'ok', 1)];
    store.receive({ ...message, ops: ops as never });
    expect(store.getNode('n')).toMatchObject({ ok: 1, p: 6 });
    expect(warnings).toEqual([]);
  });
});

describe('listeners', () => {
  it('one_that_throws_stops_nobody_and_is_heard_of', () => {
    const store = sample();
    const seen: string[] = [];
    store.subscribe(() => {
      seen.push('first');
      throw new Error('first');
    });
    store.subscribe(() => seen.push('second'));
    store.subscribeNode('n', () => {
      throw new Error('node');
    });
    expect(() => store.edit(add('n', 'p', 1))).toThrow('first');
    expect([seen, store.getNode('n')!['p']]).toEqual([['first', 'second'], 7]);
    expect(() => store.commit()).toThrow('first');
    expect(store.status()).toMatchObject({ pending: 0, unacked: 2 });
  });

  it('one_may_edit_commit_undo_and_end_itself', () => {
    const store = storeWith('a', insert('n', '', { p: 0 }));
    const seen: unknown[] = [];
    const end = store.subscribe((state) => {
      seen.push(state.graph.nodes['n']!['p']);
      if (seen.length === 1) store.edit(add('n', 'p', 10));
      if (seen.length === 2) store.commit();
      if (seen.length === 3) store.undo();
      if (seen.length === 4) end();
    });
    store.edit(add('n', 'p', 1));
    expect(seen).toEqual([1, 11, 11, 0]);
    store.edit(add('n', 'p', 5));
    expect([store.getNode('n')!['p'], seen.length]).toEqual([5, 4]);
  });

  it('a_callback_that_throws_leaves_the_message_committed', () => {
    const store = createGraph({
      client: 'a',
      onSend: () => {
        throw new Error('no network');
      },
    });
    store.edit(insert('n'));
    expect(() => store.commit()).toThrow('no network');
    expect(store.unacked().length).toBe(1);
  });

  it('a_transaction_that_throws_leaves_what_was_pending', () => {
    const store = sample();
    const failing = (): unknown =>
      store.transact(() => {
        store.edit(add('n', 'p', 100));
        throw new Error('no');
      });
    expect(failing).toThrow('no');
    expect([store.getNode('n')!['p'], store.status().pending]).toEqual([6, 1]);
  });
});

describe('odd but lawful', () => {
  for (const name of ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty']) {
    it(`${name}_is_a_key_like_any_other`, () => {
      const store = createGraph({ client: name });
      const value = JSON.parse(`{"key":${JSON.stringify(name)},"${name}":{"${name}":1}}`) as object;
      store.edit({ ot: 'node.insert', key: '', path: 'children', value } as Operation);
      store.edit(set(name, `${name}2`, 7));
      const msg = store.commit()!;
      const other = createGraph({ client: 'b' });
      other.receive(JSON.parse(JSON.stringify(msg)) as CRDTMessage);
      const node = other.getNode(name)!;
      expect(Object.keys(node)).toContain(name);
      expect(Object.getOwnPropertyDescriptor(node, name)!.value).toEqual(
        JSON.parse(`{"${name}":1}`),
      );
      expect(other.digest()).toBe(store.digest());
      expect(({} as Record<string, unknown>)[`${name}2`]).toBeUndefined();
      expect(Object.keys(other.getState().vectorClock)).toContain(name);
      expect(createGraph({ client: 'c' }).getNode(name)).toBeUndefined();
    });
  }

  it('half_a_pair_becomes_the_replacement_character', () => {
    const store = storeWith('a', insert('n', '', { s: 'x\ud800y', '\udc00': 1 }));
    expect(store.getNode('n')).toMatchObject({ s: 'x\ufffdy', '\ufffd': 1 });
    store.edit({ ot: 'text.insert', key: 'n', path: 't', position: 0, value: 'a\ud83d' });
    expect(store.textOf('n', 't')).toBe('a\ufffd');
  });

  it('a_minus_zero_is_zero_and_large_numbers_stay', () => {
    const numbers = [-0, 2 ** 53, -(2 ** 63), 5e-324, 1.7976931348623157e308];
    const store = storeWith('a', insert('n', '', { numbers }));
    expect(store.getNode('n')!['numbers']).toEqual([0, ...numbers.slice(1)]);
    store.edit({ ot: 'number.multiply', key: 'n', path: 'q', value: 1e308 });
    store.edit({ ot: 'number.multiply', key: 'n', path: 'q', value: 1e308 });
    expect(store.getNode('n')!['q']).toBe(1e308);
  });

  it('dates_speak_for_themselves_and_undefined_is_left_out', () => {
    const date = new Date(0);
    const op = { ot: 'object.set', key: 'n', path: 'o', value: { date, gone: undefined } };
    const store = storeWith('a', insert('n'), op as unknown as Operation);
    expect(store.getNode('n')!['o']).toEqual({ date: date.toISOString() });
  });

  it('what_is_handed_out_cannot_be_changed', () => {
    const store = sample();
    const { graph, journal } = store.getState();
    for (const value of [graph, graph.nodes, graph.nodes['n'], journal, journal[0]!.msg.ops[0]])
      expect(Object.isFrozen(value)).toBe(true);
    expect(() => ((graph.nodes['n'] as { tag: string }).tag = 'x')).toThrow(TypeError);
  });
});
