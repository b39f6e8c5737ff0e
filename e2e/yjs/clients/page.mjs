// A CodeMirror 6 editor bound to a Yjs text through the y-websocket provider.
import { defaultKeymap } from '@codemirror/commands';
import { EditorState } from '@codemirror/state';
import { EditorView, keymap } from '@codemirror/view';
import { yCollab } from 'y-codemirror.next';
import { WebsocketProvider } from 'y-websocket-3';
import * as Y from 'yjs';

const name = new URLSearchParams(location.search).get('name');
const doc = new Y.Doc();
const provider = new WebsocketProvider(`ws://${location.host}/yjs`, 'notes', doc);
const color = name === 'Ada' ? '#c2410c' : '#1d4ed8';
provider.awareness.setLocalStateField('user', { name, color, colorLight: `${color}33` });
const text = doc.getText('codemirror');
const state = EditorState.create({
  doc: text.toString(),
  extensions: [
    keymap.of(defaultKeymap),
    EditorView.lineWrapping,
    yCollab(text, provider.awareness, { undoManager: new Y.UndoManager(text) }),
  ],
});
const view = new EditorView({ state, parent: document.querySelector('#editor') });
Object.assign(window, { provider, text, view });
