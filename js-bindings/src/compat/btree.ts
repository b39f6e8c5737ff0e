// A list of items in a B-tree that counts, below every branch, items and visible characters: places
// and positions are found in O(log n). Items are found by identity.

/** What a tree can hold. */
export interface BTreeItem {
  readonly content: string;
  readonly isDeleted: boolean;
}

/** Up to MAX_LEAF items. */
export interface BTreeLeaf<T extends BTreeItem> {
  readonly ntype: 'leaf';
  items: T[];
  visChars: number;
  parent: BTreeBranch<T> | null;
}

/** Up to MAX_INTERNAL children, and what is below them. */
export interface BTreeBranch<T extends BTreeItem> {
  readonly ntype: 'internal';
  children: BTreeNode<T>[];
  itemCount: number;
  visChars: number;
  parent: BTreeBranch<T> | null;
}

/** A leaf or a branch. */
export type BTreeNode<T extends BTreeItem> = BTreeLeaf<T> | BTreeBranch<T>;

/** A list of items, counted in every branch. */
export interface BTree<T extends BTreeItem> {
  root: BTreeNode<T>;
  /** The leaf of every item. */
  readonly leafOf: Map<T, BTreeLeaf<T>>;
}

/**
 * Items of a leaf, at most.
 *
 * @example
 * console.log(MAX_LEAF);
 */
export const MAX_LEAF = 32;
/**
 * Children of a branch, at most.
 *
 * @example
 * console.log(MAX_INTERNAL);
 */
export const MAX_INTERNAL = 16;

/**
 * A tree without items.
 *
 * @example
 * const tree = createTree<{ content: string; isDeleted: boolean }>();
 * console.log(totalItems(tree));
 */
export function createTree<T extends BTreeItem>(): BTree<T> {
  return { root: newLeaf<T>([]), leafOf: new Map() };
}

/**
 * A tree of these items, in this order.
 *
 * @example
 * const tree = bulkLoad([{ content: 'ab', isDeleted: false }]);
 * console.log(totalVisChars(tree));
 */
export function bulkLoad<T extends BTreeItem>(items: readonly T[]): BTree<T> {
  const tree = createTree<T>();
  let level: BTreeNode<T>[] = chunks(items, MAX_LEAF).map(newLeaf);
  for (const leaf of level as BTreeLeaf<T>[]) own(tree, leaf);
  while (level.length > 1) level = chunks(level, MAX_INTERNAL).map(newBranch);
  if (level[0] !== undefined) tree.root = level[0];
  return tree;
}

/**
 * Characters of the items that are not deleted, in UTF-16 units.
 *
 * @example
 * console.log(totalVisChars(bulkLoad([{ content: 'ab', isDeleted: true }])));
 */
export function totalVisChars<T extends BTreeItem>(tree: BTree<T>): number {
  return tree.root.visChars;
}

/**
 * Items, deleted ones included.
 *
 * @example
 * console.log(totalItems(bulkLoad([{ content: 'ab', isDeleted: true }])));
 */
export function totalItems<T extends BTreeItem>(tree: BTree<T>): number {
  return countOf(tree.root);
}

/**
 * The item at a place, or undefined outside.
 *
 * @example
 * console.log(getAt(bulkLoad([{ content: 'ab', isDeleted: false }]), 0)?.content);
 */
export function getAt<T extends BTreeItem>(tree: BTree<T>, ordinal: number): T | undefined {
  if (!(ordinal >= 0 && ordinal < totalItems(tree))) return undefined;
  const { leaf, index } = descend(tree, ordinal);
  return leaf.items[index];
}

/**
 * Puts an item before the one at this place; throws RangeError outside 0..count.
 *
 * @example
 * const tree = createTree<{ content: string; isDeleted: boolean }>();
 * insertAt(tree, 0, { content: 'ab', isDeleted: false });
 */
export function insertAt<T extends BTreeItem>(tree: BTree<T>, ordinal: number, item: T): void {
  if (!Number.isInteger(ordinal) || ordinal < 0 || ordinal > totalItems(tree))
    throw new RangeError(`no place ${ordinal} in a list of ${totalItems(tree)}`);
  const { leaf, index } = descend(tree, ordinal);
  leaf.items.splice(index, 0, item);
  tree.leafOf.set(item, leaf);
  recount(leaf);
  if (leaf.items.length > MAX_LEAF) splitLeaf(tree, leaf);
}

/**
 * Two items where one was. Throws RangeError where none is.
 *
 * @example
 * const of = (content: string) => ({ content, isDeleted: false });
 * splitAtOrdinal(bulkLoad([of('ab')]), 0, of('a'), of('b'));
 */
export function splitAtOrdinal<T extends BTreeItem>(
  tree: BTree<T>,
  ordinal: number,
  left: T,
  right: T,
): void {
  const present = getAt(tree, ordinal);
  if (present === undefined) throw new RangeError(`no item at ${ordinal}`);
  const { leaf, index } = descend(tree, ordinal);
  tree.leafOf.delete(present);
  leaf.items[index] = left;
  tree.leafOf.set(left, leaf);
  insertAt(tree, ordinal + 1, right);
}

/**
 * After the item's own fields changed.
 *
 * @example
 * const item = { content: 'ab', isDeleted: false };
 * const tree = bulkLoad([item]);
 * item.isDeleted = true;
 * recalcCountsFor(tree, item);
 */
export function recalcCountsFor<T extends BTreeItem>(tree: BTree<T>, item: T): void {
  const leaf = tree.leafOf.get(item);
  if (leaf !== undefined) recount(leaf);
}

/**
 * The place of an item, -1 when it is not here.
 *
 * @example
 * const item = { content: 'ab', isDeleted: false };
 * console.log(computeOrdinal(bulkLoad([item]), item));
 */
export function computeOrdinal<T extends BTreeItem>(tree: BTree<T>, item: T): number {
  const leaf = tree.leafOf.get(item);
  return leaf === undefined ? -1 : itemsBefore(leaf) + leaf.items.indexOf(item);
}

/** An item, where it stands, and a character in it. */
export interface VisiblePlace<T> {
  readonly ordinal: number;
  readonly item: T;
  readonly charOffset: number;
}

/**
 * Who shows the character at a position; past the end the last visible item.
 *
 * @example
 * const tree = bulkLoad([{ content: 'ab', isDeleted: false }]);
 * console.log(findByVisiblePos(tree, 1)?.charOffset);
 */
export function findByVisiblePos<T extends BTreeItem>(
  tree: BTree<T>,
  position: number,
): VisiblePlace<T> | null {
  const total = totalVisChars(tree);
  if (position < 0 || total === 0) return null;
  let left = Math.min(position, total - 1);
  let node = tree.root;
  while (node.ntype === 'internal') {
    let at = 0;
    for (; left >= (node.children[at] as BTreeNode<T>).visChars; ++at)
      left -= (node.children[at] as BTreeNode<T>).visChars;
    node = node.children[at] as BTreeNode<T>;
  }
  const index = node.items.findIndex((item) => {
    const shown = visCharsOf(item);
    if (left < shown) return true;
    left -= shown;
    return false;
  });
  const item = node.items[index] as T;
  const charOffset = position >= total ? item.content.length : left;
  return { ordinal: itemsBefore(node) + index, item, charOffset };
}

/**
 * All items in order.
 *
 * @example
 * for (const item of iterateAll(bulkLoad([{ content: 'ab', isDeleted: false }])))
 *   console.log(item.content);
 */
export function* iterateAll<T extends BTreeItem>(tree: BTree<T>): IterableIterator<T> {
  yield* iterateFrom(tree, 0);
}

/**
 * The items from this place on.
 *
 * @example
 * for (const item of iterateFrom(bulkLoad([{ content: 'ab', isDeleted: false }]), 0))
 *   console.log(item.content);
 */
export function* iterateFrom<T extends BTreeItem>(
  tree: BTree<T>,
  ordinal: number,
): IterableIterator<T> {
  for (let at = Math.max(0, ordinal); at < totalItems(tree);) {
    const { leaf, index } = descend(tree, at);
    for (let i = index; i < leaf.items.length; ++i, ++at) yield leaf.items[i] as T;
  }
}

/**
 * All items as an array.
 *
 * @example
 * console.log(flattenItems(bulkLoad([{ content: 'ab', isDeleted: false }])).length);
 */
export function flattenItems<T extends BTreeItem>(tree: BTree<T>): T[] {
  return [...iterateAll(tree)];
}

function visCharsOf(item: BTreeItem): number {
  return item.isDeleted ? 0 : item.content.length;
}

function countOf<T extends BTreeItem>(node: BTreeNode<T>): number {
  return node.ntype === 'leaf' ? node.items.length : node.itemCount;
}

function newLeaf<T extends BTreeItem>(items: readonly T[]): BTreeLeaf<T> {
  const visChars = items.reduce((sum, item) => sum + visCharsOf(item), 0);
  return { ntype: 'leaf', items: [...items], visChars, parent: null };
}

function newBranch<T extends BTreeItem>(children: readonly BTreeNode<T>[]): BTreeBranch<T> {
  const branch: BTreeBranch<T> = {
    ntype: 'internal',
    children: [...children],
    itemCount: 0,
    visChars: 0,
    parent: null,
  };
  for (const child of children) child.parent = branch;
  recount(branch);
  return branch;
}

function own<T extends BTreeItem>(tree: BTree<T>, leaf: BTreeLeaf<T>): void {
  for (const item of leaf.items) tree.leafOf.set(item, leaf);
}

function chunks<T>(list: readonly T[], size: number): T[][] {
  const out: T[][] = [];
  for (let at = 0; at < list.length; at += size) out.push(list.slice(at, at + size));
  return out;
}

/** Counts a node anew, and everything above it. */
function recount<T extends BTreeItem>(node: BTreeNode<T>): void {
  for (let at: BTreeNode<T> | null = node; at !== null; at = at.parent) {
    if (at.ntype === 'leaf') {
      at.visChars = at.items.reduce((sum, item) => sum + visCharsOf(item), 0);
    } else {
      at.visChars = at.children.reduce((sum, child) => sum + child.visChars, 0);
      at.itemCount = at.children.reduce((sum, child) => sum + countOf(child), 0);
    }
  }
}

/** The leaf of a place; the end belongs to the last leaf. */
function descend<T extends BTreeItem>(
  tree: BTree<T>,
  ordinal: number,
): { leaf: BTreeLeaf<T>; index: number } {
  let left = ordinal;
  let node = tree.root;
  while (node.ntype === 'internal') {
    let at = 0;
    for (; at + 1 < node.children.length; ++at) {
      const count = countOf(node.children[at] as BTreeNode<T>);
      if (left < count) break;
      left -= count;
    }
    node = node.children[at] as BTreeNode<T>;
  }
  return { leaf: node, index: left };
}

function itemsBefore<T extends BTreeItem>(leaf: BTreeLeaf<T>): number {
  let before = 0;
  for (let node: BTreeNode<T> = leaf; node.parent !== null; node = node.parent) {
    for (const sibling of node.parent.children) {
      if (sibling === node) break;
      before += countOf(sibling);
    }
  }
  return before;
}

function splitLeaf<T extends BTreeItem>(tree: BTree<T>, leaf: BTreeLeaf<T>): void {
  const right = newLeaf(leaf.items.splice(leaf.items.length >> 1));
  own(tree, right);
  recount(leaf);
  addBeside(tree, leaf, right);
}

function splitBranch<T extends BTreeItem>(tree: BTree<T>, branch: BTreeBranch<T>): void {
  const right = newBranch(branch.children.splice(branch.children.length >> 1));
  recount(branch);
  addBeside(tree, branch, right);
}

function addBeside<T extends BTreeItem>(
  tree: BTree<T>,
  node: BTreeNode<T>,
  right: BTreeNode<T>,
): void {
  const { parent } = node;
  if (parent === null) {
    tree.root = newBranch([node, right]);
    return;
  }
  parent.children.splice(parent.children.indexOf(node) + 1, 0, right);
  right.parent = parent;
  recount(parent);
  if (parent.children.length > MAX_INTERNAL) splitBranch(tree, parent);
}
