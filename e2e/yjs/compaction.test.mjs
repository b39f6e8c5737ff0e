// What a room weighs when it is compacted, beside a document of the reference library that collects
// its garbage.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';

import { WebSocket } from 'ws';

import { Random } from '../mixed/random.mjs';
import { ServerProcess } from '../server/process.mjs';
import { body, frame, shown, Y } from './peers.mjs';

const seed = Number(process.env.SEED ?? Date.now() % 1_000_000);
const random = new Random(seed);
const below = (count) => random.below(count);
const server = new ServerProcess();
const EDITS = 5000;

before(() => server.start('--room-timeout-minutes', '0', '--max-handshakes-per-second', '0'));
after(() => server.dispose());

const open = async (room) => {
  const socket = new WebSocket(`${server.url.replace('http', 'ws')}/yjs/${room}`);
  await new Promise((done, fail) => socket.on('open', done).on('error', fail));
  return socket;
};

async function leave(socket) {
  const closed = new Promise((done) => socket.on('close', done));
  socket.close();
  await closed;
  for (let i = 0; i < 100; i += 1) {
    if ((await server.get('/stats')).json().rooms === 0) return;
    await sleep(50);
  }
  assert.fail('the room was not unloaded');
}

/** All updates of a document that is edited, and what the document is in the end. */
function history(edit) {
  const doc = new Y.Doc();
  const updates = [];
  doc.on('update', (update) => updates.push(update));
  for (let i = 0; i < EDITS; i += 1) edit(doc, i);
  return { updates, state: Y.encodeStateAsUpdate(doc) };
}

async function stored(room) {
  const socket = await open(room);
  const answer = new Promise((done) =>
    socket.on('message', (data) => data[0] === 0 && data[1] === 1 && done(body(data))),
  );
  socket.send(frame(0, Buffer.from([0])));
  const update = await answer;
  socket.close();
  return update;
}

const histories = {
  'a text that is typed and erased': (doc) => {
    const text = doc.getText('text');
    const at = below(text.length + 1);
    if (below(3) > 0 || text.length === 0) return text.insert(at, ['a', 'word ', 'ß漢'][below(3)]);
    const from = below(text.length);
    text.delete(from, Math.min(1 + below(8), text.length - from));
  },
  'keys that are set again and again': (doc, i) =>
    doc.getMap('data').set(`key ${below(50)}`, { n: i, list: [i, 'x'] }),
  'nested types that come and go': (doc, i) => {
    const list = doc.getArray('list');
    if (list.length > 20) return list.delete(below(20), 1);
    const map = new Y.Map();
    map.set('name', `item ${i}`);
    map.set('tags', Y.Array.from([i, i + 1]));
    list.insert(below(list.length + 1), [map]);
  },
};

for (const [name, edit] of Object.entries(histories)) {
  test(`a compacted room is as small as the document of a client: ${name}`, async () => {
    const room = encodeURIComponent(name);
    const { updates, state } = history(edit);
    const socket = await open(room);
    for (const update of updates) socket.send(frame(2, update));
    const marked = new Promise((done) =>
      socket.on('message', (data) => data[0] === 102 && done()),
    );
    socket.send(Buffer.from([102, 0]));
    await marked;
    await leave(socket);
    const ours = await stored(room);
    const plain = updates.reduce((sum, { length }) => sum + length, 0);
    console.log(`${name}: ${plain} B of updates, ${ours.length} B, reference ${state.length} B`);
    assert.ok(ours.length <= state.length, `seed ${seed}`);
    assert.deepEqual(shown(ours), shown(state));
  });
}
