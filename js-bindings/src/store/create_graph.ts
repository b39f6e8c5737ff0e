// The functions that people start with.
import { GraphStore } from './graph_store.js';
import type { GraphSchema } from './schema.js';
import type { CreateGraphOptions, CRDTMessage, Snapshot } from './types.js';

/**
 * A store, usable at once in every runtime; `createGraph<Schema>()` narrows what may be edited.
 * Throws TypeError on wrong options.
 *
 * @example
 * const alice = createGraph({ client: 'alice', onSend: (message) => console.log(message.id) });
 * alice.edit({ ot: 'node.insert', key: '', path: 'children', value: { key: 'box', size: 1 } });
 * alice.commit();
 */
export function createGraph<S extends GraphSchema = GraphSchema>(
  options: CreateGraphOptions,
): GraphStore<S> {
  return new GraphStore<S>(options);
}

/**
 * A store out of a server's `state`: what is in the journal counts as acknowledged.
 *
 * @example
 * const joined = createGraphFromServer('alice', snapshot, [msg], (own) => console.log(own.id));
 * console.log(joined.getState().graph);
 */
export function createGraphFromServer(
  client: string,
  snapshot: Snapshot,
  journal: readonly CRDTMessage[],
  onSend?: (message: CRDTMessage) => void,
): GraphStore {
  return GraphStore.fromServer(client, snapshot, journal, onSend);
}
