// `@vuer-ai/vuer-rtc`: everything but the provider and the bindings. The rope functions, whose
// names are short, stand in the namespace `rope`.
export * from './client.js';
export * from './datastructures.js';
export * from './operations.js';
export * from './serdes.js';
export * from './state.js';
export { GraphTextCRDT } from '../compat/graph_text.js';
export { RangeTree, type RangeId, type RangeItem, type RangePlace } from '../compat/range_tree.js';
export * as rope from '../compat/rope.js';
export {
  TextRope,
  type DeleteOp,
  type InsertOp,
  type ItemId,
  type MoveOp,
  type ReplaceOp,
} from '../compat/text_rope.js';
export type { RawItem, RawTextRope, TextItem, TreeRope } from '../store/rope_forms.js';
export { PACKAGE_VERSION as version } from '../core/version.js';
