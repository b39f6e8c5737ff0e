// What a durable mark promises: the server is killed at any moment, and everything that was marked
// is there when it comes back.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';

import { WebSocket } from 'ws';

import { Random } from '../mixed/random.mjs';
import { ServerProcess } from '../server/process.mjs';
import { body, frame, shown, Y } from './peers.mjs';

const kills = Number(process.env.KILLS ?? 10);
const seed = Number(process.env.SEED ?? Date.now() % 1_000_000);
const random = new Random(seed);
const server = new ServerProcess();
const flags = ['--max-handshakes-per-second', '0'];

before(() => server.start(...flags));
after(() => server.dispose());

const connect = () => new WebSocket(server.url.replace('http', 'ws') + '/yjs/durable');

/** Writes and asks for a mark behind each update; resolves to the last number that came back. */
async function writeUntilKilled(doc, first) {
  const socket = connect();
  let marked = first;
  let written = first;
  const gone = new Promise((done) => socket.on('close', done));
  socket.on('error', () => {});
  socket.on('message', (data) => {
    if (data[0] === 102) marked = data.readUInt32BE(2);
  });
  doc.on('update', (update) => {
    const number = Buffer.alloc(4);
    number.writeUInt32BE(written);
    socket.send(frame(2, update));
    socket.send(Buffer.concat([Buffer.from([102, 4]), number]));
  });
  await new Promise((done) => socket.on('open', done));
  const until = Date.now() + 50 + random.below(300);
  while (Date.now() < until) {
    written += 1;
    doc.getArray('list').push([written]);
    if (random.percent(30)) await sleep(1);
  }
  await server.kill('SIGKILL');
  await gone;
  return { marked, written };
}

async function readRoom() {
  const socket = connect();
  await new Promise((done) => socket.on('open', done));
  socket.send(frame(0, Buffer.from([0])));
  const updates = [];
  for await (const [data] of on(socket)) {
    if (data[0] !== 0 || data[1] === 0) continue;
    updates.push(body(data));
    if (data[1] === 1) break;
  }
  socket.terminate();
  return Y.mergeUpdates(updates);
}

async function* on(socket) {
  const heard = [];
  let wake = () => {};
  socket.on('message', (data) => (heard.push([data]), wake()));
  for (;;) {
    if (heard.length === 0) await new Promise((done) => (wake = done));
    yield heard.shift();
  }
}

test('everything that was marked as durable survives a killed server', async () => {
  let first = 0;
  let marks = 0;
  for (let kill = 0; kill < kills; kill += 1) {
    const known = await readRoom();
    const doc = new Y.Doc();
    Y.applyUpdate(doc, known);
    const { marked } = await writeUntilKilled(doc, first);
    await server.start('--port', String(server.port), ...flags);
    const { list, pending } = shown(await readRoom());
    assert.ok(list.length >= marked, `${list.length} of ${marked} (seed ${seed})`);
    assert.deepEqual(list, Array.from({ length: list.length }, (_, i) => i + 1));
    assert.equal(pending, false);
    marks += marked - first;
    first = list.length;
  }
  assert.ok(marks > 0);
});
