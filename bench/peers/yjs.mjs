// Yjs: a map of maps, one transaction a message, the update event's bytes.
import * as Y from 'yjs';
import { nodeKey, scenesOf } from '../js/systems/scenes.mjs';

export * from './maps_and_text.mjs';

export const open = (_name, base) => load(base);
export const reader = load;

export function load(bytes) {
  const doc = new Y.Doc();
  Y.applyUpdate(doc, bytes);
  return doc;
}

export const save = (doc) => Y.encodeStateAsUpdate(doc);

function scene(nodes, properties) {
  const doc = new Y.Doc();
  doc.transact(() => {
    const map = doc.getMap('nodes');
    for (let node = 0; node < nodes; ++node)
      map.set(nodeKey(node), new Y.Map(Object.entries(properties(node))));
  });
  return doc;
}

export const { sceneBase, largeScene } = scenesOf(scene, save);
export const textBase = () => save(new Y.Doc());

export function transact(doc, step, from, to) {
  doc.transact(() => {
    for (let i = from; i < to; ++i) step(i);
  });
}

/** Updates are encoded only when somebody listens. */
export function message(doc, step, from, to) {
  if (doc.sent === undefined) doc.on('update', (update) => (doc.sent = update));
  transact(doc, step, from, to);
  return doc.sent;
}

export const receive = (doc, update) => Y.applyUpdate(doc, update);
export const join = (updates) => updates;
export const receiveJoined = (doc, updates) =>
  doc.transact(() => updates.forEach((update) => Y.applyUpdate(doc, update)));
export const blob = save;
export const receiveBlob = receive;

export function watchUndo(doc) {
  doc.undoing = new Y.UndoManager(doc.getMap('nodes'), { captureTimeout: 0 });
}
export const undo = (doc) => doc.undoing.undo();
export const redo = (doc) => doc.undoing.redo();

export const firstEdit = () => new Y.Doc().getMap('nodes').set('position', [1, 2, 3]);
