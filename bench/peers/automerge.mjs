// Automerge: a map of maps, one change a message. A replica is a cell, since documents are values.
import * as A from '@automerge/automerge';
import { blank, nodeKey, scenesOf } from '../js/systems/scenes.mjs';

export const open = (_name, base) => load(base);
export const reader = (bytes) => load(bytes);
export const load = (bytes) => ({ doc: A.load(bytes) });
export const save = ({ doc }) => A.save(doc);

function scene(nodes, properties) {
  const entries = blank(nodes, (node) => [nodeKey(node), properties(node)]);
  return { doc: A.from({ nodes: Object.fromEntries(entries) }) };
}

export const { sceneBase, largeScene } = scenesOf(scene, save);
export const textBase = () => save({ doc: A.from({ text: '' }) });

export const sets =
  (_replica, { node, value }) =>
  (i, draft) =>
    (draft.nodes[nodeKey(node[i])].position = [...value(i)]);

export const edits =
  (_replica, { position, removed, inserted }) =>
  (i, draft) =>
    A.splice(draft, ['text'], position[i], removed[i], inserted[i]);

export function transact(replica, step, from, to) {
  replica.doc = A.change(replica.doc, (draft) => {
    for (let i = from; i < to; ++i) step(i, draft);
  });
}

export function message(replica, step, from, to) {
  transact(replica, step, from, to);
  return A.getLastLocalChange(replica.doc);
}

export const receive = (replica, change) => receiveJoined(replica, [change]);
export const join = (changes) => changes;
export function receiveJoined(replica, changes) {
  [replica.doc] = A.applyChanges(replica.doc, changes);
}
export const blob = save;
export function receiveBlob(replica, bytes) {
  replica.doc = A.loadIncremental(replica.doc, bytes);
}

export const position = ({ doc }, node) => doc.nodes[nodeKey(node)].position;
export const number = ({ doc }, node) => doc.nodes[nodeKey(node)].p0;
export const text = ({ doc }) => doc.text;

export const free = ({ doc }) => A.free(doc);

export const firstEdit = () => A.from({ position: [1, 2, 3] });
