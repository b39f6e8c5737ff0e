// What the main entry and `./crdt` both offer of texts.
export { GraphTextCRDT } from '../compat/graph_text.js';
export { RangeTree, type RangeId, type RangeItem, type RangePlace } from '../compat/range_tree.js';
export {
  TextRope,
  type DeleteOp,
  type InsertOp,
  type ItemId,
  type MoveOp,
  type ReplaceOp,
} from '../compat/text_rope.js';
export type { RawItem, RawTextRope, TextItem, TreeRope } from '../store/rope_forms.js';
