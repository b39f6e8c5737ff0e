// The published table (reference page, section 7): rows on order, structure, stores and helpers,
// through stores. Where the law decides by order instead of arrival, its result.
import { describe, expect, it } from 'vitest';
import { DType } from '../src/compat/dtype.js';
import * as actions from '../src/store/actions.js';
import { createGraph } from '../src/store/create_graph.js';
import { VectorClockManager } from '../src/store/clocks.js';
import type { GraphStore } from '../src/store/graph_store.js';
import { hexToRgb, mergeValues, rgbToHex } from '../src/store/math.js';
import type { CRDTMessage, Operation, SceneNode } from '../src/store/types.js';
import { add, insert } from './operations.js';

let numbers = 0;

function message(client: string, lt: number, op: object, ts = 10 * lt): CRDTMessage {
  const id = `${client}:${lt}/${++numbers}`;
  return { id, client, clock: {}, lt, ts, ops: [op as Operation] };
}

function withNode(p?: unknown): GraphStore {
  const store = createGraph({ client: 'z' });
  store.receive(message('c', 1, insert('n', '', p === undefined ? {} : { p }), 10));
  return store;
}

const property = (ot: string, value: unknown): object => ({ ot, key: 'n', path: 'p', value });

/** b of the page: r; a and b under r; k under a. */
function family(...ops: readonly (readonly [op: object, lt?: number, ts?: number])[]): GraphStore {
  const store = createGraph({ client: 'z' });
  const inserts = [insert('r'), insert('a', 'r'), insert('b', 'r'), insert('k', 'a')];
  inserts.forEach((op, i) => store.receive(message('c', i + 1, op)));
  for (const [op, lt = 5, ts = 10 * lt] of ops) store.receive(message('c', lt, op, ts));
  return store;
}

const remove = (key: string, value: string): object => ({
  ot: 'node.remove',
  key,
  path: 'children',
  value,
});
const move = (key: string, nodeKey: string, newParent: string): object => ({
  ot: 'node.move',
  key,
  path: 'children',
  value: { nodeKey, newParent },
});
const children = (store: GraphStore, ...keys: string[]): string[] =>
  keys.map((key) => store.getNode(key)!.children.join());
const dates = (node: SceneNode | undefined): (number | undefined)[] => {
  const { createdAt, updatedAt, lamportTime, deletedAt } = node!._crdt;
  return [createdAt, updatedAt, lamportTime, deletedAt];
};

describe('golden rows on order', () => {
  const rows: readonly (readonly [
    row: number,
    p: unknown,
    messages: CRDTMessage[],
    after: unknown,
  ])[] = [
    [6, 3, [message('a', 1, property('number.set', 7))], 3],
    [10, undefined, [1, 2].map((v) => message('a', 5, property('number.set', v))), 2],
    [
      11,
      undefined,
      [
        message('a', 5, property('number.set', 10)),
        message('b', 9, property('number.add', 1)),
        message('b', 8, property('number.set', 2)),
      ],
      3,
    ],
    [
      12,
      undefined,
      [message('b', 9, property('number.add', 1)), message('b', 3, property('number.set', 2))],
      3,
    ],
    [
      54,
      undefined,
      [
        message('a', 3, property('object.set', { a: 1 })),
        message('b', 2, property('object.merge', { b: 2 })),
      ],
      { a: 1 },
    ],
  ];
  for (const [row, p, messages, after] of rows) {
    it(`row_${row}_is_decided_by_the_order`, () => {
      const store = withNode(p);
      for (const each of messages) store.receive(each);
      expect(store.getNode('n')!['p']).toEqual(after);
    });
  }
});

describe('golden rows on structure', () => {
  it('row_55_a_removed_child_leaves_the_list', () => {
    const store = family([remove('a', 'k')]);
    expect(children(store, 'a')).toEqual(['']);
    expect(dates(store.getNode('k'))).toEqual([40, 50, 5, 50]);
  });

  it('row_56_what_is_below_a_removed_node_stays', () => {
    const store = family([remove('r', 'a')]);
    expect(children(store, 'r', 'a')).toEqual(['b', 'k']);
    expect(store.getNode('k')!._crdt.deletedAt).toBeUndefined();
  });

  it('rows_57_58_a_removal_needs_no_parent_and_keeps_the_root', () => {
    const store = family([remove('b', 'k')], [remove('', 'r'), 6]);
    expect(children(store, 'a')).toEqual(['']);
    expect(store.getState().graph.rootKey).toBe('r');
    expect(store.getNode('r')!._crdt.deletedAt).toBe(60);
  });

  it('rows_59_60_the_later_removal_counts_and_an_insert_does_not_revive', () => {
    const store = family([remove('a', 'k')], [remove('a', 'k'), 9, 30], [insert('k', 'a'), 10]);
    expect(dates(store.getNode('k'))).toEqual([40, 100, 10, 30]);
    expect(children(store, 'a')).toEqual(['']);
  });

  it('rows_61_62_a_move_leaves_one_parent', () => {
    for (const from of ['a', 'r']) {
      const store = family([move(from, 'k', 'b')]);
      expect(children(store, 'a', 'b')).toEqual(['', 'k']);
      expect(dates(store.getNode('k'))).toEqual([40, 50, 5, undefined]);
    }
  });

  it('row_63_moves_act_in_order', () => {
    const store = family([move('a', 'k', 'b'), 9], [move('b', 'k', 'a'), 6]);
    expect(children(store, 'a', 'b')).toEqual(['', 'k']);
    expect(store.getNode('k')!._crdt.lamportTime).toBe(9);
  });

  it('rows_64_65_no_cycle_and_no_dead_child', () => {
    expect(children(family([move('r', 'a', 'k')]), 'r', 'a', 'k')).toEqual(['a,b', 'k', '']);
    const store = family([move('a', 'k', 'b')], [remove('a', 'k'), 6]);
    expect(children(store, 'a', 'b')).toEqual(['', '']);
  });

  it('row_66_children_are_sorted_by_date_and_key', () => {
    const store = createGraph({ client: 'z' });
    const made: readonly (readonly [string, number])[] = [
      ['z', 5],
      ['b', 5],
      ['a', 9],
      ['y', 2],
    ];
    store.receive(message('c', 1, insert('p'), 1));
    made.forEach(([key, ts], i) => store.receive(message('c', i + 2, insert(key, 'p'), ts)));
    expect(children(store, 'p')).toEqual(['y,b,z,a']);
  });

  it('row_67_a_child_is_linked_when_its_parent_comes', () => {
    const store = createGraph({ client: 'z' });
    store.receive(message('c', 1, insert('k', 'p')));
    store.receive(message('c', 2, insert('p')));
    expect(children(store, 'p')).toEqual(['k']);
    expect(store.getState().graph.rootKey).toBe('k');
  });
});

describe('golden rows on stores', () => {
  it('rows_68_69_70_commit_undo_redo', () => {
    const store = createGraph({ client: 'a' });
    store.edit(insert('n'));
    expect(store.commit()).toMatchObject({ id: 'a:1', client: 'a', clock: { a: 1 }, lt: 1 });
    const undo = store.undo()!;
    expect(undo).toMatchObject({ id: 'a:2', clock: { a: 2 }, lt: 2 });
    expect(undo.ops).toEqual([
      { ot: 'meta.undo', key: '_meta', path: '_meta', targetMsgId: 'a:1' },
    ]);
    const [first] = store.getState().journal;
    expect([first!.ack, first!.deletedAt]).toEqual([false, undo.ts]);
    expect(store.getState().graph).toMatchObject({ nodes: {}, rootKey: '' });
    expect(store.redo()).toMatchObject({
      id: 'a:3',
      ops: [{ ot: 'meta.redo', targetMsgId: 'a:1' }],
    });
    expect(store.getNode('n')).toBeDefined();
  });

  it('row_71_an_undo_commits_what_is_pending', () => {
    const store = createGraph({ client: 'a' });
    store.receive({ id: 'x:1', client: 'x', clock: { x: 9 }, lt: 9, ts: 1, ops: [insert('n')] });
    store.edit(add('n', 'p', 1));
    store.undo();
    const { journal, vectorClock, lt } = store.getState();
    expect(journal.map((entry) => entry.msg.id)).toEqual(['x:1', 'a:10', 'a:11']);
    expect([vectorClock, lt]).toEqual([{ a: 2, x: 9 }, 11]);
  });

  it('row_72_additions_meet', () => {
    const [a, b] = ['a', 'b'].map((client) => createGraph({ client }));
    const base = message('c', 1, insert('n', '', { health: 100 }));
    for (const store of [a!, b!]) store.receive(base);
    a!.edit(add('n', 'health', -25));
    b!.edit(add('n', 'health', -10));
    const [left, right] = [a!.commit()!, b!.commit()!];
    a!.receive(right);
    b!.receive(left);
    expect([a!, b!].map((store) => store.getNode('n')!['health'])).toEqual([65, 65]);
  });

  it('row_73_only_the_leading_acknowledged_entries_are_folded', () => {
    const store = createGraph({ client: 'a' });
    const ops = [insert('n', '', { x: 0 }), add('n', 'x', 1), add('n', 'x', 2), add('n', 'x', 4)];
    for (const op of ops) {
      store.edit(op);
      store.commit();
    }
    for (const id of ['a:1', 'a:3']) store.ack(id);
    store.compact();
    const { snapshot, journal } = store.getState();
    expect(snapshot).toMatchObject({ vectorClock: { a: 1 }, lt: 1, journalIndex: 1 });
    expect(snapshot.graph.nodes['n']!['x']).toBe(0);
    expect(journal.map((entry) => entry.msg.id)).toEqual(['a:2', 'a:3', 'a:4']);
    expect(store.getNode('n')!['x']).toBe(7);
  });

  it('row_74_a_state_from_a_server_goes_on_counting', () => {
    const empty = actions.createInitialState('q').snapshot;
    const x = (n: number, op: object): CRDTMessage => ({
      ...message('x', n, op),
      id: `x:${n}`,
      clock: { x: n - 7 },
    });
    const state = actions.initFromServer('a', { ...empty, vectorClock: { z: 3 }, lt: 7 }, [
      x(8, insert('n', '', { p: 1 })),
      x(9, property('number.set', 2)),
      x(10, { ot: 'meta.undo', key: '_meta', path: '_meta', targetMsgId: 'x:9' }),
    ]);
    expect([state.lt, state.vectorClock]).toEqual([10, { z: 3, x: 3, a: 0 }]);
    expect(state.journal[1]!.deletedAt).toBe(100);
    const { msg } = actions.commitEdits(actions.onEdit(state, add('n', 'p', 1)));
    expect(msg).toMatchObject({ id: 'a:11', clock: { a: 1 } });
  });
});

describe('golden rows on helpers', () => {
  it('rows_75_76_clocks', () => {
    const pairs: readonly (readonly [Record<string, number>, Record<string, number>])[] = [
      [{ a: 2 }, { a: 1 }],
      [{ a: 1 }, { a: 2 }],
      [{ a: 1 }, { a: 1 }],
      [{ a: 1 }, { b: 1 }],
      [{ a: 0 }, {}],
    ];
    expect(pairs.map(([a, b]) => VectorClockManager.compare(a, b))).toEqual([1, -1, 0, 0, 0]);
    expect(VectorClockManager.areConcurrent({ a: 1 }, { a: 1 })).toBe(true);
    expect(VectorClockManager.merge({ a: 1, b: 5 }, { a: 3, c: 1 })).toEqual({ a: 3, b: 5, c: 1 });
  });

  it('rows_77_78_merging', () => {
    const at = <T>(value: T, lt: number) => ({ value, lt, client: 'c' });
    const colors = ['#ff0000', '#00ff00', '#0000ff'].map((value) => at(value, 1));
    expect(DType.color.blend(colors)).toBe('#555555');
    expect(DType.string.concat([at('y', 2), at('x', 1)])).toBe('x\ny');
  });

  it('rows_79_80_quaternions_and_colours', () => {
    const product = mergeValues('quaternion.multiply', [0.1, 0.2, 0.3, 0.9], [0.4, -0.5, 0.6, 0.7]);
    expect(product).toEqual([0.7000000000000001, -0.25, 0.62, 0.51]);
    expect(hexToRgb('ffaa00')).toEqual({ r: 255, g: 170, b: 0 });
    expect([rgbToHex(255, 0, 16), rgbToHex(300, 0, -1)]).toEqual(['#ff0010', '#12c00-1']);
  });
});
