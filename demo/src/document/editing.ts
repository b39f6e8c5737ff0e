// The one way in which the page changes the document. A single edit is one message; a drag is shown
// at once, sent at most every 33 ms, and is one step to undo however many messages it took.
import type { GraphStore, Operation } from '@vuer-ai/vuer-rtc';
import { Steps } from './steps';

const SEND_MS = 33;

export class Editing {
  private readonly store: GraphStore;
  private readonly steps = new Steps();
  private dragging = '';
  private sentAt = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(store: GraphStore) {
    this.store = store;
  }

  get canUndo(): boolean {
    return this.steps.canUndo;
  }

  get canRedo(): boolean {
    return this.steps.canRedo;
  }

  /** One message. Neighbours with the same `join` are one step. */
  apply(ops: readonly Operation[], join = ''): void {
    this.finish();
    const message = this.store.transact(() => {
      for (const op of ops) this.store.edit(op);
    });
    if (message !== null) this.steps.add(message.id, join, Date.now());
  }

  /** Part of a drag; `finish` ends it. */
  drag(name: string, op: Operation): void {
    if (this.dragging !== name) {
      this.finish();
      this.steps.close();
      this.dragging = name;
    }
    this.store.edit(op);
    const wait = this.sentAt + SEND_MS - Date.now();
    if (wait <= 0) this.send();
    else this.timer ??= setTimeout(() => this.send(), wait);
  }

  finish(): void {
    if (this.dragging === '') return;
    this.send();
    this.dragging = '';
    this.steps.close();
  }

  /** Whatever comes next is another step. */
  split(): void {
    this.finish();
    this.steps.close();
  }

  undo(): void {
    this.finish();
    this.replay('meta.undo', this.steps.undo());
  }

  redo(): void {
    this.finish();
    this.replay('meta.redo', this.steps.redo());
  }

  private send(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    const message = this.store.commit();
    if (message === null) return;
    this.sentAt = Date.now();
    this.steps.add(message.id, `drag ${this.dragging}`, this.sentAt);
  }

  private replay(ot: 'meta.undo' | 'meta.redo', ids: readonly string[]): void {
    if (ids.length === 0) return;
    this.store.transact(() => {
      for (const targetMsgId of ids)
        this.store.edit({ ot, key: '_meta', path: '_meta', targetMsgId });
    });
  }
}
