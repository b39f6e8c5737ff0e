// Our npm package, as people use it: operations in, nodes out, the bytes of frames for the socket
// and from it.
import { createGraph, deserialize, GraphStore, msgToWire, serialize } from '@vuer-ai/vuer-rtc';
import * as ops from './ops.mjs';
import { nodeKey, numbered, placed } from './scenes.mjs';

const create = (client) => createGraph({ client, now: () => ops.TIME });

/** Messages that make a scene, as bytes. */
const scene = (nodes, properties) =>
  ops.sceneMessages(nodes, properties).map((each) => serialize(msgToWire(each)));

const send = (store) => serialize(msgToWire(store.commit()));

export const sceneBase = (nodes) => scene(nodes, placed);
export const treeBase = (nodes) => scene(nodes, ops.bare);
export const textBase = () => scene(1, ops.bare);

export function open(name, base) {
  const store = create(name);
  store.batch(() => base.forEach((bytes, i) => store.receive(stamped(deserialize(bytes).msg, i))));
  store.seen = base.length;
  return store;
}

/** As the server sends it. */
const stamped = (message, i) => ({ ...message, serverSeq: i + 1 });

export const reader = (base) => open('reader', base);

function steps(store, list) {
  return (i) => store.edit(list[i]);
}

/** getNode is asked after each edit, so that what it costs to be up to date counts. */
export function sets(store, data) {
  const list = ops.setOps(data);
  return (i) => {
    store.edit(list[i]);
    store.getNode(list[i].key);
  };
}

export const edits = (store, data) => steps(store, ops.editOps(data));
export const moves = (store, data) => steps(store, ops.moveOps(data));

export function message(store, step, from, to) {
  for (let i = from; i < to; ++i) step(i);
  return send(store);
}

export const receive = (store, bytes) => store.receive(bytes);

export const join = (messages) => messages;
export const receiveJoined = (store, messages) =>
  store.batch(() => messages.forEach((message) => receive(store, message)));
export const blob = (_store, sent) => sent;
export const receiveBlob = receiveJoined;

export const position = (store, node) => store.getNode(nodeKey(node)).position;
export const text = (store) => store.textOf(ops.TEXT.key, ops.TEXT.path);
export const number = (store, node) => store.getNode(nodeKey(node)).p0;

export function largeScene(large) {
  return open('writer', scene(large.nodes, numbered(large)));
}

/** As the server would have it: all accepted, and folded. */
export function save(store) {
  for (const { id, lt } of store.unacked()) store.ack(id, { lt, serverSeq: (store.seen += 1) });
  store.learn(store.seen, store.status().lt);
  store.compact();
  return store.exportBytes();
}

export const load = (bytes) => GraphStore.fromBytes(bytes, { client: 'writer' });

export const undo = (store) => serialize(msgToWire(store.undo()));
export const redo = (store) => serialize(msgToWire(store.redo()));
export const digest = (store) => store.digest();

export function watch(store, nodes, call) {
  for (let node = 0; node < nodes; ++node) store.subscribeNode(nodeKey(node), call);
}

export const free = (store) => store.dispose();

export const firstEdit = () => create('writer').edit(ops.firstOp);
