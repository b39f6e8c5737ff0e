// A text field that shows a text property: what is typed is edited where it differs, what others
// type appears without moving the selection, and a composition is left to finish first.
import type { GraphStore } from '../store/graph_store.js';
import { replaceText, textChange, type TextChange } from '../store/edits.js';

/** What a textarea and a text input have in common. */
export interface TextField {
  value: string;
  selectionStart: number | null;
  selectionEnd: number | null;
  setSelectionRange(start: number, end: number): void;
  addEventListener(type: string, listener: () => void): void;
  removeEventListener(type: string, listener: () => void): void;
}

/** Keeps field and property equal until the function that it gives is called. */
export function bindTextarea(
  store: GraphStore,
  key: string,
  path: string,
  field: TextField,
): () => void {
  let composing = false;
  const show = (): void => {
    if (!composing) showText(field, store.textOf(key, path));
  };
  const take = (): void => {
    if (!composing) replaceText(store, key, path, field.value);
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
  field.setSelectionRange(moved(selectionStart, change), moved(selectionEnd, change));
}

/** Where a position stands after a change by somebody else. */
function moved(at: number, { position, length, value }: TextChange): number {
  if (at <= position) return at;
  return at >= position + length ? at + value.length - length : position + value.length;
}
