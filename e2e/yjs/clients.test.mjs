// The published clients together in one room: typing, formatting, maps and arrays, offline and
// back, the server killed in between. In the end all show the same, and what a fresh one gets.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';

import { Random } from '../mixed/random.mjs';
import { ServerProcess } from '../server/process.mjs';
import { kinds, makePeer, shown } from './peers.mjs';

const seed = Number(process.env.SEED ?? Date.now() % 1_000_000);
const random = new Random(seed);
const below = (count) => random.below(count);
const server = new ServerProcess();
let address;

before(async () => {
  await server.start('--max-handshakes-per-second', '0');
  address = server.url.replace('http', 'ws') + '/yjs';
});
after(() => server.dispose());

async function until(what, happens, patience = 20_000) {
  const end = Date.now() + patience;
  while (!happens()) {
    assert.ok(Date.now() < end, `${what} (seed ${seed})`);
    await sleep(20);
  }
}

function edit(peer) {
  const length = peer.length();
  const at = below(length + 1);
  const choice = below(10);
  if (choice < 5 || length === 0) return peer.type(at, ['ab', 'word ', 'ß漢', 'x\n'][below(4)]);
  const from = below(length);
  const count = 1 + below(Math.min(4, length - from));
  if (choice === 5) return peer.erase(from, count);
  if (choice === 6) return peer.bold(from, count);
  if (choice === 7) return peer.set(`key ${below(4)}`, { by: peer.kind, n: below(100) });
  return peer.push(below(1000));
}

async function edits(peers, rounds) {
  for (let i = 0; i < rounds; i += 1) {
    for (const peer of peers) edit(peer);
    if (i % 5 === 0) await sleep(5);
  }
}

const all = (peers) => peers.map((peer) => JSON.stringify(shown(peer.update())));

async function settle(peers) {
  await until('everybody is synced', () => peers.every((peer) => peer.synced));
  await until('everybody shows the same', () => new Set(all(peers)).size === 1);
}

async function checkLateJoiners(peers, room) {
  const [expected] = all(peers);
  for (const kind of kinds) {
    const late = makePeer(kind, address, room);
    await until(`${kind} gets the room`, () => late.synced);
    assert.equal(JSON.stringify(shown(late.update())), expected, `${kind}, seed ${seed}`);
    late.destroy();
  }
}

async function storm(room, names) {
  const peers = names.map((kind) => makePeer(kind, address, room));
  await until('everybody is synced', () => peers.every((peer) => peer.synced));
  await edits(peers, 20);
  peers[0].offline();
  peers.at(-1).offline();
  await edits(peers, 20);
  await server.kill('SIGKILL');
  await edits(peers, 10);
  await server.start('--port', String(server.port), '--max-handshakes-per-second', '0');
  peers[0].online();
  peers.at(-1).online();
  await edits(peers, 20);
  await settle(peers);
  assert.equal(shown(peers[0].update()).pending, false);
  await checkLateJoiners(peers, room);
  for (const peer of peers) peer.destroy();
}

test('all kinds of clients in one room end with the same document', () => storm('all', kinds));

for (const kind of kinds) {
  test(`two of ${kind} end with the same document`, () => storm(`two of ${kind}`, [kind, kind]));
}

test('a key that is set in a map reaches all clients', async () => {
  const peers = kinds.map((kind) => makePeer(kind, address, 'map'));
  await until('everybody is synced', () => peers.every((peer) => peer.synced));
  peers[0].set('key', 'value');
  const has = (peer) => shown(peer.update()).data.key === 'value';
  await until('everybody has the key', () => peers.every(has));
  for (const peer of peers) peer.destroy();
});

test('presence reaches everybody, and goes with its connection', async () => {
  const peers = kinds.slice(0, 4).map((kind) => makePeer(kind, address, 'presence'));
  await until('everybody is synced', () => peers.every((peer) => peer.synced));
  const awareness = (peer) => peer.provider.awareness;
  for (const peer of peers) awareness(peer).setLocalStateField('user', { name: peer.kind });
  const counts = (peer) =>
    [...awareness(peer).getStates().values()].filter((state) => state.user).length;
  await until('everybody sees all', () => peers.every((peer) => counts(peer) === 4));
  peers[0].provider.ws.terminate();
  peers[0].provider.shouldConnect = false;
  const others = peers.slice(1);
  await until('a killed socket is gone', () => others.every((peer) => counts(peer) === 3), 1500);
  for (const peer of peers) peer.destroy();
});
