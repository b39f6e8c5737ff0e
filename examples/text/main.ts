// One text for everybody in the room, with everybody's caret. `?name=` says who one is.
import { defaultKeymap } from '@codemirror/commands';
import { EditorView, keymap } from '@codemirror/view';
import { bindCodeMirror } from '@vuer-ai/vuer-rtc/codemirror';
import { connect } from '@vuer-ai/vuer-rtc/provider';
import { showOthers, shareSelection, type Person } from './cursors';

const COLORS = ['#d6336c', '#1971c2', '#2f9e44', '#e8590c', '#7048e8', '#0c8599'];
const name = new URLSearchParams(location.search).get('name') ?? 'guest';
const color = COLORS[[...name].reduce((sum, c) => sum + c.charCodeAt(0), 0) % COLORS.length]!;

const room = connect<Person>(location.origin, 'text', { client: name });
const { store } = room;
await room.synced;
// where it is missing only: whoever comes first makes the page
if (store.getNode('page') === undefined)
  store.transact(() =>
    store.edit({ ot: 'node.upsert', key: '', path: 'children', value: { key: 'page' } }),
  );

const undoKeys = [
  { key: 'Mod-z', run: () => store.undo() !== null },
  { key: 'Mod-Shift-z', run: () => store.redo() !== null },
];
new EditorView({
  parent: document.querySelector('main')!,
  extensions: [
    keymap.of([...undoKeys, ...defaultKeymap]),
    EditorView.lineWrapping,
    bindCodeMirror(store, 'page', 'text'),
    shareSelection(({ anchor, head }) => room.presence.set({ name, color, anchor, head })),
    showOthers(room.presence),
  ],
}).focus();

const status = document.querySelector('[role=status]')!;
const show = (): void => {
  const names = room.presence.others.map(({ state }) => state.name);
  status.textContent = [room.status.state, 'you', ...names].join(' · ');
};
room.on('status', show);
room.presence.subscribe(show);
show();
