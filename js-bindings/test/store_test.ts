import { describe, expect, it } from 'vitest';
import { createGraph } from '../src/store/graph_store.js';

describe('store', () => {
  it('an_edit_is_seen_at_once', () => {
    const store = createGraph({ client: 'a' });
    store.edit({ ot: 'node.insert', key: '', path: 'children', value: { key: 'n', tag: 'T', p: 1 } });
    expect(store.getNode('n')).toMatchObject({ key: 'n', tag: 'T', p: 1, children: [] });
    const msg = store.commit();
    expect(msg).toMatchObject({ id: 'a:1', client: 'a', clock: { a: 1 }, lt: 1 });
    expect(store.getState().journal.length).toBe(1);
    store.edit({ ot: 'number.add', key: 'n', path: 'p', value: 2 });
    expect(store.getNode('n')!['p']).toBe(3);
  });
});
