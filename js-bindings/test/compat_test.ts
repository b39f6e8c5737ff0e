// The original's data structures and merge functions.
import { afterEach, describe, expect, it, vi } from 'vitest';
import * as btree from '../src/compat/btree.js';
import { ConflictResolver } from '../src/compat/conflict_resolver.js';
import { DType, type ValueWithMeta } from '../src/compat/dtype.js';
import { RangeTree, type RangeItem } from '../src/compat/range_tree.js';
import { StringRope } from '../src/compat/string_rope.js';
import { NumberAdd, NodeInsert, VectorClockManager } from '../src/entrypoints/index.js';
import { createGraph } from '../src/store/create_graph.js';
import { createEmptyGraph } from '../src/store/snapshot.js';
import type { CRDTMessage, Operation } from '../src/store/types.js';

const at = <T>(value: T, lt: number, client = 'c'): ValueWithMeta<T> => ({ value, lt, client });

afterEach(() => vi.restoreAllMocks());

describe('DType', () => {
  it('set_takes_the_greatest_time_then_the_greater_client', () => {
    expect(DType.number.set([at(1, 1), at(2, 3), at(3, 2)])).toBe(2);
    expect(DType.any.set([at('a', 1, 'a'), at('b', 1, 'b')])).toBe('b');
    expect(DType.immutable.set([at(1, 2), at(2, 1)])).toBe(2);
    for (const set of [DType.number.set, DType.immutable.set, DType.color.blend, DType.number.min])
      expect(() => set([])).toThrow(RangeError);
  });

  it('numbers_vectors_and_booleans_add_up', () => {
    const n = [at(2, 1), at(5, 2)];
    const { add, multiply, min, max } = DType.number;
    expect([add(n), multiply(n), min(n), max(n), add([]), multiply([])]).toEqual([
      7, 10, 2, 5, 0, 1,
    ]);
    const v = [at([1, 2, 3] as const, 1), at([4, 5, 6] as const, 2)];
    expect([DType.vector3.add(v), DType.vector3.multiply(v)]).toEqual([
      [5, 7, 9],
      [4, 10, 18],
    ]);
    expect([DType.vector3.add([]), DType.vector3.multiply([])]).toEqual([
      [0, 0, 0],
      [1, 1, 1],
    ]);
    const b = [at(true, 1), at(1 as never, 2)];
    expect([DType.boolean.or(b), DType.boolean.and(b)]).toEqual([true, false]);
    expect([DType.boolean.or([]), DType.boolean.and([])]).toEqual([false, true]);
  });

  it('lists_and_objects_are_joined', () => {
    expect(DType.array.union([at([1, { a: 1 }], 2), at([{ a: 1 }, 2], 1)])).toEqual([
      1,
      { a: 1 },
      2,
    ]);
    expect(DType.array.append([at([2], 2), at([1, [1]], 1)])).toEqual([1, [1], 2]);
    const merged = DType.object.lwwPerKey([
      at({ a: 1, b: 1 }, 1),
      at({ b: 2 }, 2),
      at({ a: 0 }, 0),
    ]);
    expect(merged).toEqual({ a: 1, b: 2 });
    expect(Object.keys(DType.object.lwwPerKey([at(JSON.parse('{"__proto__":1}'), 1)]))).toEqual([
      '__proto__',
    ]);
    expect(DType.string.concat([])).toBe('');
  });
});

describe('ConflictResolver', () => {
  it('finds_the_function_of_an_operation', () => {
    const two = [at(1, 1), at(2, 2)];
    expect(ConflictResolver.mergeProperty('number.add', two)).toBe(3);
    expect(ConflictResolver.mergeProperty('number.add', [at('x', 1)])).toBe('x');
    const objects = [at({ a: 1 }, 1), at({ b: 2 }, 2)];
    for (const ot of ['object.merge', 'object.lww-per-key'])
      expect(ConflictResolver.mergeProperty(ot, objects)).toEqual({ a: 1, b: 2 });
    const eulers = [at([1, 0, 0], 1), at([1, 1, 0], 2)];
    expect(ConflictResolver.mergeProperty('euler.add', eulers)).toEqual([2, 1, 0]);
    expect(() => ConflictResolver.mergeProperty('number.add', [])).toThrow(RangeError);
  });

  it('what_it_does_not_know_is_won_by_the_last_with_a_warning', () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
    const two = [at('a', 1), at('b', 2)];
    for (const ot of ['array.push', 'node.insert', 'any.x', 'constructor.set', 'number.toString'])
      expect(ConflictResolver.mergeProperty(ot, two)).toBe('b');
    expect(warn).toHaveBeenCalledTimes(5);
  });

  it('properties_are_merged_by_their_own_operations', () => {
    const merged = ConflictResolver.mergeProperties([
      { properties: { n: 1, s: 'x' }, ots: { n: 'number.set' }, lt: 1, client: 'a' },
      { properties: { n: 2, s: 'y' }, ots: { n: 'number.add' }, lt: 2, client: 'b' },
    ]);
    expect(merged).toEqual({ n: 3, s: 'y' });
  });
});

describe('StringRope', () => {
  it('is_changed_in_place_and_refuses_what_lies_outside', () => {
    const rope = StringRope.fromString('hello');
    rope.insert(5, '!');
    rope.delete(0, 1);
    rope.delete(3, 99);
    expect([String(rope), rope.length, rope.charAt(9), rope.slice(1)]).toEqual([
      'ell',
      3,
      '',
      'll',
    ]);
    expect([JSON.stringify(rope), StringRope.isStringRope(rope)]).toEqual(['"ell"', true]);
    rope.insert(99, '');
    rope.delete(99, 0);
    for (const wrong of [
      () => rope.insert(4, 'x'),
      () => rope.insert(-1, 'x'),
      () => rope.delete(3, 1),
    ])
      expect(wrong).toThrow(RangeError);
    expect(String(rope)).toBe('ell');
  });
});

interface Item {
  content: string;
  isDeleted: boolean;
}
const item = (content: string, isDeleted = false): Item => ({ content, isDeleted });

describe('the B-tree', () => {
  it('agrees_with_a_list_under_3000_random_inserts', () => {
    let seed = 7;
    const random = (n: number): number => (seed = (seed * 48271) % 2147483647) % n;
    const tree = btree.createTree<Item>();
    const list: Item[] = [];
    for (let i = 0; i < 3000; ++i) {
      const each = item('x'.repeat(random(4)), random(3) === 0);
      const place = random(list.length + 1);
      btree.insertAt(tree, place, each);
      list.splice(place, 0, each);
    }
    expect(btree.flattenItems(tree)).toEqual(list);
    const visible = list.filter((each) => !each.isDeleted && each.content !== '');
    const text = visible.map((each) => each.content).join('');
    expect([btree.totalItems(tree), btree.totalVisChars(tree)]).toEqual([3000, text.length]);
    for (const place of [0, 1, 999, 2999]) {
      expect(btree.getAt(tree, place)).toBe(list[place]);
      expect(btree.computeOrdinal(tree, list[place]!)).toBe(place);
    }
    expect([...btree.iterateFrom(tree, 2990)]).toEqual(list.slice(2990));
    expect(btree.findByVisiblePos(tree, 0)!.item).toBe(visible[0]);
    const last = btree.findByVisiblePos(tree, text.length + 5)!;
    expect([last.item, last.charOffset]).toEqual([visible.at(-1), visible.at(-1)!.content.length]);
    expect(btree.getAt(tree, 3000)).toBeUndefined();
    expect(() => btree.insertAt(tree, 3001, item('x'))).toThrow(RangeError);
  });

  it('loads_splits_and_counts_anew', () => {
    const items = Array.from({ length: 1000 }, () => item('ab'));
    const tree = btree.bulkLoad(items);
    btree.splitAtOrdinal(tree, 500, item('a'), item('b', true));
    items[0]!.isDeleted = true;
    btree.recalcCountsFor(tree, items[0]!);
    expect([btree.totalItems(tree), btree.totalVisChars(tree)]).toEqual([1001, 1997]);
    expect(btree.findByVisiblePos(tree, 0)).toMatchObject({ ordinal: 1, charOffset: 0 });
    expect(btree.computeOrdinal(tree, items[500]!)).toBe(-1);
    expect(btree.findByVisiblePos(btree.createTree(), 0)).toBeNull();
    expect(btree.findByVisiblePos(tree, -1)).toBeNull();
  });
});

describe('RangeTree', () => {
  const range = (seq: number, content: string): RangeItem => ({
    id: { agent: 'a', seq },
    content,
    isDeleted: false,
    parentId: null,
    seq,
  });

  it('finds_by_position_and_by_id', () => {
    const tree = new RangeTree();
    expect(tree.findByPosition(0)).toMatchObject({ itemIndex: -1, offset: 0 });
    for (let i = 0; i < 100; ++i) tree.insert(range(i, 'ab'));
    expect(() => tree.insert(range(1, 'x'))).toThrow(RangeError);
    expect([tree.length, tree.itemCount]).toEqual([200, 100]);
    const place = tree.findByPosition(101)!;
    expect([place.leaf.items[place.itemIndex]!.seq, place.offset]).toEqual([50, 1]);
    const end = tree.findByPosition(200)!;
    expect([end.leaf.items[end.itemIndex]!.seq, end.offset]).toEqual([99, 2]);
    expect([tree.findByPosition(-1), tree.findByPosition(201)]).toEqual([null, null]);
    expect([tree.delete({ agent: 'a', seq: 0 }), tree.delete({ agent: 'a', seq: 0 })]).toEqual([
      true,
      false,
    ]);
    expect(tree.delete({ agent: 'b', seq: 0 })).toBe(false);
    expect([tree.length, tree.getContent().length, [...tree.items()].length]).toEqual([
      198, 198, 100,
    ]);
    tree.findById({ agent: 'a', seq: 1 })!.content = 'abcd';
    tree.recalcAllCounts();
    expect(tree.length).toBe(200);
  });
});

describe('apply functions', () => {
  it('act_on_a_graph_in_place', () => {
    const graph = createEmptyGraph();
    const meta = { client: 'c', clock: {}, lt: 1, ts: 10 };
    NodeInsert(graph, { ot: 'node.insert', key: '', value: { key: 'n', p: 1 } }, meta);
    NumberAdd(graph, { key: 'n', path: 'p', value: 2 } as Operation, meta);
    expect(graph.nodes['n']!['p']).toBe(3);
  });
});

describe('the oldest names', () => {
  it('are_read_everywhere', () => {
    const store = createGraph({ sessionId: 'a' });
    const old = {
      id: 'x:1',
      sessionId: 'x',
      clock: { x: 1 },
      lamportTime: 4,
      timestamp: 9,
      ops: [{ otype: 'node.insert', key: '', path: 'children', value: { key: 'n', p: 1 } }],
    };
    store.receive(old as unknown as CRDTMessage);
    store.edit({ otype: 'number.add', key: 'n', path: 'p', value: 1 } as unknown as Operation);
    expect(store.commit()).toMatchObject({ client: 'a', lt: 5, ops: [{ ot: 'number.add' }] });
    expect(store.getState().journal[0]!.msg).toMatchObject({ client: 'x', lt: 4, ts: 9 });
    expect(store.getNode('n')).toMatchObject({ p: 2 });
    expect(store.getState()).toMatchObject({ lamportTime: 5, sessionId: 'a' });
    const lww = { p: { lamportTime: 3, sessionId: 'x' } };
    const envelope = { clock: {}, lamportTime: 3, createdAt: 1, updatedAt: 1, lww };
    const node = { key: 'n', tag: '', name: '', children: [], p: 7, _crdt: envelope };
    const initialSnapshot = { graph: { nodes: { n: node }, rootKey: 'n' }, vectorClock: {}, lt: 3 };
    const loaded = createGraph({ client: 'b', initialSnapshot: initialSnapshot as never });
    expect(loaded.getNode('n')!._crdt.lww).toEqual({ p: { lt: 3, client: 'x' } });
    expect(VectorClockManager.increment({}, 'a')).toEqual({ a: 1 });
  });
});
