// A text of the document in a textarea. What others type comes in around the caret; while an input
// method composes, the field is left alone and both sides meet when it is done.
import type { GraphStore, Operation } from '@vuer-ai/vuer-rtc';
import type { Editing } from '../document/editing';
import { difference, shiftPosition, shiftSplice, type Splice } from './splice';

export class TextField {
  private readonly element: HTMLTextAreaElement;
  private readonly store: GraphStore;
  private readonly editing: Editing;
  private readonly key: string;
  private readonly path: string;
  /** The text of the document that the field knows. */
  private known = '';
  /** What the field showed when composition began, and what others did since. */
  private composedFrom: string | undefined;
  private missed: Splice[] = [];
  /** Where the last edit of this field ended: what goes on there is the same step. */
  private end = -1;

  constructor(
    element: HTMLTextAreaElement,
    store: GraphStore,
    editing: Editing,
    key: string,
    path: string,
  ) {
    this.element = element;
    this.store = store;
    this.editing = editing;
    this.key = key;
    this.path = path;
    element.addEventListener('input', () => this.typed());
    element.addEventListener('blur', () => editing.split());
    element.addEventListener('compositionstart', () => this.beginComposition());
    element.addEventListener('compositionend', () => this.endComposition());
    store.subscribe(() => this.update());
    this.update();
  }

  private get text(): string {
    return shown(this.store.textOf(this.key, this.path));
  }

  /** The document may have changed. */
  private update(): void {
    const now = this.text;
    const change = difference(this.known, now);
    if (change === undefined) return;
    this.known = now;
    this.end = shiftPosition(this.end, change);
    if (this.composedFrom === undefined) this.show(now, change);
    else this.missed.push(change);
  }

  private show(text: string, change: Splice): void {
    const { element } = this;
    if (element.value === text) return;
    const { selectionStart, selectionEnd, selectionDirection, scrollTop } = element;
    element.value = text;
    const start = shiftPosition(selectionStart, change);
    const end = Math.max(start, shiftPosition(selectionEnd, change));
    element.setSelectionRange(start, end, selectionDirection);
    element.scrollTop = scrollTop;
  }

  private typed(): void {
    if (this.composedFrom !== undefined) return;
    const { element } = this;
    this.write(difference(this.known, element.value, element.selectionEnd));
  }

  private beginComposition(): void {
    this.editing.split();
    this.composedFrom = this.element.value;
    this.missed = [];
  }

  private endComposition(): void {
    const { element, composedFrom, missed } = this;
    if (composedFrom === undefined) return;
    this.composedFrom = undefined;
    this.missed = [];
    const own = difference(composedFrom, element.value, element.selectionEnd);
    const now = own && missed.reduce(shiftSplice, own);
    const caret = missed.reduce((at, each) => shiftPosition(at, each), element.selectionEnd);
    this.known = this.text;
    this.write(now);
    if (missed.length === 0) return;
    element.value = this.known;
    const end = now === undefined ? caret : now.at + now.inserted.length;
    element.setSelectionRange(end, end);
  }

  private write(change: Splice | undefined): void {
    if (change === undefined) return;
    const { key, path, known, end } = this;
    if (change.at !== end && change.at + change.removed !== end) this.editing.split();
    this.end = change.at + change.inserted.length;
    const rest = known.slice(change.at + change.removed);
    this.known = known.slice(0, change.at) + change.inserted + rest;
    this.editing.apply([operation(key, path, change)], change.removed > 0 ? 'erase' : 'type');
  }
}

function operation(key: string, path: string, change: Splice): Operation {
  const { at: position, removed: length, inserted: value } = change;
  if (value === '') return { ot: 'text.delete', key, path, position, length };
  if (length === 0) return { ot: 'text.insert', key, path, position, value };
  return { ot: 'text.replace', key, path, position, length, value };
}

/** A textarea turns carriage returns into line feeds; a space keeps the positions right. */
function shown(text: string): string {
  return text.replaceAll('\r', ' ');
}
