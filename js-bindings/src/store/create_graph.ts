// The functions that people start with.
import { GraphStore } from './graph_store.js';
import type { CreateGraphOptions, CRDTMessage, Snapshot } from './types.js';

export function createGraph(options: CreateGraphOptions): GraphStore {
  return new GraphStore(options);
}

export function createGraphFromServer(
  client: string,
  snapshot: Snapshot,
  journal: readonly CRDTMessage[],
  onSend?: (message: CRDTMessage) => void,
): GraphStore {
  return GraphStore.fromServer(client, snapshot, journal, onSend);
}
