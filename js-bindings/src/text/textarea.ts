// A text field that shows a text property: what is typed is edited where it differs, what others
// type appears without moving the selection, and a composition is left to finish first.
import type { GraphStore } from '../store/graph_store.js';
import { changeText, movedBy, textChange, type TextChange } from '../store/edits.js';

/** What a textarea and a text input have in common. */
export interface TextField {
  value: string;
  selectionStart: number | null;
  selectionEnd: number | null;
  /** Selects a range, in UTF-16 units. */
  setSelectionRange(start: number, end: number): void;
  /** Listens to `input` and to compositions. */
  addEventListener(type: string, listener: () => void): void;
  /** Stops listening. */
  removeEventListener(type: string, listener: () => void): void;
}

/**
 * Keeps field and property equal until the function that it gives is called.
 *
 * @example
 * const field = document.createElement('textarea');
 * const end = bindTextarea(store, 'page', 'text', field);
 * end();
 */
export function bindTextarea(
  store: GraphStore,
  key: string,
  path: string,
  field: TextField,
): () => void {
  let composing = false;
  let shown = '';
  const show = (): void => {
    if (composing) return;
    shown = store.textOf(key, path);
    showText(field, shown);
  };
  const take = (): void => {
    const change = composing ? undefined : textChange(shown, field.value);
    if (change === undefined) return;
    const meanwhile = textChange(shown, store.textOf(key, path));
    changeText(store, key, path, meanwhile === undefined ? change : rebased(change, meanwhile));
    show();
  };
  const events: Record<string, () => void> = {
    input: take,
    compositionstart: () => (composing = true),
    compositionend: () => {
      composing = false;
      take();
      show();
    },
  };
  for (const [type, listener] of Object.entries(events)) field.addEventListener(type, listener);
  const unsubscribe = store.subscribePath(key, path, show);
  show();
  return () => {
    unsubscribe();
    for (const [type, listener] of Object.entries(events))
      field.removeEventListener(type, listener);
  };
}

function showText(field: TextField, text: string): void {
  const change = textChange(field.value, text);
  if (change === undefined) return;
  const { selectionStart, selectionEnd } = field;
  field.value = text;
  if (selectionStart === null || selectionEnd === null) return;
  field.setSelectionRange(movedBy(selectionStart, change), movedBy(selectionEnd, change));
}

/** The same change on a text that others changed. */
function rebased({ position, length, value }: TextChange, others: TextChange): TextChange {
  const start = movedBy(position, others);
  return { position: start, length: movedBy(position + length, others) - start, value };
}
