// An undo that the server takes after it has folded the target changes nothing (law, section 8).
import type { GraphStore } from '../store/graph_store.js';

/**
 * The target of an own undo that came too late; undefined for any other message, and for an undo
 * in time. To be asked before the store learns of the ack.
 */
export function lateTarget(
  store: Pick<GraphStore, 'message'>,
  msgId: string,
  stable: number,
): string | undefined {
  for (const op of store.message(msgId)?.ops ?? []) {
    if (op.ot !== 'meta.undo') continue;
    const { targetMsgId } = op as { readonly targetMsgId: string };
    if (ltOf(store, targetMsgId) <= stable) return targetMsgId;
  }
  return undefined;
}

/** What left the journal had at least the number that its id was given. */
function ltOf(store: Pick<GraphStore, 'message'>, id: string): number {
  return store.message(id)?.lt ?? Number(id.slice(id.lastIndexOf(':') + 1));
}
