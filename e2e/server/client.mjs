// A raw WebSocket client that keeps every frame and lets a test wait for one.
import WebSocket from 'ws';
import { decode, encode } from './msgpack.mjs';

export class Client {
  /** Connects to a room; `query` adds items, `binary` speaks MessagePack. */
  constructor(server, room, session, { query = {}, binary = false, path, headers } = {}) {
    const items = new URLSearchParams({
      ...(session === null ? {} : { sessionId: session }),
      ...(binary ? { format: 'msgpack' } : {}),
      ...query,
    });
    this.binary = binary;
    this.session = session;
    this.frames = [];
    this.waiting = [];
    this.socket = new WebSocket(
      `ws://127.0.0.1:${server.port}${path ?? `/ws/${encodeURIComponent(room)}`}?${items}`,
      { headers },
    );
    this.socket.on('message', (data, isBinary) =>
      this.take(isBinary ? decode(data) : JSON.parse(data.toString()), isBinary),
    );
    this.socket.on('error', (error) => {
      this.error = error;
    });
    this.opened = new Promise((done) => {
      this.socket.once('open', () => done(true));
      this.socket.once('error', () => done(false));
    });
    this.closed = new Promise((done) =>
      this.socket.once('close', (code, reason) => done({ code, reason: reason.toString() })),
    );
    this.closed.then(() => this.flush());
  }

  take(frame, isBinary) {
    Object.defineProperty(frame, 'isBinary', { value: isBinary });
    this.frames.push(frame);
    this.flush();
  }

  flush() {
    for (const check of [...this.waiting]) check();
  }

  send(frame) {
    this.socket.send(this.binary ? encode(frame) : JSON.stringify(frame));
  }

  /** The first frame not yet taken that fits; fails after five seconds. */
  next(mtype, fits = () => true) {
    return new Promise((done, fail) => {
      const end = (act) => {
        this.waiting = this.waiting.filter((one) => one !== check);
        clearTimeout(timer);
        act();
      };
      const check = () => {
        const at = this.frames.findIndex((frame) => frame.mtype === mtype && fits(frame));
        if (at >= 0) end(() => done(this.frames.splice(at, 1)[0]));
      };
      const timer = setTimeout(
        () =>
          end(() =>
            fail(
              new Error(`no ${mtype} came; there are ${JSON.stringify(this.frames).slice(0, 500)}`),
            ),
          ),
        5000,
      );
      this.waiting.push(check);
      check();
    });
  }

  /** Sends a message and waits for its ack. */
  async say(message) {
    this.send({ mtype: 'crdt', msg: message });
    return this.next('ack', (ack) => ack.msgId === message.id);
  }

  close() {
    this.socket.close();
    return this.closed;
  }
}

export function message(client, number, lt, ops) {
  return {
    id: `${client}:${lt}`,
    client,
    clock: { [client]: number },
    lt,
    ts: 1000 + number,
    ops: ops ?? [{ ot: 'number.set', key: 'n', path: `p${number}`, value: number + 0.5 }],
  };
}

export const insertNode = (key) => ({
  ot: 'node.insert',
  key: '',
  path: 'children',
  value: { key, tag: 'box', name: key },
});
