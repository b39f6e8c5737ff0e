// Our WebAssembly module as it is shipped, called as the npm package calls it: bytes into the
// inbox, a direct call, bytes out of the outbox. Ops are encoded beforehand; package.mjs measures
// the rest.
import { CoreDocument, CoreStore } from '../../../js-bindings/src/core/handles.ts';
import { decode } from '../../../js-bindings/src/core/reader.ts';
import { encode } from '../../../js-bindings/src/core/writer.ts';
import * as ops from './ops.mjs';
import { nodeKey, numbered, placed } from './scenes.mjs';

const store = (name) => CoreStore.create(name);
const { module } = (() => store('starts the core'))();
const calls = module.exports;

function put(bytes) {
  module.begin().raw(bytes);
  return bytes.length;
}

/** Commits what is pending. */
function commit({ handle }) {
  module.check(calls._rtc_store_commit(handle, ops.TIME));
  return module.copy();
}

function edit({ handle }, op) {
  const code = calls._rtc_store_edit(handle, put(op), ops.TIME);
  if (code !== 0) module.check(code);
}

export function join(messages) {
  const all = new Uint8Array(messages.reduce((size, { length }) => size + length, 0));
  let at = 0;
  for (const message of messages) {
    all.set(message, at);
    at += message.length;
  }
  return all;
}

/** Messages that make a scene, one after the other. */
const scene = (nodes, properties) =>
  join(ops.sceneMessages(nodes, properties).map((each) => encode(each, 'strict')));

export const sceneBase = (nodes) => scene(nodes, placed);
export const treeBase = (nodes) => scene(nodes, ops.bare);
export const textBase = () => scene(1, ops.bare);

export function open(name, base) {
  const replica = store(name);
  module.check(calls._rtc_store_receive_all(replica.handle, put(base)));
  replica.base = base;
  return replica;
}

export function reader(base) {
  const document = new CoreDocument();
  receiveJoined(document, base);
  return document;
}

function steps(replica, list) {
  const encoded = list.map((op) => encode(op, 'strict'));
  return (i) => edit(replica, encoded[i]);
}

export const sets = (replica, data) => steps(replica, ops.setOps(data));
export const edits = (replica, data) => steps(replica, ops.editOps(data));
export const moves = (replica, data) => steps(replica, ops.moveOps(data));

export function message(replica, step, from, to) {
  for (let i = from; i < to; ++i) step(i);
  return commit(replica);
}

/** A document or a store takes one message. */
export function receive(replica, bytes) {
  const length = put(bytes);
  const code =
    replica instanceof CoreStore
      ? calls._rtc_store_receive(replica.handle, length)
      : replica.glue.receive(length);
  if (code !== 0) module.check(code);
}

export function receiveJoined(document, bytes) {
  module.check(document.glue.receiveAll(put(bytes)));
}

export const blob = (_replica, sent) => join(sent);
export const receiveBlob = receiveJoined;

function property(document, key, path) {
  const keyLength = module.putText(key + path) - path.length;
  module.check(document.glue.property(keyLength, path.length));
  return module.answer().value();
}

export function position(replica, node) {
  if (replica instanceof CoreDocument) return property(replica, nodeKey(node), 'position');
  module.check(calls._rtc_store_graph(replica.handle));
  return decode(module.copy()).nodes[nodeKey(node)].position;
}

export function text(replica) {
  if (replica instanceof CoreDocument) return property(replica, ops.TEXT.key, ops.TEXT.path);
  module.check(calls._rtc_store_texts(replica.handle));
  return decode(module.copy())[ops.TEXT.key][ops.TEXT.path];
}

export const number = (document, node) => property(document, nodeKey(node), 'p0');

export function largeScene(large) {
  return open('writer', scene(large.nodes, numbered(large)));
}

/** A snapshot of all, with nothing left above its line. */
export function save(replica, sent = []) {
  const document = reader(join([replica.base, ...sent]));
  document.raiseLine(document.glue.lt());
  module.check(document.glue.snapshot(false));
  const bytes = module.copy();
  document.dispose();
  return bytes;
}

export function load(bytes) {
  const document = new CoreDocument();
  document.load(bytes);
  return document;
}

function author(call) {
  return ({ handle }) => {
    module.check(call(handle, ops.TIME));
    return module.copy();
  };
}

export const undo = author(calls._rtc_store_undo);
export const redo = author(calls._rtc_store_redo);

export function digest({ handle }) {
  module.check(calls._rtc_store_digest(handle));
  return module.copy();
}

export const free = (replica) => replica.dispose();
