// The functions that people start with.
import { GraphStore } from './graph_store.js';
import type { GraphSchema } from './schema.js';
import type { CreateGraphOptions, CRDTMessage, Snapshot } from './types.js';

/** A store at once, in every runtime; `createGraph<Schema>()` narrows what may be edited. */
export function createGraph<S extends GraphSchema = GraphSchema>(
  options: CreateGraphOptions,
): GraphStore<S> {
  return new GraphStore<S>(options);
}

export function createGraphFromServer(
  client: string,
  snapshot: Snapshot,
  journal: readonly CRDTMessage[],
  onSend?: (message: CRDTMessage) => void,
): GraphStore {
  return GraphStore.fromServer(client, snapshot, journal, onSend);
}
