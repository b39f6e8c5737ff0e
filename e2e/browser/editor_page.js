// Two editors on two stores in one page. Messages wait in `posts` until they are delivered.
import { EditorState } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { createGraph } from '@vuer-ai/vuer-rtc';
import { bindCodeMirror } from '@vuer-ai/vuer-rtc/codemirror';
import { Random } from '../mixed/random.mjs';

const people = {};
const posts = [];

function post(from, message) {
  for (const name of Object.keys(people)) if (name !== from) posts.push({ name, message });
}

function join(name, doc = '') {
  const store = createGraph({ client: name, onSend: (message) => post(name, message) });
  const extensions = [EditorState.allowMultipleSelections.of(true)];
  people[name] = { store, extensions, doc };
}

function open(name) {
  const { store, extensions, doc } = people[name];
  const all = [...extensions, bindCodeMirror(store, 'page', 'text')];
  const state = EditorState.create({ doc, extensions: all });
  const parent = document.body.appendChild(document.createElement('div'));
  people[name].view = new EditorView({ state, parent });
}

/** Delivers everything, and lets the editors show it. */
async function deliver() {
  for (const { name, message } of posts.splice(0)) people[name].store.receive(message);
  await new Promise((done) => setTimeout(done));
}

const textOf = (name) => people[name].view.state.sliceDoc();
const storedBy = (name) => people[name].store.textOf('page', 'text');

async function start(text = 'one two three') {
  posts.length = 0;
  for (const { view } of Object.values(people)) view?.destroy();
  document.body.replaceChildren();
  join('a');
  join('b', 'in the way');
  const { store } = people.a;
  store.edit({ ot: 'node.insert', key: '', path: 'children', value: { key: 'page' } });
  store.edit({ ot: 'text.init', key: 'page', path: 'text', value: text });
  store.commit();
  await deliver();
  open('a');
  open('b');
  await deliver();
}

/** Edits of both at random, delivered now and then. */
async function scribble(seed, rounds) {
  const random = new Random(seed);
  for (let round = 0; round < rounds; ++round) {
    const { view } = random.pick(Object.values(people));
    const { length } = view.state.doc;
    const from = random.below(length + 1);
    const to = Math.min(length, from + random.below(4));
    const insert = random.pick(['', 'x', 'ab\n', '\u{1f600}', '\r\n']);
    view.dispatch({ changes: { from, to, insert } });
    if (random.percent(30)) await deliver();
  }
}

globalThis.editors = { people, start, deliver, scribble, textOf, storedBy };
