// `@vuer-ai/vuer-rtc/operations`: operations on bare graphs, and their types.
export {
  applyMessage,
  applyMessageMut,
  applyMessages,
  applyMessagesMut,
  applyOperation,
  type ApplyFn,
} from '../store/bare.js';
export { createEmptyGraph } from '../store/snapshot.js';
export * from '../generated/apply.js';
export type * from '../generated/operations.js';
export { operationTypes } from '../generated/operations.js';
export type {
  CRDTEnvelope,
  CRDTMessage,
  OpMeta,
  SceneGraph,
  SceneNode,
  VectorClock,
} from '../store/types.js';
