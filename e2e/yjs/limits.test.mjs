// Limits, rights and figures of Yjs rooms, as published clients and plain sockets meet them.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';

import { WebSocket } from 'ws';

import { ServerProcess, serverBinary } from '../server/process.mjs';
import { body, frame, makePeer, shown, Y } from './peers.mjs';

const server = new ServerProcess();
const guarded = new ServerProcess();
const kLimit = 4096;
let key;

before(async () => {
  key = join(guarded.folder, 'key');
  writeFileSync(key, Buffer.alloc(32, 7).toString('base64'));
  const telling = ['-v', '--log-format', 'text'];
  await server.start(...telling, '--max-message-size', `${kLimit}`, '--max-clients-per-room', '3');
  await guarded.start('--jwt-hs256-key-file', key);
});
after(async () => {
  await server.dispose();
  await guarded.dispose();
});

const address = (of) => of.url.replace('http', 'ws');

async function open(path, of = server) {
  const socket = new WebSocket(address(of) + path);
  socket.closed = new Promise((done) =>
    socket.on('close', (code, reason) => done({ code, reason: String(reason) })),
  );
  await new Promise((done, fail) => socket.on('open', done).on('error', fail));
  return socket;
}

async function until(what, happens) {
  for (let i = 0; i < 300 && !(await happens()); i += 1) await sleep(20);
  assert.ok(await happens(), what);
}

test('help lists everything and ends with 0, an unknown flag with 2', () => {
  const help = spawnSync(serverBinary(), ['-h']);
  assert.equal(help.status, 0);
  for (const flag of ['--yjs-max-message-size', '--client-timeout-minutes', '-p, --port'])
    assert.ok(String(help.stdout).includes(flag), flag);
  const unknown = spawnSync(serverBinary(), ['--dance']);
  assert.equal(unknown.status, 2);
  assert.match(String(unknown.stderr), /--dance/);
});

test('a port that is taken is named and exits 1', () => {
  const flags = ['--port', String(server.port), '--database', 'memory:'];
  const second = spawnSync(serverBinary(), flags);
  assert.equal(second.status, 1);
  assert.match(String(second.stderr), new RegExp(`:${server.port}: Address already in use`));
});

test('a message of exactly the limit passes, one byte more closes', async () => {
  for (const [path, code] of [['/yjs/size', 4413], ['/ws', 1009]]) {
    const fits = await open(path);
    fits.send(Buffer.concat([Buffer.from([9]), Buffer.alloc(kLimit - 1)])); // an unknown type
    fits.send(Buffer.from([3]));
    const answered = new Promise((done) => fits.on('message', (data) => data[0] === 1 && done()));
    if (path !== '/ws') await answered;
    assert.equal(fits.readyState, WebSocket.OPEN);
    fits.send(Buffer.alloc(kLimit + 1));
    assert.equal((await fits.closed).code, code);
  }
});

test('after twenty malformed messages in a minute upgrades are refused with 429', async () => {
  const strict = new ServerProcess();
  await strict.start();
  for (let i = 0; i < 21; i += 1) {
    const socket = await open('/yjs/malformed', strict);
    socket.send('text');
    assert.equal((await socket.closed).code, 4400);
  }
  await assert.rejects(open('/yjs/malformed', strict), /429/);
  assert.equal((await strict.get('/health')).status, 200);
  await strict.dispose();
});

test('stats follow joins, leaves and lost sockets', async () => {
  const clients = async () => (await server.get('/stats')).json();
  const first = await clients();
  assert.equal(first.max_rooms, 1000);
  assert.equal(first.max_clients_per_room, 3);
  await until('nobody is left', async () => (await clients()).total_clients === 0);
  const sockets = [await open('/yjs/stats'), await open('/yjs/stats'), await open('/yjs/stats')];
  await until('three are there', async () => (await clients()).total_clients === 3);
  assert.equal((await (await open('/yjs/stats')).closed).code, 1013);
  sockets[0].terminate();
  await until('one is lost', async () => (await clients()).total_clients === 2);
  const again = await open('/yjs/stats');
  await sleep(50);
  assert.equal(again.readyState, WebSocket.OPEN);
  for (const socket of [...sockets, again]) socket.close();
  await until('all have left', async () => (await clients()).total_clients === 0);
});

test('metrics count rooms, messages by type, updates and refusals', async () => {
  const socket = await open('/yjs/counted');
  const doc = new Y.Doc();
  doc.getText('text').insert(0, 'counted');
  const update = frame(2, Y.encodeStateAsUpdate(doc));
  socket.send(update);
  socket.send(update);
  socket.send(frame(3, Buffer.alloc(0)));
  assert.equal((await socket.closed).reason, 'malformed: sync-type');
  let text;
  const value = (name) => Number(new RegExp(`^vuer_rtc_yjs_${name} (\\S+)$`, 'm').exec(text)?.[1]);
  await until('they are shown', async () => {
    ({ body: text } = await server.get('/metrics'));
    return value('rooms') > 0 && value('structs') > 0;
  });
  assert.ok(value('messages_total\\{type="update"\\}') >= 2);
  assert.ok(value('updates_total\\{result="accepted"\\}') >= 1);
  assert.ok(value('updates_total\\{result="known"\\}') >= 1);
  assert.ok(value('refused_total\\{name="sync-type"\\}') >= 1);
  assert.ok(value('handling_seconds_count') >= 3);
  assert.ok(value('commit_seconds_count') >= 1);
});

test('a client without a right is told 4403, and y-websocket 3.1 stops', async () => {
  const token = String(
    execFileSync(serverBinary(), ['token', '--key-file', key, '--rooms', 'mine=write']),
  ).trim();
  assert.equal((await (await open(`/yjs/mine`, guarded)).closed).code, 4401);
  assert.equal((await (await open(`/yjs/other?token=${token}`, guarded)).closed).code, 4403);
  const peer = makePeer('y-websocket 3.1', `${address(guarded)}/yjs`, `other?token=${token}&x=`);
  await until('it has stopped', () => peer.provider.shouldConnect === false);
  peer.destroy();
});

test('a room moved by a full update keeps its content, in both faces', async () => {
  const doc = new Y.Doc();
  doc.getText('text').insert(0, 'from another server');
  const mover = await open('/yjs/moved');
  mover.send(frame(2, Y.encodeStateAsUpdate(doc)));
  mover.send(Buffer.from([102, 0]));
  await new Promise((done) => mover.on('message', (data) => data[0] === 102 && done()));
  const zeal = await open('/ws');
  const heard = [];
  zeal.on('message', (data, binary) => heard.push(binary ? data : JSON.parse(data)));
  zeal.send(JSON.stringify({ action: 'join', room: 'moved' }));
  await until('it has joined', () => heard[0]?.type === 'joined');
  zeal.send(frame(0, Buffer.from([0])));
  await until('it has the room', () => heard.some((one) => one[0] === 0 && one[1] === 1));
  const update = body(heard.find((one) => one[0] === 0 && one[1] === 1));
  assert.deepEqual(shown(update).text, [{ insert: 'from another server' }]);
  for (const socket of [mover, zeal]) socket.close();
});

test('debug lines tell of rooms and connections, and never of content', async () => {
  const socket = await open('/yjs/told');
  socket.send(frame(0, Buffer.from([0])));
  socket.send(frame(3, Buffer.alloc(0)));
  await socket.closed;
  await until('they are there', () => /yjs_disconnected room=told/.test(server.errors));
  assert.match(server.errors, /yjs_connected room=told/);
  assert.match(server.errors, /yjs_room_loaded room=told/);
  assert.match(server.errors, /yjs_received room=told detail=type 0, 4 bytes/);
  assert.match(server.errors, /yjs_sent room=told detail=type 0, 5 bytes to 1 connections/);
  assert.match(server.errors, /yjs_closed room=told detail=malformed: sync-type/);
  assert.doesNotMatch(server.errors, /from another server/);
});

test('a large document reaches a slow reader in chunks that it can apply at once', async () => {
  const doc = new Y.Doc();
  const writer = new ServerProcess();
  await writer.start('--yjs-chunk-size', '65536');
  for (let i = 0; i < 300; i += 1) doc.getArray('list').push([new Uint8Array(10_000).fill(i)]);
  const sender = await open('/yjs/large', writer);
  sender.send(frame(2, Y.encodeStateAsUpdate(doc)));
  sender.send(Buffer.from([102, 0]));
  await new Promise((done) => sender.on('message', (data) => data[0] === 102 && done()));
  const reader = await open('/yjs/large', writer);
  const copy = new Y.Doc();
  let chunks = 0;
  const done = new Promise((finished) => {
    reader.on('message', async (data) => {
      if (data[0] !== 0 || data[1] === 0) return;
      Y.applyUpdate(copy, body(data));
      assert.equal(copy.store.pendingStructs, null);
      chunks += 1;
      reader.pause();
      setTimeout(() => reader.resume(), 5);
      if (data[1] === 1) finished();
    });
  });
  reader.send(frame(0, Buffer.from([0])));
  await done;
  assert.equal(copy.getArray('list').length, 300);
  assert.ok(chunks > 1, `${chunks} chunks`);
  for (const socket of [sender, reader]) socket.close();
  await writer.dispose();
});
