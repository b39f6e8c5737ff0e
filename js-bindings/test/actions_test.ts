import { describe, expect, it } from 'vitest';
import * as actions from '../src/store/actions.js';
import { createGraph } from '../src/store/create_graph.js';
import { hydrateTextSnapshot } from '../src/store/snapshot.js';
import type { ClientState, Operation } from '../src/store/types.js';
import { TREE } from './tree_rope.js';

const insert = (key: string, props: object = {}): Operation =>
  ({ ot: 'node.insert', key: '', path: 'children', value: { key, ...props } }) as Operation;
const add = (value: number): Operation => ({ ot: 'number.add', key: 'n', path: 'p', value });
const p = (state: ClientState): unknown => state.graph.nodes['n']?.['p'];

function withNode(): ClientState {
  const [state] = actions.commitEdits(
    actions.onEdit(actions.createInitialState('a'), insert('n', { p: 0 })),
  );
  return state;
}

describe('pure actions', () => {
  it('the_first_state_is_empty', () => {
    expect(actions.createInitialState('a')).toEqual({
      graph: { nodes: {}, rootKey: '', lww: {}, tombstones: {} },
      journal: [],
      edits: { ops: [], baseGraph: null, startGraph: null },
      snapshot: {
        graph: { nodes: {}, rootKey: '', lww: {}, tombstones: {} },
        vectorClock: {},
        lt: 0,
        journalIndex: 0,
        textRopes: {},
      },
      lt: 0,
      vectorClock: { a: 0 },
      client: 'a',
    });
  });

  it('an_action_gives_a_state_and_leaves_the_old_one', () => {
    const first = withNode();
    const second = actions.onEdit(first, add(1));
    const third = actions.onEdit(second, add(2));
    expect([first, second, third].map(p)).toEqual([0, 1, 3]);
    expect(third.edits.ops).toEqual([add(3)]);
    expect(first.edits.ops).toEqual([]);
  });

  it('old_states_can_be_edited', () => {
    const first = withNode();
    const left = actions.onEdit(first, add(1));
    const right = actions.onEdit(first, add(10));
    expect([p(left), p(right), p(first)]).toEqual([1, 10, 0]);
    const [committed, msg] = actions.commitEdits(left);
    expect(msg!.id).toBe('a:2');
    expect(actions.commitEdits(right).msg!.id).toBe('a:2');
    expect(p(committed)).toBe(1);
  });

  it('results_are_pairs_and_records', () => {
    const result = actions.commitEdits(actions.onEdit(withNode(), add(1)), 'why');
    expect(result[0]).toBe(result.state);
    expect(result[1]).toBe(result.msg);
    expect(actions.commitEdits(result.state).msg).toBeNull();
  });

  it('undo_and_redo_work_on_values', () => {
    const { state } = actions.commitEdits(actions.onEdit(withNode(), add(5)));
    const undone = actions.undo(state);
    expect(undone.msg!.ops[0]).toMatchObject({ ot: 'meta.undo', targetMsgId: 'a:2' });
    const redone = actions.redo(undone.state);
    expect([p(state), p(undone.state), p(redone.state)]).toEqual([5, 0, 5]);
    const plain = JSON.parse(JSON.stringify(undone.state)) as ClientState;
    expect(p(actions.redo(plain).state)).toBe(5);
  });

  it('states_of_a_store_and_of_json_are_values_too', () => {
    const store = createGraph({ client: 'a' });
    store.edit(insert('n', { p: 0 }));
    store.commit();
    const next = actions.onEdit(store.getState(), add(4));
    expect(p(next)).toBe(4);
    expect(store.getNode('n')!['p']).toBe(0);
    const plain = JSON.parse(JSON.stringify(next)) as ClientState;
    expect(p(actions.onEdit(plain, add(1)))).toBe(5);
    expect(actions.getUnackedMessages(plain).length).toBe(1);
  });

  it('acks_and_remote_messages_are_counted', () => {
    const state = withNode();
    expect([actions.hasPendingMessages(state), actions.getPendingCount(state)]).toEqual([true, 1]);
    const acked = actions.onServerAck(state, 'a:1');
    expect(actions.getUnackedMessages(acked)).toEqual([]);
    expect(actions.hasPendingMessages(state)).toBe(true);
    const remote = { id: 'x:9', client: 'x', clock: { x: 9 }, lt: 9, ts: 1, ops: [add(1)] };
    const received = actions.onRemoteMessage(acked, remote);
    expect([received.lt, received.vectorClock]).toEqual([9, { a: 1, x: 9 }]);
    expect(p(received)).toBe(1);
    const { msg } = actions.commitEdits(actions.onEdit(received, add(1)));
    expect([msg!.id, msg!.clock]).toEqual(['a:10', { a: 2 }]);
  });

  it('cancel_takes_edits_back', () => {
    const state = actions.onEdit(withNode(), add(1));
    expect(p(actions.cancelEdits(state))).toBe(0);
    expect(p(state)).toBe(1);
  });

  it('a_graph_can_be_rebuilt_from_its_parts', () => {
    const state = actions.onEdit(withNode(), add(2));
    const { snapshot, journal, edits } = state;
    expect(actions.rebuildGraph(snapshot, journal, edits.ops).nodes['n']!['p']).toBe(2);
    expect(actions.rebuildGraph(snapshot, journal, []).nodes['n']!['p']).toBe(0);
  });

  it('initFromServer_reads_undo_marks', () => {
    const message = (n: number, ...ops: Operation[]) => ({
      id: `x:${n}`,
      client: 'x',
      clock: { x: n },
      lt: n,
      ts: n,
      ops,
    });
    const undo = { ot: 'meta.undo', key: '_meta', path: '_meta', targetMsgId: 'x:9' } as const;
    const { snapshot } = actions.createInitialState('z');
    const state = actions.initFromServer('a', snapshot, [
      message(8, insert('n', { p: 1 })),
      message(9, { ot: 'number.set', key: 'n', path: 'p', value: 2 }),
      message(10, undo),
    ]);
    expect(state.lt).toBe(10);
    expect(state.journal.map((entry) => entry.deletedAt)).toEqual([null, 10, null]);
    expect(p(state)).toBe(1);
    const next = actions.commitEdits(actions.onEdit(state, add(1)));
    expect(next.msg!.id).toBe('a:11');
  });

  it('compact_keeps_what_is_shown', () => {
    const state = actions.onServerAck(withNode(), 'a:1');
    const folded = actions.compact(state);
    expect(folded.journal).toEqual([]);
    expect(folded.snapshot.graph.nodes['n']!['p']).toBe(0);
    expect(p(actions.onEdit(folded, add(3)))).toBe(3);
    expect(state.journal.length).toBe(1);
  });

  it('wrong_states_are_type_errors', () => {
    expect(() => actions.onEdit(null as never, add(1))).toThrow(TypeError);
    expect(() => actions.onEdit({} as never, add(1))).toThrow(TypeError);
    const state = withNode();
    expect(() => actions.onEdit(state, { ...add(1), value: 'x' } as never)).toThrow(/number.add/);
    expect(p(state)).toBe(0);
  });
});

describe('hydrateTextSnapshot', () => {
  it('shows_the_text_of_a_rope', () => {
    const base = withNode();
    const snapshot = {
      graph: base.graph,
      vectorClock: { a: 1 },
      lt: 1,
      journalIndex: 1,
      textRopes: { n: { t: TREE }, missing: { t: TREE } },
    };
    const hydrated = hydrateTextSnapshot(snapshot);
    expect(hydrated.graph.nodes['n']!['t']).toBe('Hel!');
    expect(hydrated.textRopes).toEqual({});
    expect(hydrateTextSnapshot(hydrated)).toBe(hydrated);
    expect(base.graph.nodes['n']!['t']).toBeUndefined();
    const store = createGraph({ client: 'b', initialSnapshot: snapshot });
    store.edit({ ot: 'text.insert', key: 'n', path: 't', position: 4, value: '?' });
    expect(store.textOf('n', 't')).toBe('Hel!?');
    expect(store.commit()!.ops[0]).toMatchObject({ id: 'b:1', value: ['b:0', '?'], seq: 3 });
  });
});
