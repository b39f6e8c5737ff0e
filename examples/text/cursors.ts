// The carets and selections of others in an editor, moved along by what is typed before they are
// told again.
import { StateEffect, StateField, type Extension, type SelectionRange } from '@codemirror/state';
import { Decoration, EditorView, ViewPlugin, WidgetType } from '@codemirror/view';
import type { DecorationSet } from '@codemirror/view';
import type { Presence } from '@vuer-ai/vuer-rtc/provider';

/** What a person tells the others. */
export interface Person {
  name: string;
  color: string;
  anchor: number;
  head: number;
}

/** Calls `tell` with the selection whenever it changed. */
export function shareSelection(tell: (selection: SelectionRange) => void): Extension {
  return EditorView.updateListener.of(({ state, selectionSet, docChanged, focusChanged }) => {
    if (selectionSet || docChanged || focusChanged) tell(state.selection.main);
  });
}

/** Shows where the others are. */
export function showOthers(presence: Presence<Person>): Extension {
  const follow = ViewPlugin.define((view) => {
    const tell = (): void =>
      view.dispatch({ effects: moved.of(presence.others.map(({ state }) => state)) });
    return { destroy: presence.subscribe(tell) };
  });
  return [carets, follow];
}

const moved = StateEffect.define<readonly Person[]>();

const carets = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(shown, { changes, effects, newDoc }) {
    const told = effects.find((effect) => effect.is(moved));
    return told === undefined ? shown.map(changes) : draw(told.value, newDoc.length);
  },
  provide: (field) => EditorView.decorations.from(field),
});

function draw(people: readonly Person[], length: number): DecorationSet {
  const within = (at: number): number => Math.min(Math.max(at, 0), length);
  return Decoration.set(
    people.flatMap(({ name, color, anchor, head }) => {
      const [from, to] = [within(Math.min(anchor, head)), within(Math.max(anchor, head))];
      const caret = Decoration.widget({ widget: new Caret(name, color), side: 1 });
      const attributes = { style: `--color: ${color}` };
      const selection = Decoration.mark({ class: 'cm-others-selection', attributes });
      const marks = from === to ? [] : [selection.range(from, to)];
      return [...marks, caret.range(within(head))];
    }),
    true,
  );
}

class Caret extends WidgetType {
  constructor(
    private readonly name: string,
    private readonly color: string,
  ) {
    super();
  }

  override eq(other: Caret): boolean {
    return other.name === this.name && other.color === this.color;
  }

  toDOM(): HTMLElement {
    const caret = document.createElement('span');
    caret.className = 'cm-other';
    caret.dataset['name'] = this.name;
    caret.style.setProperty('--color', this.color);
    return caret;
  }
}
