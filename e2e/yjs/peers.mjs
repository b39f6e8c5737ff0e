// Clients of the Yjs family, each the published package, behind one small interface: type, format,
// maps, arrays, offline and back.
import { WebSocket } from 'ws';

const clients = new URL('./clients/node_modules/', import.meta.url);
const load = (path) => import(new URL(path, clients));

export const Y = await load('yjs/dist/yjs.mjs');

/** Documents of yjs 13 and 14 behind a provider that reconnects by itself. */
class ProviderPeer {
  constructor(kind, lib, WebsocketProvider, url, room) {
    Object.assign(this, { kind, lib, doc: new lib.Doc() });
    this.doc.clientID = Math.floor(Math.random() * 2 ** 32); // Yrs 0.18 reads no more of an id
    this.provider = new WebsocketProvider(url, room, this.doc, {
      WebSocketPolyfill: WebSocket,
      disableBc: true,
    });
  }
  get synced() {
    return this.provider.synced;
  }
  online() {
    this.provider.connect();
  }
  offline() {
    this.provider.disconnect();
  }
  update() {
    return this.lib.encodeStateAsUpdate(this.doc);
  }
  destroy() {
    this.provider.destroy();
    this.doc.destroy();
  }
}

class Yjs13Peer extends ProviderPeer {
  text = () => this.doc.getText('text');
  length = () => this.text().length;
  type = (at, words) => this.text().insert(at, words);
  erase = (at, count) => this.text().delete(at, count);
  bold = (at, count) => this.text().format(at, count, { bold: true });
  set = (key, value) => this.doc.getMap('data').set(key, value);
  push = (value) => this.doc.getArray('list').push([value]);
}

class Yjs14Peer extends ProviderPeer {
  text = () => this.doc.get('text');
  length = () => this.text().length;
  type = (at, words) => this.text().insert(at, words);
  erase = (at, count) => this.text().delete(at, count);
  bold = (at, count) => this.text().format(at, count, { bold: true });
  set = (key, value) => this.doc.get('data').setAttr(key, value);
  push = (value) => this.doc.get('list').push([value]);
}

/** Yrs has no provider for y-websocket of its own, so this is one: the handshake and updates. */
class YwasmPeer {
  kind = 'ywasm';
  synced = false;
  #wanted = true;
  constructor(lib, url, room) {
    Object.assign(this, { lib, doc: new lib.YDoc({}), url: `${url}/${room}` });
    this.words = this.doc.getText('text');
    this.map = this.doc.getMap('data');
    this.list = this.doc.getArray('list');
    this.#connect();
  }
  #connect() {
    const socket = new WebSocket(this.url);
    socket.binaryType = 'nodebuffer';
    this.socket = socket;
    this.sent = undefined;
    socket.on('open', () => socket.send(frame(0, this.lib.encodeStateVector(this.doc))));
    socket.on('message', (data) => this.#receive(data));
    socket.on('error', () => {});
    socket.on('close', () => {
      this.synced = false;
      if (this.#wanted) this.timer = setTimeout(() => this.#connect(), 100);
    });
  }
  #receive(data) {
    if (data[0] !== 0) return;
    const payload = body(data);
    if (data[1] === 0) {
      this.#send(1, this.lib.encodeStateAsUpdate(this.doc, payload));
    } else {
      this.lib.applyUpdate(this.doc, payload);
      if (data[1] === 1) this.synced = true;
    }
  }
  #send(type, payload) {
    if (this.socket.readyState === WebSocket.OPEN) this.socket.send(frame(type, payload));
  }
  #change(act) {
    const before = this.lib.encodeStateVector(this.doc);
    act();
    this.#send(2, this.lib.encodeStateAsUpdate(this.doc, before));
  }
  length = () => this.words.length(undefined);
  type = (at, words) => this.#change(() => this.words.insert(at, words));
  erase = (at, count) => this.#change(() => this.words.delete(at, count));
  bold = (at, count) => this.#change(() => this.words.format(at, count, { bold: true }));
  set = (key, value) => this.#change(() => this.map.set(key, value));
  push = (value) => this.#change(() => this.list.push([value]));
  online() {
    this.#wanted = true;
    this.#connect();
  }
  offline() {
    this.#wanted = false;
    this.socket.close();
  }
  update() {
    return this.lib.encodeStateAsUpdate(this.doc);
  }
  destroy() {
    this.offline();
    clearTimeout(this.timer);
  }
}

/** A sync message: its type, then the payload behind its length. */
export function frame(type, payload) {
  const length = [];
  let rest = payload.length;
  for (; rest > 127; rest >>>= 7) length.push((rest & 127) | 128);
  return Buffer.concat([Buffer.from([0, type, ...length, rest]), payload]);
}

export function body(data) {
  let at = 2;
  while (data[at] & 128) at += 1;
  return data.subarray(at + 1);
}

/** Yrs writes the members of an object in an order of its own. */
function sorted(value) {
  if (value === null || typeof value !== 'object') return value;
  const keys = Object.keys(value).sort();
  return Object.fromEntries(keys.map((key) => [key, sorted(value[key])]));
}

/** What a document shows, as yjs 13 reads it. */
export function shown(update) {
  const doc = new Y.Doc();
  Y.applyUpdate(doc, update);
  const [text, data, list] = [doc.getText('text'), doc.getMap('data'), doc.getArray('list')];
  const pending = doc.store.pendingStructs !== null || doc.store.pendingDs !== null;
  return { text: text.toDelta(), data: sorted(data.toJSON()), list: list.toJSON(), pending };
}

const versions = { 'y-websocket 1.5': 1, 'y-websocket 2.1': 2, 'y-websocket 3.1': 3 };
const makers = {};
for (const [kind, number] of Object.entries(versions)) {
  const { WebsocketProvider } = await load(`y-websocket-${number}/src/y-websocket.js`);
  makers[kind] = (url, room) => new Yjs13Peer(kind, Y, WebsocketProvider, url, room);
}
const Y14 = await load('@y/y/src/index.js');
const { WebsocketProvider: Provider14 } = await load('@y/websocket/src/y-websocket.js');
makers['@y/websocket'] = (url, room) =>
  new Yjs14Peer('@y/websocket', Y14, Provider14, url, room);
const ywasm = (await load('ywasm/ywasm.js')).default;
makers.ywasm = (url, room) => new YwasmPeer(ywasm, url, room);

export const kinds = Object.keys(makers);
export const makePeer = (kind, url, room) => makers[kind](url, room);
