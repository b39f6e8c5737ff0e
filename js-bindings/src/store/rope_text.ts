// The visible text of a serialized rope: the tree form, or the raw form of visible items.
import { hasOwn } from '../core/records.js';

interface RopeItem {
  content?: unknown;
  isDeleted?: unknown;
  is_deleted?: unknown;
}

export function ropeText(rope: unknown): string {
  if (typeof rope !== 'object' || rope === null) return '';
  const record = rope as Record<string, unknown>;
  if (Array.isArray(record['raw'])) return rawText(record['raw']);
  const tree = record['_tree'];
  if (typeof tree !== 'object' || tree === null) return '';
  return treeText(hasOwn(tree, 'root') ? (tree as { root: unknown }).root : tree);
}

function rawText(raw: unknown[]): string {
  const items = Array.isArray(raw[3]) ? (raw[3] as unknown[]) : [];
  return items
    .map((item) => (Array.isArray(item) && typeof item[1] === 'string' ? item[1] : ''))
    .join('');
}

function treeText(node: unknown): string {
  if (typeof node !== 'object' || node === null) return '';
  const { items, children } = node as { items?: unknown; children?: unknown };
  if (Array.isArray(children)) return children.map(treeText).join('');
  if (!Array.isArray(items)) return '';
  return (items as RopeItem[])
    .filter((item) => item.isDeleted !== true && item.is_deleted !== true)
    .map((item) => (typeof item.content === 'string' ? item.content : ''))
    .join('');
}
