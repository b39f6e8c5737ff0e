// Runs of text in the order of their insertion, found by position or by id.
import {
  bulkLoad,
  createTree,
  flattenItems,
  insertAt,
  iterateAll,
  recalcCountsFor,
  totalItems,
  totalVisChars,
  type BTree,
  type BTreeLeaf,
} from './btree.js';

/** The id of a character: who typed it, and which of theirs it is. */
export interface RangeId {
  readonly agent: string;
  readonly seq: number;
}

/** A run of characters that were typed at once. */
export interface RangeItem {
  readonly id: RangeId;
  content: string;
  isDeleted: boolean;
  readonly parentId: RangeId | null;
  readonly seq: number;
}

/** Where a position lies. */
export interface RangePlace {
  readonly leaf: BTreeLeaf<RangeItem>;
  readonly itemIndex: number;
  readonly offset: number;
}

const keyOf = ({ agent, seq }: RangeId): string => `${seq}:${agent}`;

/**
 * A list of runs, found by position in O(log n) and by id.
 *
 * @example
 * const ranges = new RangeTree();
 * const id = { agent: 'alice', seq: 0 };
 * ranges.insert({ id, content: 'ab', isDeleted: false, parentId: null, seq: 1 });
 * console.log(ranges.findByPosition(1)?.offset);
 */
export class RangeTree {
  private tree: BTree<RangeItem> = createTree();
  private readonly byId = new Map<string, RangeItem>();

  /** Visible characters. */
  get length(): number {
    return totalVisChars(this.tree);
  }

  /** Items, deleted ones included. */
  get itemCount(): number {
    return totalItems(this.tree);
  }

  /** Appends it; throws RangeError when the id is here already. */
  insert(item: RangeItem): void {
    const key = keyOf(item.id);
    if (this.byId.has(key)) throw new RangeError(`${item.id.agent}:${item.id.seq} is here already`);
    this.byId.set(key, item);
    insertAt(this.tree, this.itemCount, item);
  }

  /**
   * Who shows the character at a position; at the end the last item of the last leaf; null outside.
   */
  findByPosition(position: number): RangePlace | null {
    if (!(position >= 0 && position <= this.length)) return null;
    let left = position;
    let node = this.tree.root;
    while (node.ntype === 'internal') {
      let next = node.children.at(-1)!;
      for (const child of node.children) {
        if (left < child.visChars) {
          next = child;
          break;
        }
        if (child !== next) left -= child.visChars;
      }
      node = next;
    }
    return placeIn(node, left);
  }

  /** The item with this id. */
  findById(id: RangeId): RangeItem | undefined {
    return this.byId.get(keyOf(id));
  }

  /** False when it is unknown or deleted already. */
  delete(id: RangeId): boolean {
    const item = this.findById(id);
    if (item === undefined || item.isDeleted) return false;
    item.isDeleted = true;
    recalcCountsFor(this.tree, item);
    return true;
  }

  /** The visible text. */
  getContent(): string {
    let text = '';
    for (const item of this.items()) if (!item.isDeleted) text += item.content;
    return text;
  }

  /** All items in order, deleted ones included. */
  items(): IterableIterator<RangeItem> {
    return iterateAll(this.tree);
  }

  /** After items were changed by hand. */
  recalcAllCounts(): void {
    this.tree = bulkLoad(flattenItems(this.tree));
  }
}

function placeIn(leaf: BTreeLeaf<RangeItem>, position: number): RangePlace {
  let left = position;
  const itemIndex = leaf.items.findIndex((item) => {
    const shown = item.isDeleted ? 0 : item.content.length;
    if (left < shown) return true;
    left -= shown;
    return false;
  });
  if (itemIndex >= 0) return { leaf, itemIndex, offset: left };
  return { leaf, itemIndex: leaf.items.length - 1, offset: leaf.items.at(-1)?.content.length ?? 0 };
}
