// The texts of a graph by node and property, each a rope.
import { checkString } from '../store/checks.js';
import * as rope from './rope.js';
import type { DeleteOp, InsertOp, ReplaceOp, TextRope } from './text_rope.js';

export class GraphTextCRDT {
  readonly client: string;
  private readonly nodes = new Map<string, Map<string, TextRope>>();

  constructor(client: string) {
    checkString(client, 'client');
    this.client = client;
  }

  get(nodeKey: string, path: string): TextRope | undefined {
    return this.nodes.get(nodeKey)?.get(path);
  }

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

  insertLocal(nodeKey: string, path: string, position: number, text: string): InsertOp {
    return rope.insertWithSplit(this.getOrCreate(nodeKey, path), position, text);
  }

  applyInsert(nodeKey: string, path: string, op: InsertOp): void {
    rope.apply(this.getOrCreate(nodeKey, path), op);
  }

  deleteLocal(nodeKey: string, path: string, position: number, length: number): DeleteOp {
    return rope.remove(this.getOrCreate(nodeKey, path), position, length);
  }

  applyDelete(nodeKey: string, path: string, op: DeleteOp): void {
    rope.applyDelete(this.getOrCreate(nodeKey, path), op);
  }

  replaceLocal(
    nodeKey: string,
    path: string,
    position: number,
    length: number,
    text: string,
  ): ReplaceOp {
    return rope.replace(this.getOrCreate(nodeKey, path), position, length, text);
  }

  applyReplace(nodeKey: string, path: string, op: ReplaceOp): void {
    rope.applyReplace(this.getOrCreate(nodeKey, path), op);
  }

  /** '' when there is no such text. */
  getText(nodeKey: string, path: string): string {
    return this.get(nodeKey, path)?.toString() ?? '';
  }

  getStringRope(nodeKey: string, path: string): string {
    return this.getText(nodeKey, path);
  }

  deleteNode(nodeKey: string): void {
    this.nodes.delete(nodeKey);
  }

  deleteProperty(nodeKey: string, path: string): void {
    this.nodes.get(nodeKey)?.delete(path);
  }
}
