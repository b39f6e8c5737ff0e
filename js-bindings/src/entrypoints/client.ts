// `@vuer-ai/vuer-rtc/client`: the store and the pure actions.
export { RtcError, type RtcErrorCode } from '../core/error.js';
export {
  cancelEdits,
  commitEdits,
  compact,
  createInitialState,
  getPendingCount,
  getUnackedMessages,
  hasPendingMessages,
  initFromServer,
  onEdit,
  onRemoteMessage,
  onServerAck,
  rebuildGraph,
  redo,
  undo,
  type ActionResult,
} from '../store/actions.js';
export { createGraph, createGraphFromServer } from '../store/create_graph.js';
export { GraphStore } from '../store/graph_store.js';
export { setOperation, textChange, type TextChange } from '../store/edits.js';
export { bindTextarea, type TextField } from '../text/textarea.js';
export { isAdditiveOp, mergeValues } from '../store/math.js';
export type { GraphSchema, NodeOf, OperationOf } from '../store/schema.js';
export { dehydrateTextSnapshot, hydrateTextSnapshot } from '../store/snapshot.js';
export type {
  AckStamp,
  ClientState,
  CreateGraphOptions,
  EditBuffer,
  JournalEntry,
  RtcWarning,
  Snapshot,
  StoreStatus,
} from '../store/types.js';
