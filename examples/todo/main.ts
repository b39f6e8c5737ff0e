// A list that works without a network: every change is in IndexedDB before it leaves, a reload
// brings it back, and what others changed meanwhile is merged when the server is back.
import { bindTextarea, type Operation, type SceneNode } from '@vuer-ai/vuer-rtc';
import { connect } from '@vuer-ai/vuer-rtc/provider';

const room = connect(location.origin, 'todo', { client: 'person', persist: true });
const { store } = room;
const form = document.querySelector('form')!;
const list = document.querySelector('ul')!;
const status = document.querySelector('[role=status]')!;
const items = new Map<string, Item>();

interface Item {
  element: HTMLLIElement;
  box: HTMLInputElement;
  unbind: () => void;
}

function commit(...operations: Operation[]): void {
  store.transact(() => operations.forEach((op) => store.edit(op)));
}

function add(title: string): void {
  const key = crypto.randomUUID();
  // many people may be the first: the list is made only where it is missing
  commit(
    { ot: 'node.upsert', key: '', path: 'children', value: { key: 'list' } },
    { ot: 'node.insert', key: 'list', path: 'children', value: { key, done: false } },
    { ot: 'text.init', key, path: 'title', value: title },
  );
}

function makeItem(key: string): Item {
  const element = document.createElement('li');
  element.innerHTML = '<input type="checkbox" /><input type="text" /><button>Remove</button>';
  const [box, title] = element.querySelectorAll('input');
  const remove = element.querySelector('button');
  box!.onchange = () => commit({ ot: 'boolean.set', key, path: 'done', value: box!.checked });
  remove!.onclick = () => commit({ ot: 'node.remove', key: 'list', path: 'children', value: key });
  return { element, box: box!, unbind: bindTextarea(store, key, 'title', title!) };
}

function show(): void {
  const { nodes } = store.getState().graph;
  const isThere = (node: SceneNode | undefined): boolean =>
    node !== undefined && node._crdt.deletedAt === undefined;
  const keys = (nodes['list']?.children ?? []).filter((key) => isThere(nodes[key]));
  for (const [key, { element, unbind }] of items) {
    if (keys.includes(key)) continue;
    unbind();
    element.remove();
    items.delete(key);
  }
  for (const [at, key] of keys.entries()) {
    const item = items.get(key) ?? makeItem(key);
    items.set(key, item);
    item.box.checked = nodes[key]!['done'] === true;
    item.element.classList.toggle('done', item.box.checked);
    const there = list.children[at] ?? null;
    if (there !== item.element) list.insertBefore(item.element, there);
  }
  const { state, unacked } = room.status;
  status.textContent = unacked === 0 ? state : `${state}, ${unacked} to be sent`;
}

form.onsubmit = (event) => {
  event.preventDefault();
  const title = form.querySelector('input')!;
  add(title.value);
  title.value = '';
};
document.querySelector<HTMLButtonElement>('#undo')!.onclick = () => void store.undo();
store.subscribe(show);
room.on('status', show);
show();
