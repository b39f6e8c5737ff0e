// Serialized ropes: every form that was ever written becomes the items of one list, and back. The
// raw form lacks removed text, so what was typed behind it hangs on what stands before it.
import { isPlainObject } from '../core/records.js';

/** A run of characters; `id` names the first, the others count up. */
export interface TextItem {
  readonly id: string;
  readonly content: string;
  readonly isDeleted: boolean;
  readonly anchor: string | null;
  readonly seq: number;
  readonly ts: number;
}

/** A visible run of characters in the raw form. */
export type RawItem = readonly [
  id: string,
  content: string,
  anchor: string | null,
  seq: number,
  ts: number,
];
/** The short form: visible text only. */
export type RawTextRope = readonly [
  agentId: string,
  clock: number,
  maxSeq: number,
  items: readonly RawItem[],
];
/** The lossless form of snapshots. */
export interface TreeRope {
  readonly _tree: {
    readonly root: { readonly ntype: 'leaf'; readonly items: readonly TextItem[] };
  };
  readonly agentId: string;
  readonly clock: number;
  readonly maxSeq: number;
}

type Fields = Record<string, unknown>;

/**
 * Splits at the last colon. Throws RangeError when no number follows it.
 *
 * @example
 * const [agent, seq] = rope.parseItemId('alice:7');
 * console.log(agent, seq);
 */
export function parseItemId(id: string): [agent: string, seq: number] {
  const colon = id.lastIndexOf(':');
  const digits = id.slice(colon + 1);
  if (colon < 0 || !/^\d+$/.test(digits)) throw new RangeError(`no item id: ${JSON.stringify(id)}`);
  return [id.slice(0, colon), Number(digits)];
}

/**
 * The id of an agent's character.
 *
 * @example
 * console.log(rope.createItemId('alice', 7));
 */
export function createItemId(agent: string, seq: number): string {
  return `${agent}:${seq}`;
}

/** The id of the character `offset` behind this one. */
export function idAfter(id: string, offset: number): string {
  const [agent, seq] = parseItemId(id);
  return createItemId(agent, seq + offset);
}

/** The raw wrapper or the tree form, in any spelling. */
export function isRopeForm(value: unknown): value is Fields {
  return isPlainObject(value) && (Array.isArray(value['raw']) || isPlainObject(value['_tree']));
}

/** The items of a rope in document order. Throws RangeError on an item without id. */
export function ropeItems(rope: unknown): TextItem[] {
  if (!isRopeForm(rope)) return [];
  const { raw, _tree: tree } = rope;
  return Array.isArray(raw) ? rawItems(raw) : treeItems(tree);
}

/** The text of the items that are not deleted. */
export function visibleText(items: readonly TextItem[]): string {
  let text = '';
  for (const item of items) if (!item.isDeleted) text += item.content;
  return text;
}

/** The form that the core and other clients read. */
export function treeRope(
  items: readonly TextItem[],
  agentId: string,
  clock: number,
  maxSeq: number,
): TreeRope {
  return { _tree: { root: { ntype: 'leaf', items } }, agentId, clock, maxSeq };
}

/** The raw form of visible items. */
export function rawItemsOf(items: readonly TextItem[]): RawItem[] {
  const visible = items.filter((item) => !item.isDeleted);
  return visible.map(({ id, content, anchor, seq, ts }) => [id, content, anchor, seq, ts]);
}

/** A rope of any form in the raw form's wrapper; the core's compact form stays as it is. */
export function rawRope(rope: unknown): unknown {
  if (!isRopeForm(rope)) return rope;
  const items = ropeItems(rope);
  const agent = ropeAgent(rope);
  return {
    _textRope: true,
    raw: [agent, nextNumber(items, agent), highestSeq(items), rawItemsOf(items)],
  };
}

/** The number of the next character of an agent. */
export function nextNumber(items: readonly TextItem[], agent: string): number {
  let next = 0;
  for (const { id, content } of items) {
    const [author, first] = parseItemId(id);
    if (author === agent) next = Math.max(next, first + content.length);
  }
  return next;
}

/** A rope of any form as the core reads it; its own compact form stays as it is. */
export function readableRope(rope: unknown): unknown {
  if (!isRopeForm(rope)) return rope;
  const items = ropeItems(rope);
  const agent = ropeAgent(rope);
  return treeRope(items, agent, nextNumber(items, agent), highestSeq(items));
}

export function ropeAgent(rope: unknown): string {
  const { raw, agentId, agent_id: older } = rope as Fields;
  const agent = Array.isArray(raw) ? (raw[0] as unknown) : (agentId ?? older);
  return typeof agent === 'string' ? agent : 'unknown';
}

export function highestSeq(items: readonly TextItem[]): number {
  return items.reduce((highest, item) => Math.max(highest, item.seq), 0);
}

function treeItems(node: unknown): TextItem[] {
  if (!isPlainObject(node)) return [];
  if ('root' in node) return treeItems(node['root']);
  const { children, items } = node;
  if (Array.isArray(children)) return children.flatMap(treeItems);
  return Array.isArray(items) ? items.map(treeItem) : [];
}

function treeItem(item: Fields): TextItem {
  const isDeleted = item['isDeleted'] ?? item['is_deleted'];
  const anchor = item['anchor'] ?? item['parentId'] ?? item['parent_id'];
  return {
    id: idOf(item['id']),
    content: textOf(item['content']),
    isDeleted: isDeleted === true,
    anchor: anchorOf(anchor),
    seq: numberOf(item['seq']) ?? 0,
    ts: numberOf(item['ts']) ?? Date.now(),
  };
}

function rawItems(raw: readonly unknown[]): TextItem[] {
  const list = Array.isArray(raw[3]) ? (raw[3] as unknown[]) : [];
  const items: TextItem[] = [];
  const ids = new Set<string>();
  let last: string | null = null;
  for (const entry of list) {
    if (!Array.isArray(entry) || entry.length < 5)
      throw new RangeError('a raw item is [id, content, anchor, seq, ts]');
    const [id, content, anchor, seq, ts] = entry as unknown[];
    const item = treeItem({ id, content, anchor, seq, ts });
    items.push(item.anchor === null || ids.has(item.anchor) ? item : { ...item, anchor: last });
    for (let i = 0; i < item.content.length; ++i) ids.add((last = idAfter(item.id, i)));
  }
  return items;
}

function idOf(id: unknown): string {
  const text = isPlainObject(id) ? createItemId(String(id['agent']), Number(id['seq'])) : id;
  if (typeof text !== 'string') throw new RangeError('an item of a rope has no id');
  parseItemId(text);
  return text;
}

function anchorOf(anchor: unknown): string | null {
  return anchor === null || anchor === undefined || anchor === 'null' ? null : idOf(anchor);
}

function textOf(content: unknown): string {
  return typeof content === 'string' ? content : '';
}

function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}
