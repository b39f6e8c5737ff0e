// WebSocket clients that nobody here wrote hold the same conversation with the server, in JSON and
// in MessagePack.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch } from '../browser/browser.mjs';
import { Client, insertNode, message } from './client.mjs';
import { decode, encode } from './msgpack.mjs';
import { inPage, LIBRARIES } from './peers/drive.mjs';
import { ServerProcess } from './process.mjs';

const LONG = 'κόσμε 😀 '.repeat(12_000); // over 65,535 bytes: the long form of a frame's length
const server = new ServerProcess();
let browser;
before(async () => {
  await server.start();
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await server.dispose();
});

/** A foreign client that speaks frames. */
class Guest {
  constructor(peer, binary) {
    this.peer = peer;
    this.binary = binary;
  }

  async send(frame) {
    const data = this.binary ? encode(frame) : Buffer.from(JSON.stringify(frame));
    await this.peer.tell({ send: Buffer.from(data).toString('base64'), binary: this.binary });
  }

  /** The next frame, which must be of this kind. */
  async next(mtype) {
    const event = await this.peer.next();
    assert.ok(event.data !== undefined, `wanted ${mtype}, got ${JSON.stringify(event)}`);
    assert.equal(event.binary, this.binary);
    const bytes = Buffer.from(event.data, 'base64');
    const frame = this.binary ? decode(bytes) : JSON.parse(bytes.toString());
    assert.equal(frame.mtype, mtype);
    return frame;
  }
}

function address(room, query) {
  const items = new URLSearchParams({ snapshot: 'compact', ...query });
  return `ws://127.0.0.1:${server.port}/ws/${encodeURIComponent(room)}?${items}`;
}

const setText = (path, value) => ({ ot: 'string.set', key: 'n', path, value });

async function converse(open, room, binary) {
  const host = new Client(server, room, 'host', { query: { snapshot: 'compact' } });
  await host.next('state');
  const peer = await open(
    address(room, { sessionId: 'guest', format: binary ? 'msgpack' : 'json' }),
  );
  try {
    const guest = new Guest(peer, binary);
    assert.deepEqual(await peer.next(), { open: true });
    assert.equal((await guest.next('state')).serverSeq, 0);

    await guest.send({ mtype: 'heartbeat', client: 'guest' });
    await guest.next('heartbeat');

    await guest.send({ mtype: 'crdt', msg: message('guest', 1, 1, [insertNode('n')]) });
    assert.equal((await guest.next('ack')).serverSeq, 1);
    assert.equal((await host.next('broadcast')).msg.ops[0].value.key, 'n');

    await host.say(message('host', 1, 2, [setText('a', 'κόσμε 😀 \u0000 "\\')]));
    const heard = await guest.next('broadcast');
    assert.equal(heard.msg.ops[0].value, 'κόσμε 😀 \u0000 "\\');

    await guest.send({ mtype: 'crdt', msg: message('guest', 2, 3, [setText('b', LONG)]) });
    assert.equal((await guest.next('ack')).serverSeq, 3);
    assert.equal((await host.next('broadcast')).msg.ops[0].value, LONG);
    await host.say(message('host', 2, 4, [setText('c', LONG)]));
    assert.equal((await guest.next('broadcast')).msg.ops[0].value, LONG);

    await guest.send({ mtype: 'nonsense' });
    assert.equal((await guest.next('error')).code, 'unknown_mtype');

    await guest.send({ mtype: 'sync-check', requestId: 'r' });
    const { status } = await guest.next('sync-status');
    const { digest } = (await server.get(`/api/rooms/${encodeURIComponent(room)}/digest`)).json();
    assert.equal(status.checksum, digest);

    await guest.send({ mtype: 'presence', state: { cursor: [1, 2.5] } });
    assert.deepEqual((await host.next('presence')).state, { cursor: [1, 2.5] });
    await peer.tell({ close: 1000 });
    assert.deepEqual(await peer.next(), { closed: 1000, reason: '' });
    assert.equal((await host.next('presence')).state, null);
  } finally {
    await peer.end();
    await host.close();
  }
}

async function isTurnedAway(open) {
  const peer = await open(address('door', {}));
  try {
    assert.deepEqual(await peer.next(), { open: true });
    const { closed, reason } = await peer.next();
    assert.equal(closed, 4001);
    assert.match(reason, /sessionId/);
  } finally {
    await peer.end();
  }
}

const inChromium = async (url) => {
  const page = await browser.newPage();
  await page.goto(`http://127.0.0.1:${server.port}/health`);
  return inPage(page)(url);
};

for (const [name, open] of Object.entries({ ...LIBRARIES, Chromium: inChromium })) {
  for (const binary of [false, true]) {
    const encoding = binary ? 'MessagePack' : 'JSON';
    test(`${name} converses in ${encoding}`, () => converse(open, `${name} ${encoding}`, binary));
  }
  test(`${name} sees why it is turned away`, () => isTurnedAway(open));
}
