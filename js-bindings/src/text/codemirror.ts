// A CodeMirror editor that shows a text property. Two documents meet here, the editor's and the
// store's: what others typed waits while a composition runs, and what is typed meanwhile is moved
// over it before it reaches the store.
import { ChangeSet, EditorState, Transaction, type Extension } from '@codemirror/state';
import { ViewPlugin, type EditorView, type PluginValue, type ViewUpdate } from '@codemirror/view';
import type { GraphStore } from '../store/graph_store.js';
import { changeText, textChange, type TextChange } from '../store/edits.js';

/**
 * An extension for CodeMirror 6 that keeps the editor's document and a text property equal. Each
 * transaction of the editor is one message; undo is the store's (`store.undo()`). Make the property
 * a text where its node is made (`text.init`): of a plain string that two people turn into a text
 * at once, both copies stay.
 *
 * @example
 * const doc = store.textOf('page', 'text');
 * const extensions = bindCodeMirror(store, 'page', 'text');
 * const editor = new EditorView({ doc, extensions });
 */
export function bindCodeMirror(store: GraphStore, key: string, path: string): Extension {
  return [
    // a text is its UTF-16 units: \r is a letter like others
    EditorState.lineSeparator.of('\n'),
    ViewPlugin.define((view) => new Binding(view, store, key, path)),
  ];
}

class Binding implements PluginValue {
  /** The store's text when it was last looked at. */
  private known: string;
  /** From the editor's document to that text. */
  private unseen: ChangeSet;
  private isOwn = false;
  private isWaiting = false;
  private isGone = false;
  private readonly unsubscribe: () => void;

  constructor(
    private readonly view: EditorView,
    private readonly store: GraphStore,
    private readonly key: string,
    private readonly path: string,
  ) {
    this.known = view.state.doc.toString();
    this.unseen = ChangeSet.empty(this.known.length);
    this.look();
    this.unsubscribe = store.subscribePath(key, path, () => this.look());
  }

  update({ docChanged, transactions, view }: ViewUpdate): void {
    if (docChanged && !this.isOwn) for (const { changes } of transactions) this.take(changes);
    if (!this.unseen.empty && !view.composing) this.showSoon();
  }

  destroy(): void {
    this.isGone = true;
    this.unsubscribe();
  }

  /** What was typed, as edits of the store's text. */
  private take(typed: ChangeSet): void {
    if (typed.empty) return;
    const moved = typed.map(this.unseen);
    this.unseen = this.unseen.map(typed, true);
    const changes: TextChange[] = [];
    moved.iterChanges((from, to, _, __, inserted) =>
      changes.push({ position: from, length: to - from, value: inserted.toString() }),
    );
    this.known = after(this.known, changes);
    changeText(this.store, this.key, this.path, ...changes);
    this.look();
  }

  /** What differs in the store by now. */
  private look(): void {
    const { known } = this;
    const text = this.store.textOf(this.key, this.path);
    const change = textChange(known, text);
    if (change === undefined) return;
    const { position: from, length, value: insert } = change;
    const found = ChangeSet.of({ from, to: from + length, insert }, known.length, '\n');
    this.known = text;
    this.unseen = this.unseen.compose(found);
    this.showSoon();
  }

  /** No editor may be changed within its own update. */
  private showSoon(): void {
    if (this.isWaiting) return;
    this.isWaiting = true;
    queueMicrotask(() => {
      this.isWaiting = false;
      if (!this.isGone && !this.view.composing) this.show();
    });
  }

  private show(): void {
    const changes = this.unseen;
    if (changes.empty) return;
    this.unseen = ChangeSet.empty(this.known.length);
    const annotations = [Transaction.remote.of(true), Transaction.addToHistory.of(false)];
    this.isOwn = true;
    try {
      this.view.dispatch({ changes, annotations });
    } finally {
      this.isOwn = false;
    }
  }
}

function after(text: string, changes: readonly TextChange[]): string {
  let at = 0;
  let parts = '';
  for (const { position, length, value } of changes) {
    parts += text.slice(at, position) + value;
    at = position + length;
  }
  return parts + text.slice(at);
}
