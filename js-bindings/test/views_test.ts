import { describe, expect, it, vi } from 'vitest';
import { RtcError } from '../src/core/error.js';
import { createGraph } from '../src/store/create_graph.js';
import type { Operation } from '../src/store/types.js';
import { add, insert, set, storeWith } from './operations.js';

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
    expect(states.map((state) => 'm' in state.graph.nodes)).toEqual([
      false,
      false,
      false,
      true,
      true,
      true,
    ]);
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
    for (const value of [
      state,
      state.graph,
      state.graph.nodes,
      node,
      node['v'],
      o,
      o.a,
      node._crdt,
    ]) {
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
