// What is edited while a persisted store is being read: kept as it was written, and done again when
// the store is there.
import type { GraphStore } from '../store/graph_store.js';
import type { CRDTMessage, Operation } from '../store/types.js';

/** Notes what a store committed and has pending; gives what does it again on what it became. */
export function recordedEdits(store: GraphStore): () => void {
  const { journal, edits } = store.getState();
  const messages = journal.filter((entry) => !entry.ack).map((entry) => entry.msg);
  return () => {
    for (const msg of messages) {
      for (const op of msg.ops) again(store, op, msg);
      store.commit();
    }
    for (const op of edits.ops) again(store, op, undefined);
  };
}

/** Ids and anchors of the old author become a place at the end. */
function again(store: GraphStore, op: Operation, msg: CRDTMessage | undefined): void {
  const { key, path, value } = op as { key: string; path: string; value?: unknown };
  try {
    if (op.ot === 'text.insert' || op.ot === 'text.replace') {
      const text = Array.isArray(value) ? String(value[1]) : String(value);
      const position = store.textOf(key, path).length;
      store.edit({ ot: 'text.insert', key, path, position, value: text });
    } else if (!op.ot.startsWith('meta.') && op.ot !== 'text.delete') {
      store.edit(op);
    }
  } catch {
    console.warn(`vuer-rtc: an early edit does not fit: ${op.ot} ${msg?.id ?? ''}`);
  }
}
