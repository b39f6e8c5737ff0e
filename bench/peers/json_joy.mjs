// json-joy: objects in an object, a constant a value, one patch a message.
import { Model, Patch, s } from 'json-joy/lib/json-crdt/index.js';
import { blank, nodeKey, scenesOf } from '../js/systems/scenes.mjs';

/** Session ids are numbers above 65,535. */
const session = (name) => 100_000 + [...name].reduce((sum, c) => sum * 31 + c.charCodeAt(0), 0);

export const open = (name, base) => Model.load(base, session(name));
export const reader = (base) => open('reader', base);
export const load = (bytes) => Model.fromBinary(bytes);
export const save = (model) => model.toBinary();

function made(content) {
  const model = Model.create(undefined, session('base'));
  model.api.set(content);
  model.api.flush();
  return model;
}

function scene(nodes, properties) {
  const entry = (node) => {
    const values = Object.entries(properties(node)).map(([path, value]) => [path, s.con(value)]);
    return [nodeKey(node), s.obj(Object.fromEntries(values))];
  };
  return made(s.obj({ nodes: s.obj(Object.fromEntries(blank(nodes, entry))) }));
}

export const { sceneBase, largeScene } = scenesOf(scene, save);
export const textBase = () => save(made(s.obj({ text: s.str('') })));

export function sets(model, { nodes, node, value }) {
  const objects = blank(nodes, (index) => model.api.obj(['nodes', nodeKey(index)]));
  return (i) => objects[node[i]].set({ position: s.con([...value(i)]) });
}

export function edits(model, { position, removed, inserted }) {
  const text = model.api.str(['text']);
  return (i) => {
    if (removed[i] > 0) text.del(position[i], removed[i]);
    if (inserted[i] !== '') text.ins(position[i], inserted[i]);
  };
}

export function transact(model, step, from, to) {
  for (let i = from; i < to; ++i) step(i);
  return model.api.flush();
}

export const message = (model, step, from, to) => transact(model, step, from, to).toBinary();

export const receive = (model, bytes) => model.applyPatch(Patch.fromBinary(bytes));
export const join = (patches) => patches;
export const receiveJoined = (model, patches) =>
  model.applyBatch(patches.map((bytes) => Patch.fromBinary(bytes)));
export const blob = (_model, sent) => sent;
export const receiveBlob = receiveJoined;

const nodeOf = (model, node) => model.api.obj(['nodes', nodeKey(node)]).node;
export const position = (model, node) => nodeOf(model, node).get('position').view();
export const number = (model, node) => nodeOf(model, node).get('p0').view();
export const text = (model) => model.api.str(['text']).view();

export const firstEdit = () => made(s.obj({ position: s.con([1, 2, 3]) }));
