// The texts of a graph by node and property, each a rope.
import { checkString } from '../store/checks.js';
import * as rope from './rope.js';
import type { DeleteOp, InsertOp, ReplaceOp, TextRope } from './text_rope.js';

/**
 * The texts of a graph by node and property, each a rope. Unknown texts are empty.
 *
 * @example
 * const texts = new GraphTextCRDT('alice');
 * const typed = texts.insertLocal('page', 'title', 0, 'hello');
 * new GraphTextCRDT('bob').applyInsert('page', 'title', typed);
 */
export class GraphTextCRDT {
  readonly client: string;
  private readonly nodes = new Map<string, Map<string, TextRope>>();

  constructor(client: string) {
    checkString(client, 'client');
    this.client = client;
  }

  /** The rope of a property; undefined when there is none. */
  get(nodeKey: string, path: string): TextRope | undefined {
    return this.nodes.get(nodeKey)?.get(path);
  }

  /** The rope of a property, empty at first. */
  getOrCreate(nodeKey: string, path: string): TextRope {
    checkString(nodeKey, 'nodeKey');
    checkString(path, 'path');
    const ropes = this.nodes.get(nodeKey) ?? new Map<string, TextRope>();
    this.nodes.set(nodeKey, ropes);
    const found = ropes.get(path) ?? rope.create(this.client);
    ropes.set(path, found);
    return found;
  }

  /** A second init puts its text in front. */
  init(nodeKey: string, path: string, value = ''): TextRope {
    const found = this.getOrCreate(nodeKey, path);
    if (value !== '') rope.insert(found, 0, value);
    return found;
  }

  /** Types text at a position, in UTF-16 units; gives what the others need. */
  insertLocal(nodeKey: string, path: string, position: number, text: string): InsertOp {
    return rope.insertWithSplit(this.getOrCreate(nodeKey, path), position, text);
  }

  /** Takes what somebody else typed. */
  applyInsert(nodeKey: string, path: string, op: InsertOp): void {
    rope.apply(this.getOrCreate(nodeKey, path), op);
  }

  /** Takes characters out; gives what the others need. */
  deleteLocal(nodeKey: string, path: string, position: number, length: number): DeleteOp {
    return rope.remove(this.getOrCreate(nodeKey, path), position, length);
  }

  /** Takes out what somebody else took out. */
  applyDelete(nodeKey: string, path: string, op: DeleteOp): void {
    rope.applyDelete(this.getOrCreate(nodeKey, path), op);
  }

  /** Types text in the place of a range; gives what the others need. */
  replaceLocal(
    nodeKey: string,
    path: string,
    position: number,
    length: number,
    text: string,
  ): ReplaceOp {
    return rope.replace(this.getOrCreate(nodeKey, path), position, length, text);
  }

  /** Takes what somebody else replaced. */
  applyReplace(nodeKey: string, path: string, op: ReplaceOp): void {
    rope.applyReplace(this.getOrCreate(nodeKey, path), op);
  }

  /** '' when there is no such text. */
  getText(nodeKey: string, path: string): string {
    return this.get(nodeKey, path)?.toString() ?? '';
  }

  /** The text, as getText. */
  getStringRope(nodeKey: string, path: string): string {
    return this.getText(nodeKey, path);
  }

  /** Forgets the texts of a node. */
  deleteNode(nodeKey: string): void {
    this.nodes.delete(nodeKey);
  }

  /** Forgets one text. */
  deleteProperty(nodeKey: string, path: string): void {
    this.nodes.get(nodeKey)?.delete(path);
  }
}
