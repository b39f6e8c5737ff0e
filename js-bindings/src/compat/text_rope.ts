// A text by itself, without a scene: the sequence lives in a document of the core, which decides
// the order of what is inserted. Here stand only names and numbers of this author.
import { CoreDocument } from '../core/handles.js';
import { encode } from '../core/writer.js';
import {
  createItemId,
  highestSeq,
  nextNumber,
  parseItemId,
  treeRope,
  visibleText,
  type TextItem,
  type TreeRope,
} from '../store/rope_forms.js';

/** `agent:number`, the id of a run's first character. */
export type ItemId = string;

/** Text behind a character, or at the front. */
export interface InsertOp {
  readonly ot: 'insert';
  readonly id: ItemId;
  readonly value: readonly [anchor: ItemId | null, text: string];
  readonly seq: number;
  readonly ts: number;
}
/** Characters that are gone. */
export interface DeleteOp {
  readonly ot: 'delete';
  /** Runs of ids: the first, and how many. */
  readonly rm: readonly (readonly [ItemId, number])[];
}
/** Text in the place of characters. */
export interface ReplaceOp extends Omit<InsertOp, 'ot'> {
  readonly ot: 'replace';
  readonly rm: DeleteOp['rm'];
}
/** Characters taken out here and typed there. */
export interface MoveOp {
  readonly ot: 'move';
  readonly delete: DeleteOp;
  readonly insert: InsertOp;
}

/** An edit of the text in the core's words. */
export type TextEdit =
  | (Omit<InsertOp, 'ot'> & { readonly ot: 'text.insert' })
  | (Omit<DeleteOp, 'ot'> & { readonly ot: 'text.delete' });

const NODE = 'rope';
const PATH = 'text';
const AUTHOR = 'rope';

/**
 * A text by itself: the core's sequence without a graph around it. Made by `rope.create`.
 *
 * @example
 * const notes: TextRope = rope.create('alice');
 * rope.insert(notes, 0, 'hello');
 * console.log(String(notes));
 */
export class TextRope {
  agentId: string;
  /** The number of the next character this author types. */
  clock = 0;
  /** The greatest `seq` of an insert so far. */
  maxSeq = 0;
  /** The last character this author typed, and the position behind it. */
  lastInsertId: ItemId | null = null;
  lastInsertPos = 0;
  private readonly document = new CoreDocument();
  private lt = 1;
  private known: readonly TextItem[] | undefined;

  constructor(agentId: string, items: readonly TextItem[] = []) {
    this.agentId = agentId;
    const ropes = items.length === 0 ? {} : { [NODE]: { [PATH]: treeRope(items, agentId, 0, 0) } };
    const value = { key: NODE };
    this.document.load(encode({ graph: { nodes: {}, rootKey: '' }, textRopes: ropes, lt: 0 }));
    this.receive(AUTHOR, [{ ot: 'node.insert', key: '', path: 'children', value }]);
    this.maxSeq = highestSeq(items);
    this.clock = nextNumber(this.items, agentId);
  }

  /** Every item, deleted ones included, in document order. */
  get items(): readonly TextItem[] {
    this.known ??= this.readItems();
    return this.known;
  }

  /** Every further character is this author's. */
  switchTo(agentId: string): void {
    if (agentId === this.agentId) return;
    this.agentId = agentId;
    this.clock = nextNumber(this.items, agentId);
  }

  /** Takes edits of one author, in any order of arrival; what is known already changes nothing. */
  take(author: string, edits: readonly TextEdit[]): void {
    if (edits.length === 0) return;
    this.receive(
      author,
      edits.map((edit) => ({ ...edit, key: NODE, path: PATH })),
    );
    for (const edit of edits) if (edit.ot === 'text.insert') this.count(edit);
  }

  /** The visible text. */
  toString(): string {
    return visibleText(this.items);
  }

  /** The visible text. */
  toJSON(): string {
    return this.toString();
  }

  private count({ id, seq, value }: Omit<InsertOp, 'ot'>): void {
    const [agent, first] = parseItemId(id);
    this.maxSeq = Math.max(this.maxSeq, seq);
    if (agent === this.agentId) this.clock = Math.max(this.clock, first + value[1].length);
  }

  private receive(client: string, ops: readonly object[]): void {
    const lt = this.lt++;
    this.known = undefined;
    const id = createItemId(client, lt);
    this.document.receive(encode({ id, client, clock: {}, lt, ts: 0, ops }, 'lenient'));
  }

  /** The core shows items of what is folded: here everything is. */
  private readItems(): readonly TextItem[] {
    this.document.raiseLine(this.lt - 1);
    const { textRopes } = this.document.snapshot(true) as {
      textRopes: Record<string, Record<string, TreeRope>>;
    };
    return textRopes[NODE]?.[PATH]?._tree.root.items ?? [];
  }
}
