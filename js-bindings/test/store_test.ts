import { describe, expect, it, vi } from 'vitest';
import { RtcError } from '../src/core/error.js';
import { createGraph } from '../src/store/create_graph.js';
import { GraphStore } from '../src/store/graph_store.js';
import type { CRDTMessage, Operation, RtcWarning } from '../src/store/types.js';

const insert = (key: string, parent = '', props: object = {}): Operation =>
  ({ ot: 'node.insert', key: parent, path: 'children', value: { key, ...props } }) as Operation;
const set = (key: string, path: string, value: number): Operation => ({
  ot: 'number.set',
  key,
  path,
  value,
});
const add = (key: string, path: string, value: number): Operation => ({
  ot: 'number.add',
  key,
  path,
  value,
});

function storeWith(client: string, ...ops: Operation[]): GraphStore {
  const store = createGraph({ client, now: () => 10 });
  for (const op of ops) store.edit(op);
  store.commit();
  return store;
}

describe('editing', () => {
  it('an_edit_is_seen_at_once_and_sent_at_commit', () => {
    const sent: CRDTMessage[] = [];
    const store = createGraph({ client: 'a', now: () => 5, onSend: (msg) => sent.push(msg) });
    store.edit(insert('n', '', { tag: 'T', name: 'N', p: 1 }));
    expect(store.getNode('n')).toMatchObject({ key: 'n', tag: 'T', name: 'N', p: 1, children: [] });
    expect(sent).toEqual([]);
    const msg = store.commit('a description');
    expect(sent).toEqual([msg]);
    expect(msg).toEqual({
      id: 'a:1',
      client: 'a',
      clock: { a: 1 },
      lt: 1,
      ts: 5,
      ops: [insert('n', '', { tag: 'T', name: 'N', p: 1 })],
    });
    expect(store.getState().graph.rootKey).toBe('n');
    expect(store.getState().vectorClock).toEqual({ a: 1 });
    expect(store.commit()).toBeNull();
  });

  it('nodes_have_the_published_shape', () => {
    const store = storeWith('a', insert('n', '', { tag: 'T', p: 1 }), set('n', 'p', 2));
    expect(store.getNode('n')).toEqual({
      key: 'n',
      tag: 'T',
      name: '',
      children: [],
      p: 2,
      _crdt: {
        clock: { a: 1 },
        lamportTime: 1,
        createdAt: 10,
        updatedAt: 10,
        lww: { p: { lt: 1, client: 'a' } },
      },
    });
    store.edit({ ot: 'node.remove', key: '', path: 'children', value: 'n' });
    expect(store.getNode('n')!._crdt.deletedAt).toBe(10);
  });

  it('cancel_takes_the_edits_back_and_keeps_what_arrived', () => {
    const store = storeWith('a', insert('n', '', { p: 1 }));
    const other = storeWith('b', insert('m'));
    store.edit(set('n', 'p', 7));
    store.receive(other.getState().journal[0]!.msg);
    expect(store.getState().edits.ops).toEqual([set('n', 'p', 7)]);
    expect(store.getState().edits.baseGraph!.nodes['n']!['p']).toBe(1);
    store.cancel();
    expect(store.getNode('n')!['p']).toBe(1);
    expect(store.getNode('m')).toBeDefined();
    expect(store.getState().edits).toEqual({ ops: [], baseGraph: null, startGraph: null });
  });

  it('dragging_leaves_one_operation', () => {
    const store = storeWith('a', insert('n', '', { p: [0, 0, 0] }));
    for (let i = 0; i < 3; ++i) {
      store.edit({ ot: 'vector3.add', key: 'n', path: 'p', value: [0.1, 0, 0] });
    }
    expect(store.commit()!.ops).toEqual([
      { ot: 'vector3.add', key: 'n', path: 'p', value: [0.30000000000000004, 0, 0] },
    ]);
    expect(store.getNode('n')!['p']).toEqual([0.30000000000000004, 0, 0]);
  });

  it('operations_are_copied_on_entry', () => {
    const store = storeWith('a', insert('n'));
    const op = { ot: 'array.set', key: 'n', path: 'p', value: [1] } as const;
    store.edit(op);
    (op.value as unknown as number[]).push(2);
    expect(store.commit()!.ops).toEqual([{ ot: 'array.set', key: 'n', path: 'p', value: [1] }]);
    expect(store.getNode('n')!['p']).toEqual([1]);
  });

  it('keys_and_paths_without_power_are_data', () => {
    const store = storeWith('a', insert('__proto__', '', {}), set('__proto__', '__proto__', 3));
    store.edit(set('__proto__', 'constructor', 4));
    const { nodes } = store.getState().graph;
    expect(Object.keys(nodes)).toEqual(['__proto__']);
    const node = store.getNode('__proto__')!;
    expect(Object.getOwnPropertyDescriptor(node, '__proto__')!.value).toBe(3);
    expect(node['constructor']).toBe(4);
    expect(Object.keys(node._crdt.lww)).toEqual(['__proto__', 'constructor']);
    expect(nodes['toString']).toBeUndefined();
  });
});

describe('undo and redo', () => {
  it('undo_and_redo_follow_the_order_of_the_last_change', () => {
    const store = storeWith('a', insert('n'));
    for (const path of ['p1', 'p2', 'p3']) {
      store.edit(set('n', path, 1));
      store.commit();
    }
    const shown = (): string[] => Object.keys(store.getNode('n')!).filter((k) => /^p\d/.test(k));
    expect([store.canUndo, store.canRedo]).toEqual([true, false]);
    expect(store.undo()).toMatchObject({ ops: [{ ot: 'meta.undo', targetMsgId: 'a:4' }] });
    store.undo();
    expect(shown()).toEqual(['p1']);
    store.redo();
    expect(shown()).toEqual(['p1', 'p2']);
    store.edit(set('n', 'p4', 1));
    store.commit();
    expect(store.redo()).toBeNull();
    expect(shown()).toEqual(['p1', 'p2', 'p4']);
  });

  it('undo_sends_the_pending_edits_first', () => {
    const sent: string[] = [];
    const store = createGraph({ client: 'a', onSend: (msg) => sent.push(msg.id) });
    store.edit(insert('n'));
    expect(store.undo()!.id).toBe('a:2');
    expect(sent).toEqual(['a:1', 'a:2']);
    expect(store.getNode('n')).toBeUndefined();
    const [first] = store.getState().journal;
    expect(first).toMatchObject({ ack: false });
    expect(first!.deletedAt).not.toBeNull();
    store.redo();
    expect(store.getNode('n')).toBeDefined();
    expect(store.getState().journal[0]!.deletedAt).toBeNull();
  });
});

describe('the network side', () => {
  it('two_stores_that_exchange_everything_are_equal', () => {
    const a = storeWith('a', insert('n', '', { health: 100 }));
    const b = createGraph({ client: 'b' });
    for (const { msg } of a.getState().journal) b.receive(msg);
    a.edit(add('n', 'health', -25));
    b.edit(add('n', 'health', -10));
    const fromA = a.commit()!;
    const fromB = b.commit()!;
    a.receive(fromB);
    b.receive(fromA);
    expect(a.getNode('n')!['health']).toBe(65);
    expect(b.getNode('n')!['health']).toBe(65);
    expect(a.digest()).toBe(b.digest());
    expect(a.digest()).toMatch(/^[0-9a-f]{64}$/);
  });

  it('a_duplicate_changes_nothing_and_an_echo_acknowledges', () => {
    const a = storeWith('a', insert('n'));
    const b = storeWith('b', insert('m'));
    const { msg } = b.getState().journal[0]!;
    a.receive(msg);
    const state = a.getState();
    a.receive(msg);
    expect(a.getState()).toBe(state);
    a.receive(state.journal[0]!.msg);
    expect(a.getState().journal.map((entry) => entry.ack)).toEqual([true, true]);
    expect(a.unacked()).toEqual([]);
  });

  it('acks_move_messages_where_the_server_put_them', () => {
    const store = storeWith('a', insert('n', '', { p: 0 }));
    store.edit(set('n', 'p', 1));
    store.commit();
    store.ack('a:1', { lt: 50, serverSeq: 1, stable: -1 });
    const [first, second] = store.getState().journal;
    expect(first).toMatchObject({ ack: true, msg: { id: 'a:1', lt: 50 } });
    expect(second!.msg.lt).toBeGreaterThan(50);
    expect(store.getNode('n')!['p']).toBe(1);
    store.ack('unknown');
    expect(store.status().unacked).toBe(1);
  });

  it('what_a_message_holds_never_throws_out_of_receive', () => {
    const warnings: RtcWarning[] = [];
    const store = createGraph({ client: 'a', onWarning: (warning) => warnings.push(warning) });
    const junk: unknown[] = [
      null,
      7,
      'text',
      {},
      { id: 'x:1' },
      { id: 'x:1', client: 'x', lt: -1, ts: 0, ops: [] },
      { id: 'x:1', client: 'x', lt: 1, ts: NaN, ops: [] },
      { id: 'x:1', client: 'x', lt: 1, ts: 0, ops: 'none' },
    ];
    for (const message of junk) expect(() => store.receive(message as CRDTMessage)).not.toThrow();
    expect(warnings.length).toBe(junk.length);
    expect(store.getState().journal).toEqual([]);
    store.receive({
      id: 'x:1',
      client: 'x',
      clock: { x: 1 },
      lt: 1,
      ts: 1,
      ops: [insert('n', '', { p: 1 }), { ot: 'number.add', key: 'n', path: 'p', value: NaN }],
    });
    expect(store.getNode('n')!['p']).toBe(1);
  });

  it('a_refused_message_leaves_and_is_kept', () => {
    const store = storeWith('a', insert('n', '', { p: 0 }));
    store.ack('a:1', { lt: 1, serverSeq: 1, stable: -1 });
    store.edit(set('n', 'p', 1));
    store.commit();
    store.reject('a:2');
    expect(store.getNode('n')!['p']).toBe(0);
    expect(store.status().rejected.map((msg) => msg.id)).toEqual(['a:2']);
    expect(store.getState().journal.length).toBe(1);
  });

  it('fromServer_starts_from_snapshot_and_journal', () => {
    const a = storeWith('a', insert('n', '', { p: 0 }));
    a.edit(add('n', 'p', 5));
    a.commit();
    const messages = a.getState().journal.map((entry) => entry.msg);
    const snapshot = createGraph({ client: 'z' }).getState().snapshot;
    const b = GraphStore.fromServer('b', snapshot, [...messages, messages[1]!]);
    expect(b.getNode('n')!['p']).toBe(5);
    expect(b.getState().journal.map((entry) => entry.ack)).toEqual([true, true]);
    expect(b.getState().vectorClock).toEqual({ a: 2, b: 0 });
    expect(b.digest()).toBe(a.digest());
  });

  it('compact_folds_the_leading_acknowledged_messages', () => {
    const store = storeWith('a', insert('n', '', { x: 0 }));
    for (const value of [1, 2, 4]) {
      store.edit(add('n', 'x', value));
      store.commit();
    }
    store.ack('a:1');
    store.ack('a:3');
    store.compact();
    const { journal, snapshot, graph } = store.getState();
    expect(journal.map((entry) => entry.msg.id)).toEqual(['a:2', 'a:3', 'a:4']);
    expect(snapshot).toMatchObject({ lt: 1, vectorClock: { a: 1 }, journalIndex: 1 });
    expect(snapshot.graph.nodes['n']!['x']).toBe(0);
    expect(graph.nodes['n']!['x']).toBe(7);
  });

  it('exported_bytes_make_the_same_store_again', () => {
    const store = storeWith('a', insert('n', '', { p: 1 }));
    store.edit({ ot: 'text.insert', key: 'n', path: 't', position: 0, value: 'hello' });
    store.commit();
    store.ack('a:1');
    const again = GraphStore.fromBytes(store.exportBytes(), { client: 'a' });
    expect(again.digest()).toBe(store.digest());
    expect(again.getState().graph).toEqual(store.getState().graph);
    expect(again.unacked().map((msg) => msg.id)).toEqual(['a:2']);
    again.edit(set('n', 'p', 2));
    expect(again.commit()!.id).toBe('a:3');
  });
});

describe('text', () => {
  it('typing_shows_and_merges', () => {
    const a = storeWith('a', insert('n'));
    const b = createGraph({ client: 'b' });
    b.receive(a.getState().journal[0]!.msg);
    'hello'.split('').forEach((value, position) => {
      a.edit({ ot: 'text.insert', key: 'n', path: 't', position, value });
    });
    b.edit({ ot: 'text.insert', key: 'n', path: 't', position: 0, value: 'wörld 😀' });
    expect(a.textOf('n', 't')).toBe('hello');
    const [fromA, fromB] = [a.commit()!, b.commit()!];
    a.receive(fromB);
    b.receive(fromA);
    expect(a.textOf('n', 't')).toBe(b.textOf('n', 't'));
    expect(a.getNode('n')!['t']).toBe(a.textOf('n', 't'));
    a.edit({ ot: 'text.delete', key: 'n', path: 't', position: 0, length: 3 });
    expect(a.textOf('n', 't').length).toBe(b.textOf('n', 't').length - 3);
    expect(a.textOf('n', 'none')).toBe('');
  });
});

describe('callbacks', () => {
  it('one_round_runs_in_the_published_order', () => {
    const calls: string[] = [];
    const store = createGraph({
      client: 'a',
      onStateChange: () => calls.push('onStateChange'),
      onSend: () => calls.push('onSend'),
      onMessageSent: () => calls.push('onMessageSent'),
    });
    store.subscribe((state) => calls.push(`first ${state.journal.length}`));
    store.subscribe(() => calls.push('second'));
    store.edit(insert('n'));
    expect(calls.splice(0)).toEqual(['onStateChange', 'first 0', 'second']);
    store.commit();
    expect(calls.splice(0)).toEqual([
      'onStateChange',
      'first 1',
      'second',
      'onSend',
      'onMessageSent',
    ]);
    store.commit();
    store.ack('none');
    expect(calls).toEqual([]);
  });

  it('a_throwing_listener_stops_nobody_and_is_heard', () => {
    const store = createGraph({ client: 'a' });
    const heard = vi.fn();
    store.subscribe(() => {
      throw new Error('mine');
    });
    store.subscribe(heard);
    expect(() => store.edit(insert('n'))).toThrow('mine');
    expect(heard).toHaveBeenCalledTimes(1);
    expect(store.getNode('n')).toBeDefined();
  });

  it('a_listener_may_call_the_store', () => {
    const store = createGraph({ client: 'a' });
    const stop = store.subscribe(() => {
      stop();
      store.edit(insert('m', 'n'));
    });
    store.edit(insert('n'));
    expect(store.getNode('n')!.children).toEqual(['m']);
  });

  it('unsubscribing_twice_takes_away_one_subscription', () => {
    const store = createGraph({ client: 'a' });
    const heard = vi.fn();
    const stop = store.subscribe(heard);
    store.subscribe(heard);
    stop();
    stop();
    store.edit(insert('n'));
    expect(heard).toHaveBeenCalledTimes(1);
  });

  it('node_and_path_listeners_hear_of_their_own_only', () => {
    const store = storeWith('a', insert('n', '', { p: 1 }), insert('m', 'n', { p: 1 }));
    const [node, path, other] = [vi.fn(), vi.fn(), vi.fn()];
    store.subscribeNode('n', node);
    store.subscribePath('n', 'p', path);
    store.subscribeNode('m', other);
    store.edit(set('n', 'q', 5));
    expect([node, path, other].map((f) => f.mock.calls.length)).toEqual([1, 0, 0]);
    store.edit(set('n', 'p', 6));
    expect([node, path, other].map((f) => f.mock.calls.length)).toEqual([2, 1, 0]);
    expect(path).toHaveBeenLastCalledWith(6);
    expect(node.mock.lastCall![0]).toBe(store.getNode('n'));
  });

  it('batch_and_transact_make_one_round', () => {
    const store = storeWith('a', insert('n', '', { p: 0 }));
    const heard = vi.fn();
    store.subscribe(heard);
    store.batch(() => {
      store.edit(set('n', 'p', 1));
      store.edit(set('n', 'q', 2));
    });
    expect(heard).toHaveBeenCalledTimes(1);
    const msg = store.transact(() => store.edit(set('n', 'r', 3)));
    expect(msg!.ops.length).toBe(3);
    expect(heard).toHaveBeenCalledTimes(2);
    store.edit(set('n', 's', 4));
    expect(() =>
      store.transact(() => {
        store.edit(set('n', 'x', 9));
        throw new Error('stop');
      }),
    ).toThrow('stop');
    expect(store.getNode('n')).toMatchObject({ s: 4 });
    expect(store.getNode('n')!['x']).toBeUndefined();
  });
});

describe('immutable views', () => {
  it('states_and_nodes_keep_their_identity_until_they_change', () => {
    const store = storeWith('a', insert('n', '', { p: 1 }), insert('m', 'n', { v: [1, 2, 3] }));
    const state = store.getState();
    expect(store.getState()).toBe(state);
    const { n, m } = state.graph.nodes;
    store.edit(set('n', 'p', 2));
    const next = store.getState();
    expect(next).not.toBe(state);
    expect(next.graph.nodes['m']).toBe(m);
    expect(next.graph.nodes['n']).not.toBe(n);
    expect(state.graph.nodes['n']!['p']).toBe(1);
    expect(store.getNode('m')).toBe(m);
  });

  it('states_that_nobody_looked_at_stay_what_they_were', () => {
    const store = storeWith('a', insert('n', '', { p: 0 }));
    const states = [store.getState()];
    for (let i = 1; i < 6; ++i) {
      store.edit(set('n', 'p', i));
      if (i === 3) store.edit(insert('m', 'n'));
      states.push(store.getState());
    }
    expect(states.map((state) => state.graph.nodes['n']!['p'])).toEqual([0, 1, 2, 3, 4, 5]);
    expect(states.map((state) => 'm' in state.graph.nodes)).toEqual(
      [false, false, false, true, true, true],
    );
    expect(states.map((state) => state.edits.ops.length)).toEqual([0, 1, 1, 2, 3, 3]);
    store.commit();
    expect(states[5]!.journal.length).toBe(1);
    expect(store.getState().journal.length).toBe(2);
  });

  it('what_is_handed_out_is_frozen', () => {
    const store = storeWith('a', insert('n', '', { v: [1, 2, 3], o: { a: { b: 1 } } }));
    const state = store.getState();
    const node = state.graph.nodes['n']!;
    const { o } = node as unknown as { o: { a: object } };
    for (const value of [state, state.graph, state.graph.nodes, node, node['v'], o, o.a, node._crdt]) {
      expect(Object.isFrozen(value)).toBe(true);
    }
    for (const value of [state.journal, state.journal[0]!.msg, state.journal[0]!.msg.ops[0]]) {
      expect(Object.isFrozen(value)).toBe(true);
    }
    expect({ ...state }.client).toBe('a');
  });
});

describe('wrong use', () => {
  it('wrong_operations_are_named_and_change_nothing', () => {
    const store = storeWith('a', insert('n', '', { p: 1 }));
    const before = store.getState();
    const edit = (op: unknown) => () => store.edit(op as Operation);
    expect(edit(null)).toThrow(TypeError);
    expect(edit([])).toThrow(TypeError);
    expect(edit({ key: 'n', path: 'p' })).toThrow(TypeError);
    expect(edit({ ...set('n', 'p', 1), value: () => 1 })).toThrow(/op number.set, key "n"/);
    expect(edit({ ...set('n', 'p', 1), value: NaN })).toThrow(RtcError);
    expect(edit({ ...add('n', 'p', 1), value: 'one' })).toThrow(RtcError);
    expect(edit({ ...set('n', 'x'.repeat(300), 1) })).toThrow(RtcError);
    try {
      store.edit({ ...add('n', 'p', 1), value: 'one' } as unknown as Operation);
      expect.unreachable();
    } catch (fault) {
      expect(fault).toMatchObject({ name: 'RtcError', op: 'number.add', key: 'n', path: 'p' });
    }
    let deep: unknown = 1;
    for (let i = 0; i < 70; ++i) deep = [deep];
    expect(edit({ ot: 'array.push', key: 'n', path: 'l', value: deep })).toThrow(RtcError);
    expect(store.getState()).toBe(before);
  });

  it('wrong_arguments_are_type_errors', () => {
    expect(() => createGraph({} as never)).toThrow(TypeError);
    expect(() => createGraph(undefined as never)).toThrow(TypeError);
    expect(() => createGraph({ client: 'a', onSend: 1 as never })).toThrow(/onSend/);
    const store = createGraph({ client: 'a' });
    expect(() => store.subscribe(3 as never)).toThrow(TypeError);
    expect(() => store.ack(undefined as never)).toThrow(TypeError);
    expect(() => store.subscribeNode(1 as never, () => {})).toThrow(TypeError);
    expect(() => createGraph({ client: '' })).toThrow(TypeError);
  });

  it('a_disposed_store_says_so', () => {
    const store = storeWith('a', insert('n'));
    store.dispose();
    store.dispose();
    for (const call of [
      () => store.edit(insert('m')),
      () => store.commit(),
      () => store.undo(),
      () => store.getState(),
      () => store.getNode('n'),
      () => store.digest(),
      () => store.receive({ id: 'x:1', client: 'x', clock: {}, lt: 1, ts: 1, ops: [] }),
      () => store.subscribe(() => {}),
    ]) {
      expect(call).toThrow(expect.objectContaining({ code: 'disposed' }));
    }
    expect(store.status().disposed).toBe(true);
  });
});
