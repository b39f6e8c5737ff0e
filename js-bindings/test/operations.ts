// Operations and stores that tests start from.
import { createGraph } from '../src/store/create_graph.js';
import type { GraphStore } from '../src/store/graph_store.js';
import type { Operation } from '../src/store/types.js';

export const insert = (key: string, parent = '', props: object = {}): Operation =>
  ({ ot: 'node.insert', key: parent, path: 'children', value: { key, ...props } }) as Operation;
export const set = (key: string, path: string, value: number): Operation => ({
  ot: 'number.set',
  key,
  path,
  value,
});
export const add = (key: string, path: string, value: number): Operation => ({
  ot: 'number.add',
  key,
  path,
  value,
});

export function storeWith(client: string, ...ops: Operation[]): GraphStore {
  const store = createGraph({ client, now: () => 10 });
  for (const op of ops) store.edit(op);
  store.commit();
  return store;
}
