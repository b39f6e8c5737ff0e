// Text ropes: the published orders, ids and stored forms.
import { describe, expect, it } from 'vitest';
import * as rope from '../src/compat/rope.js';
import { GraphTextCRDT } from '../src/compat/graph_text.js';
import type { InsertOp } from '../src/compat/text_rope.js';
import { createGraph } from '../src/store/create_graph.js';
import { dehydrateTextSnapshot, hydrateTextSnapshot } from '../src/store/snapshot.js';
import type { Snapshot } from '../src/store/types.js';
import { TREE } from './tree_rope.js';

const op = (
  id: string,
  anchor: string | null,
  text: string,
  seq: number,
  ts: number,
): InsertOp => ({
  ot: 'insert',
  id,
  value: [anchor, text],
  seq,
  ts,
});

function permutations<T>(list: readonly T[]): T[][] {
  if (list.length < 2) return [[...list]];
  return list.flatMap((each, i) => {
    const rest = [...list.slice(0, i), ...list.slice(i + 1)];
    return permutations(rest).map((others) => [each, ...others]);
  });
}

const GOLDEN: readonly (readonly [string, readonly InsertOp[]])[] = [
  ['BA', [op('a:0', null, 'A', 1, 1), op('b:0', null, 'B', 2, 2)]],
  ['BA', [op('a:0', null, 'A', 1, 2), op('b:0', null, 'B', 1, 1)]],
  ['AB', [op('a:0', null, 'A', 1, 1), op('b:0', null, 'B', 1, 1)]],
  ['AC', [op('a:9', null, 'A', 1, 1), op('a:10', null, 'C', 1, 1)]],
  ['abXYcd', [op('a:0', null, 'abcd', 1, 1), op('b:0', 'a:1', 'XY', 2, 2)]],
  ['aXYb', [op('a:0', null, 'ab', 1, 1), op('b:0', 'a:0', 'X', 2, 2), op('c:0', 'a:0', 'Y', 2, 3)]],
  ['ax1b', [op('a:0', null, 'ab', 1, 1), op('b:0', 'a:0', '1', 2, 2), op('c:0', 'a:0', 'x', 5, 3)]],
  [
    'a?bc!',
    [op('a:0', null, 'abc', 1, 1), op('b:0', 'a:2', '!', 2, 2), op('c:0', 'a:0', '?', 3, 3)],
  ],
];

describe('text ropes', () => {
  for (const [text, ops] of GOLDEN) {
    it(`any_order_of_${ops.map((each) => each.id).join('_')}_gives_${text}`, () => {
      for (const order of permutations(ops)) {
        const r = rope.create('z');
        for (const each of order) rope.apply(r, each);
        expect(rope.getText(r)).toBe(text);
      }
    });
  }

  it('typing_gives_out_ids_anchors_and_numbers', () => {
    const r = rope.create('a');
    const ops = ['x', 'y', 'z'].map((each, i) => rope.insertWithSplit(r, i, each));
    expect(ops.map((each) => [each.id, each.value, each.seq])).toEqual([
      ['a:0', [null, 'x'], 1],
      ['a:1', ['a:0', 'y'], 2],
      ['a:2', ['a:1', 'z'], 3],
    ]);
    expect([r.clock, r.maxSeq, r.lastInsertId, r.lastInsertPos]).toEqual([3, 3, 'a:2', 3]);
    expect(rope.getItems(r).map((item) => item.id)).toEqual(['a:0', 'a:1', 'a:2']);
    expect([String(r), JSON.stringify(r)]).toEqual(['xyz', '"xyz"']);
  });

  it('a_position_counts_visible_characters', () => {
    const r = rope.create('a');
    rope.insert(r, 0, 'abcdef');
    rope.apply(r, op('b:0', 'a:2', 'XY', 2, 2));
    expect(rope.remove(r, 1, 6).rm).toEqual([
      ['a:1', 2],
      ['b:0', 2],
      ['a:3', 2],
    ]);
    expect(rope.getText(r)).toBe('af');
    expect(rope.getStats(r)).toMatchObject({ charCount: 2, deletedCount: 3, avgSpanLength: 1 });
    expect(rope.findItemById(r, 'b:0')).toBe(2);
    expect(rope.findItemById(r, 'b:1')).toBe(-1);
    expect(rope.insert(r, 99, '!').value[0]).toBe('a:5');
    expect(rope.insert(r, 0, '').value).toEqual([null, '']);
  });

  it('deleting_past_the_end_is_cut_and_outside_does_nothing', () => {
    const r = rope.create('a');
    rope.insert(r, 0, 'abc');
    expect(rope.remove(r, 3, 1).rm).toEqual([]);
    expect(rope.remove(r, -1, 1).rm).toEqual([]);
    expect(rope.remove(r, 1, 5).rm).toEqual([['a:1', 2]]);
    rope.replace(r, 0, 9, 'X');
    expect(rope.getText(r)).toBe('X');
    expect(() => rope.remove(r, 'x' as never, 1)).toThrow(TypeError);
    expect(() => rope.insert(r, 0, 7 as never)).toThrow(TypeError);
  });

  it('moving_takes_a_range_elsewhere', () => {
    const moved = (from: number, length: number, to: number): string => {
      const r = rope.create('a');
      rope.insert(r, 0, 'abcdef');
      rope.move(r, from, length, to);
      return rope.getText(r);
    };
    expect([moved(1, 2, 5), moved(3, 2, 1), moved(1, 3, 2)]).toEqual([
      'adebcf',
      'adebcf',
      'abcdef',
    ]);
  });

  it('what_is_typed_on_follows_its_character', () => {
    const r = rope.create('a');
    rope.insertWithSplit(r, 0, 'ab');
    rope.apply(r, op('b:0', null, 'X', 9, 9));
    rope.insertWithSplit(r, 2, '!');
    expect(rope.getText(r)).toBe('Xa!b');
  });

  it('what_arrives_too_early_waits_and_a_repeat_changes_nothing', () => {
    const r = rope.create('z');
    rope.applyDelete(r, { ot: 'delete', rm: [['a:1', 1]] });
    rope.apply(r, op('b:0', 'a:0', '!', 2, 2));
    expect(rope.getText(r)).toBe('');
    for (let i = 0; i < 2; ++i) rope.apply(r, op('a:0', null, 'ab', 1, 1));
    expect(rope.getText(r)).toBe('a!');
  });

  it('two_ropes_that_merge_are_equal', () => {
    const [a, b] = [rope.create('a'), rope.create('b')];
    rope.insert(a, 0, 'hello');
    rope.merge(b, a);
    rope.remove(a, 1, 2);
    rope.insert(b, 5, ' world');
    rope.merge(b, a);
    rope.merge(a, b);
    expect([rope.getText(a), rope.getText(b)]).toEqual(['hlo world', 'hlo world']);
  });

  it('copies_are_copies_and_stored_forms_come_back', () => {
    const r = rope.create('a');
    rope.insert(r, 0, 'abc');
    rope.remove(r, 1, 1);
    const copies = [rope.snapshot(r), rope.compact(r), rope.fromSnapshot(r)];
    rope.insert(r, 0, '!');
    expect(copies.map(rope.getText)).toEqual(['ac', 'ac', 'ac']);
    rope.apply(copies[1]!, op('b:0', 'a:1', 'X', 5, 5));
    expect(rope.getText(copies[1]!)).toBe('aXc');
    const raw = rope.toRaw(copies[0]!);
    expect(raw.slice(0, 3)).toEqual(['a', 3, 1]);
    expect(rope.getText(rope.fromRaw(raw))).toBe('ac');
    expect(rope.fromRaw(raw, 'a').clock).toBe(3);
    expect(rope.hydrateRope(r)).toBe(r);
    expect(rope.getText(rope.hydrateRope({ _textRope: true, raw }))).toBe('ac');
  });

  it('every_stored_spelling_is_read', () => {
    const hydrated = rope.hydrateRope(TREE);
    expect(rope.getText(hydrated)).toBe('Hel!');
    expect(rope.insertWithSplit(hydrated, 4, '?', 'b')).toMatchObject({
      id: 'b:1',
      value: ['b:0', '?'],
      seq: 3,
    });
    const leaf = TREE._tree.root;
    const items = leaf.items.map(({ anchor, isDeleted, ...item }) => ({
      ...item,
      is_deleted: isDeleted,
      parentId: anchor === null ? 'null' : { agent: 'a', seq: Number(anchor.slice(2)) },
    }));
    const snake = {
      _tree: { type: 'internal', children: [{ type: 'leaf', items }] },
      agent_id: 'a',
    };
    expect(rope.getText(rope.hydrateRope(snake))).toBe('Hel!');
    expect(rope.getText(rope.hydrateRope({}))).toBe('');
    expect([TREE, snake, { _textRope: true, raw: [] }].map(rope.isSerializedRope)).toEqual([
      true,
      true,
      true,
    ]);
    expect([{}, null, 'x', []].map(rope.isSerializedRope)).toEqual([false, false, false, false]);
    for (const wrong of ['text', null, []])
      expect(() => rope.hydrateRope(wrong)).toThrow(RangeError);
    const short = { _textRope: true, raw: ['a', 0, 0, [['a:0', 'x']]] };
    expect(() => rope.hydrateRope(short)).toThrow(RangeError);
  });

  it('ids_are_split_at_the_last_colon', () => {
    expect(rope.parseItemId('a:b:7')).toEqual(['a:b', 7]);
    expect(rope.createItemId('a', 7)).toBe('a:7');
    expect(() => rope.parseItemId('a:b')).toThrow(RangeError);
    expect([rope.itemIdCompare('a:10', 'a:9'), rope.itemIdEquals('a:1', 'a:1')]).toEqual([
      -1,
      true,
    ]);
  });
});

describe('texts of a graph', () => {
  it('two_authors_converge', () => {
    const [a, b] = [new GraphTextCRDT('a'), new GraphTextCRDT('b')];
    const first = a.insertLocal('n', 't', 0, 'hello');
    b.applyInsert('n', 't', first);
    const [left, right] = [a.insertLocal('n', 't', 5, '!'), b.deleteLocal('n', 't', 0, 1)];
    a.applyDelete('n', 't', right);
    b.applyInsert('n', 't', left);
    const both = b.replaceLocal('n', 't', 0, 1, 'J');
    a.applyReplace('n', 't', both);
    expect([a.getText('n', 't'), b.getText('n', 't')]).toEqual(['Jllo!', 'Jllo!']);
    a.init('n', 't', '> ');
    expect(a.getStringRope('n', 't')).toBe('> Jllo!');
    a.deleteProperty('n', 't');
    a.deleteNode('m');
    expect([a.getText('n', 't'), a.get('n', 't')]).toEqual(['', undefined]);
  });
});

describe('ropes of snapshots', () => {
  const node = {
    key: 'n',
    tag: '',
    name: '',
    children: [],
    t: '',
    _crdt: { clock: {}, lamportTime: 1, createdAt: 1, updatedAt: 1, lww: {} },
  };
  const snapshot = {
    graph: { nodes: { n: node }, rootKey: 'n' },
    vectorClock: { a: 1 },
    lt: 1,
    journalIndex: 1,
    textRopes: { n: { t: TREE } },
  } as unknown as Snapshot;

  it('both_published_forms_are_written_and_read', () => {
    const hydrated = hydrateTextSnapshot(snapshot);
    for (const form of ['tree', 'raw'] as const) {
      const written = JSON.parse(JSON.stringify(dehydrateTextSnapshot(hydrated, form))) as Snapshot;
      expect(Object.keys(written.textRopes['n']!['t'] as object)[0]).toBe(
        form === 'raw' ? '_textRope' : '_tree',
      );
      const store = createGraph({ client: 'b', initialSnapshot: written });
      expect(store.textOf('n', 't')).toBe('Hel!');
      store.edit({ ot: 'text.insert', key: 'n', path: 't', position: 4, value: '?' });
      expect(store.textOf('n', 't')).toBe('Hel!?');
    }
  });

  it('a_folded_text_is_written_in_the_tree_form', () => {
    const store = createGraph({ client: 'a' });
    store.edit({ ot: 'node.insert', key: '', path: 'children', value: { key: 'n' } });
    store.edit({ ot: 'text.insert', key: 'n', path: 't', position: 0, value: 'abc' });
    const { id } = store.commit()!;
    store.ack(id);
    store.compact();
    const written = dehydrateTextSnapshot(store.getState().snapshot);
    expect(rope.getText(rope.hydrateRope(written.textRopes['n']!['t']))).toBe('abc');
  });
});
