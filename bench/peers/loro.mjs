// Loro's package: a map of maps, one commit a message, the local update's bytes; its movable tree.
import { LoroDoc, LoroMap, UndoManager } from 'loro-crdt';
import { nodeKey, scenesOf } from '../js/systems/scenes.mjs';

export * from './maps_and_text.mjs';

let peers = 0;

export function open(_name, base) {
  const doc = load(base);
  doc.setPeerId(String((peers += 1)));
  return doc;
}

export const reader = load;

export function load(bytes) {
  const doc = new LoroDoc();
  doc.import(bytes);
  return doc;
}

export const save = (doc) => doc.export({ mode: 'snapshot' });

function scene(nodes, properties) {
  const doc = new LoroDoc();
  const map = doc.getMap('nodes');
  for (let node = 0; node < nodes; ++node) {
    const one = map.setContainer(nodeKey(node), new LoroMap());
    for (const [path, value] of Object.entries(properties(node))) one.set(path, value);
  }
  doc.commit();
  return doc;
}

/** Nodes below one root, in the order of their numbers. */
export function treeBase(nodes) {
  const doc = new LoroDoc();
  const tree = doc.getTree('tree');
  tree.disableFractionalIndex();
  const root = tree.createNode();
  for (let node = 0; node < nodes; ++node) tree.createNode(root.id);
  doc.commit();
  return save(doc);
}

export const { sceneBase, largeScene } = scenesOf(scene, save);
export const textBase = () => save(new LoroDoc());

export function moves(doc, { node, parent }) {
  const tree = doc.getTree('tree');
  tree.disableFractionalIndex();
  const counter = ({ id }) => Number(id.split('@')[0]);
  const ids = tree.getNodes().sort((a, b) => counter(a) - counter(b)).map(({ id }) => id);
  return (i) => tree.move(ids[1 + node[i]], ids[1 + parent[i]]);
}

export function transact(doc, step, from, to) {
  for (let i = from; i < to; ++i) step(i);
  doc.commit();
}

/** Updates are encoded only when somebody listens. */
export function message(doc, step, from, to) {
  if (doc.sent === undefined) doc.subscribeLocalUpdates((update) => (doc.sent = update));
  transact(doc, step, from, to);
  return doc.sent;
}

export const receive = (doc, bytes) => doc.import(bytes);
export const join = (updates) => updates;
export const receiveJoined = (doc, updates) => doc.importBatch(updates);
export const blob = (doc) => doc.export({ mode: 'update' });
export const receiveBlob = receive;

export function watchUndo(doc) {
  doc.undoing = new UndoManager(doc, { mergeInterval: 0, maxUndoSteps: 1_000_000 });
}
export const undo = (doc) => doc.undoing.undo();
export const redo = (doc) => doc.undoing.redo();

export const free = (doc) => doc.free();

export const firstEdit = () => new LoroDoc().getMap('nodes').set('position', [1, 2, 3]);
