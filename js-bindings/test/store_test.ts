import { describe, expect, it } from 'vitest';
import { createGraph } from '../src/store/create_graph.js';
import { GraphStore } from '../src/store/graph_store.js';
import type { CRDTMessage, RtcWarning } from '../src/store/types.js';
import { add, insert, set, storeWith } from './operations.js';

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

  it('a_store_out_of_bytes_shows_the_same_snapshot_whenever_it_is_asked', () => {
    const store = storeWith('a', insert('n', '', { p: 1 }), set('n', 'p', 2));
    let serverSeq = 0;
    const accept = (at: GraphStore, stable: number): void => {
      for (const { id, lt } of at.unacked()) at.ack(id, { lt, serverSeq: ++serverSeq, stable });
    };
    accept(store, 1);
    store.compact();
    for (let i = 0; i < 5; ++i) {
      store.edit(add('n', 'p', 1));
      store.commit();
    }
    const bytes = store.exportBytes();
    const [early, late] = [1, 2].map(() => GraphStore.fromBytes(bytes, { client: 'a' }));
    const before = early!.getState();
    const seq = serverSeq;
    for (const each of [early!, late!]) {
      serverSeq = seq;
      accept(each, 4);
      each.compact();
    }
    expect(before.snapshot.lt).toBe(1);
    expect(late!.getState().snapshot).toEqual(early!.getState().snapshot);
    expect(late!.getState().journal).toEqual(early!.getState().journal);
    expect(late!.getState().graph).toEqual(early!.getState().graph);
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

describe('undo groups', () => {
  const p = (store: GraphStore): unknown => store.getNode('n')!['p'];

  it('a_drag_of_many_messages_is_one_step', () => {
    const sent: CRDTMessage[] = [];
    const store = createGraph({ client: 'a', onSend: (msg) => sent.push(msg) });
    store.edit(insert('n', '', { p: 0 }));
    store.commit();
    const end = store.beginUndoGroup();
    for (let i = 0; i < 3; ++i) {
      store.edit(add('n', 'p', 1));
      store.commit();
    }
    end();
    end();
    store.edit(add('n', 'p', 10));
    store.commit();
    store.undo();
    expect(p(store)).toBe(3);
    store.undo();
    expect([p(store), sent.length]).toEqual([0, 9]);
    store.redo();
    expect(p(store)).toBe(3);
    store.redo();
    expect(p(store)).toBe(13);
    const other = createGraph({ client: 'b' });
    for (const msg of sent) other.receive(msg);
    expect(other.digest()).toBe(store.digest());
    store.undo();
    store.undo();
    store.undo();
    expect([store.getNode('n'), store.canUndo]).toEqual([undefined, false]);
  });

  it('a_member_that_somebody_else_undid_is_left_alone', () => {
    const store = createGraph({ client: 'a' });
    store.edit(insert('n', '', { p: 0 }));
    store.commit();
    const end = store.beginUndoGroup();
    const ids = [1, 2].map((value) => {
      store.edit(add('n', 'p', value));
      return store.commit()!.id;
    });
    end();
    const undo = { ot: 'meta.undo', key: '_meta', path: '_meta', targetMsgId: ids[0]! } as const;
    store.receive({ id: 'b:9', client: 'b', clock: { b: 1 }, lt: 9, ts: 1, ops: [undo] });
    store.undo();
    expect(p(store)).toBe(0);
    store.redo();
    expect(p(store)).toBe(2);
  });
});
