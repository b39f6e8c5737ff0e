// Everything the wire protocol names, shown by one case each, in both encodings: what clients send,
// what the server sends, error codes, close codes, items of the query. The lists are read from the
// tables of the server, so that a new row without a case fails.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Client, insertNode, message } from './client.mjs';
import { ServerProcess, serverBinary } from './process.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const source = (path) => readFileSync(join(root, path), 'utf8');
const ADMIN = 'the-token-of-the-administrator';
const headers = { authorization: `Bearer ${ADMIN}`, connection: 'close' };

const server = new ServerProcess();
const guarded = new ServerProcess(); // asks for tokens, and allows little
const seen = { sent: new Set(), received: new Set(), errors: new Set(), closes: new Set() };

before(async () => {
  const key = join(guarded.folder, 'key');
  writeFileSync(key, 'a secret of at least thirty-two bytes');
  const small = ['--max-ops', '5', '--max-depth', '4', '--max-message-size', '4096'];
  await server.start('--admin-token', ADMIN, '--max-clients-per-room', '3', ...small);
  const slow = ['--max-messages-per-second', '5', '--max-message-burst', '5'];
  await guarded.start('--admin-token', ADMIN, '--jwt-hs256-key-file', key, ...slow);
});
after(() => Promise.all([server.dispose(), guarded.dispose()]));

/** A client that notes what goes over its connection. */
class Noted extends Client {
  take(frame, isBinary) {
    seen.received.add(frame.mtype);
    if (frame.mtype === 'error') seen.errors.add(frame.code);
    super.take(frame, isBinary);
  }
  send(frame) {
    if (frame.mtype !== undefined) seen.sent.add(frame.mtype);
    super.send(frame);
  }
  async ended() {
    const { code, reason } = await this.closed;
    seen.closes.add(code);
    return { code, reason };
  }
}

let rooms = 0;
const freshRoom = () => `room-${(rooms += 1)}`;

async function joined(room, session, options = {}) {
  const { query, ...rest } = options;
  const client = new Noted(rest.at ?? server, room, session, {
    query: { snapshot: 'compact', ...query },
    ...rest,
  });
  client.state = await client.next(query?.legacy === '1' ? 'init' : 'state');
  return client;
}

const scene = (client) => message(client, 1, 1, [insertNode('n')]);
const post = (room, ops) =>
  fetch(`${server.url}/api/rooms/${room}/messages`, {
    method: 'POST',
    headers,
    body: JSON.stringify({ ops }),
  });

/** Client frames: what is sent, and what must come back. */
const talks = {
  async crdt(alice, bob) {
    await alice.say(scene('alice'));
    assert.equal((await bob.next('broadcast')).msg.id, 'alice:1');
    assert.equal((await alice.say(scene('alice'))).serverSeq, 1); // the same ack again
  },
  async heartbeat(alice) {
    alice.send({ mtype: 'heartbeat', sessionId: 'alice', vectorClock: {}, lt: 1, serverSeq: 1 });
    const answer = await alice.next('heartbeat');
    assert.deepEqual([answer.serverSeq, answer.stable], [0, -1]);
    assert.ok(answer.time > 0);
  },
  async sync(alice, bob) {
    await alice.say(scene('alice'));
    await bob.next('broadcast');
    bob.send({ mtype: 'sync', vectorClock: {}, filter: '', count: 0 });
    assert.equal((await bob.next('broadcast')).msg.id, 'alice:1');
    assert.equal((await bob.next('sync-done')).serverSeq, 1);
    bob.send({ mtype: 'sync', vectorClock: { alice: 1 }, filter: '', count: 0 });
    await bob.next('sync-done');
    assert.equal(bob.frames.length, 0);
  },
  async 'sync-check'(alice) {
    await alice.say(scene('alice'));
    alice.send({ mtype: 'sync-check', requestId: 7 });
    const { requestId, status } = await alice.next('sync-status');
    assert.equal(requestId, 7);
    assert.deepEqual([status.lt, status.serverSeq, status.vectorClock], [1, 1, { alice: 1 }]);
    assert.match(status.checksum, /^[0-9a-f]{64}$/);
  },
  async presence(alice, bob) {
    alice.send({ mtype: 'presence', state: { cursor: [1, 2] } });
    const told = await bob.next('presence');
    assert.deepEqual([told.client, told.state], ['alice', { cursor: [1, 2] }]);
    alice.send({ mtype: 'presence', state: null });
    assert.equal((await bob.next('presence')).state, null);
  },
  async offer(alice) {
    alice.send({ mtype: 'offer', ids: ['carol:1'] });
    assert.deepEqual((await alice.next('want')).ids, ['carol:1']);
    await alice.say(scene('carol')); // from any writer, once it was asked for
  },
  async history(alice) {
    await alice.say(scene('alice'));
    alice.send({ mtype: 'history', requestId: 'h', limit: 10 });
    const answer = await alice.next('history');
    assert.equal(answer.requestId, 'h');
    const entry = { serverSeq: 1, msgId: 'alice:1', client: 'alice', ts: 1001, ops: 1 };
    assert.deepEqual(answer.entries, [entry]);
  },
  async auth(alice) {
    alice.send({ mtype: 'auth', token: 'anything where nobody asks' });
    await alice.say(scene('alice'));
  },
};

for (const binary of [false, true]) {
  const encoding = binary ? 'MessagePack' : 'JSON';
  for (const [name, talk] of Object.entries(talks)) {
    test(`${name} in ${encoding}`, async () => {
      const room = freshRoom();
      const alice = await joined(room, 'alice', { binary });
      const bob = await joined(room, 'bob', { binary });
      await talk(alice, bob);
      await Promise.all([alice.close(), bob.close()]);
    });
  }

  test(`what the server writes and clears comes in ${encoding}`, async () => {
    const room = freshRoom();
    const alice = await joined(room, 'alice', { binary });
    const old = await joined(room, 'old', { binary, query: { legacy: '1', snapshot: '' } });
    assert.equal((await post(room, [insertNode('n')])).status, 202);
    assert.equal((await alice.next('crdt')).msg.client, '$server');
    assert.equal((await old.next('message')).msg.client, '$server');
    await fetch(`${server.url}/api/rooms/${room}`, { method: 'DELETE', headers });
    await alice.next('room-reset');
    assert.equal((await alice.next('state')).reason, 'reset');
    await Promise.all([alice.close(), old.close()]);
  });
}

const bad = (change) => ({ mtype: 'crdt', msg: { ...scene('alice'), ...change } });
const set = (value) => ({ ot: 'object.set', key: 'n', path: 'x', value });
const deep = (levels) => (levels === 0 ? {} : { a: deep(levels - 1) });

/** A frame of alice and the code of the error it gets. */
const mistakes = [
  ['bad_frame', { mtype: 'sync-check' }],
  ['bad_frame', { mtype: 'history', requestId: 1, limit: 1001 }],
  ['bad_message', bad({ lt: -1 })],
  ['unknown_mtype', { mtype: 'none-such' }],
  ['gap', bad({ clock: { alice: 3 } })],
  ['id_reused', bad({ ts: 7 })],
  ['too_big', { mtype: 'presence', state: 'x'.repeat(16 * 1024) }, 'large'],
  ['too_many_ops', bad({ id: 'alice:2', clock: { alice: 2 }, ops: Array(6).fill(set({})) })],
  ['too_deep', bad({ id: 'alice:2', clock: { alice: 2 }, ops: [set(deep(6))] })],
  ['forbidden', bad({ id: 'bob:1', client: 'bob', clock: { bob: 1 } })],
];

test('a wrong frame gets its code and the connection stays', async () => {
  const plain = new ServerProcess();
  await plain.start();
  for (const [code, frame, where] of mistakes) {
    const alice = await joined(freshRoom(), 'alice', where === 'large' ? { at: plain } : {});
    if (code === 'id_reused') await alice.say(scene('alice'));
    alice.send(frame);
    const error = await alice.next('error');
    assert.equal(error.code, code, JSON.stringify(error));
    assert.equal(error.final, !['gap', 'id_reused'].includes(code));
    if (code === 'gap') assert.equal(error.expected, 1);
    alice.send({ mtype: 'heartbeat' });
    await alice.next('heartbeat');
    await alice.close();
  }
  await plain.dispose();
});

/** A token of the guarded server, made by its own command. */
function tokenFor(rooms) {
  const key = join(guarded.folder, 'key');
  const flags = ['token', '--key-file', key, '--rooms', rooms, '--expires', '1h'];
  return execFileSync(serverBinary(), flags, { encoding: 'utf8' }).trim();
}

test('rights and rates have their codes', async () => {
  const token = tokenFor('r=read');
  const reader = await joined('r', 'c', { at: guarded, query: { token } });
  assert.equal(reader.state.rights, 'read');
  reader.send({ mtype: 'crdt', msg: scene('c') });
  assert.equal((await reader.next('error')).code, 'read_only');
  for (let i = 0; i < 8; i += 1) reader.send({ mtype: 'heartbeat' });
  const refused = await reader.next('error');
  assert.equal(refused.code, 'rate_limited');
  assert.ok(refused.retryAfter > 0);
  for (let i = 0; i < 20; i += 1) reader.send({ mtype: 'heartbeat' });
  const { code, reason } = await reader.ended();
  assert.equal(code, 4008);
  assert.match(reason, /retryAfter=\d+/);
});

/** How a connection is refused or ended: its code. */
const endings = {
  1007: async () => {
    const client = await joined(freshRoom(), 'c');
    client.socket.send(Buffer.from([0x22, 0xff, 0x22]), { binary: false });
    return client;
  },
  1009: async () => {
    const client = await joined(freshRoom(), 'c');
    client.socket.send('x'.repeat(5000));
    return client;
  },
  4000: async () => new Noted(server, 'r', 'c', { path: '/elsewhere/r' }),
  4001: async () => new Noted(server, 'r', null),
  4003: async () => new Noted(guarded, 'r', 'c'),
  4004: async () => {
    const room = freshRoom();
    for (const name of ['a', 'b', 'c']) await joined(room, name);
    return new Noted(server, room, 'd');
  },
  4010: async () => {
    const room = freshRoom();
    const older = await joined(room, 'c');
    await joined(room, 'c');
    return older;
  },
};

for (const [code, end] of Object.entries(endings)) {
  test(`close code ${code}`, async () => {
    const client = await end();
    assert.equal((await client.ended()).code, Number(code));
  });
}

test('a slow reader loses presence first and is closed with 4009', async () => {
  const own = new ServerProcess();
  await own.start('--queue-bytes', '65536', '--max-bytes-per-second', '0');
  const writer = await joined('slow', 'writer', { at: own });
  const reader = await joined('slow', 'reader', { at: own });
  reader.socket.pause();
  await writer.say(scene('writer'));
  const ops = [{ ot: 'string.set', key: 'n', path: 'x', value: 'x'.repeat(500_000) }];
  for (let i = 2; i < 60; i += 1) await writer.say(message('writer', i, i, ops));
  reader.socket.resume();
  assert.equal((await reader.ended()).code, 4009);
  await own.dispose();
});

test('a room that cannot be loaded is 1013, a server that stops is 1012', async () => {
  const own = new ServerProcess();
  await own.start();
  const client = await joined('kept', 'c', { at: own });
  await client.say(scene('c'));
  await own.kill('SIGTERM');
  const stopped = await client.ended();
  assert.equal(stopped.code, 1012);
  assert.match(stopped.reason, /retryAfter=\d+/);

  const file = join(own.folder, 'rooms.db');
  const bytes = readFileSync(file);
  const name = bytes.indexOf('c:1');
  assert.ok(name > 0, 'the message is in the file');
  bytes[name] ^= 1;
  writeFileSync(file, bytes);
  await own.start();
  const refused = await new Noted(own, 'kept', 'c').ended();
  assert.equal(refused.code, 1013);
  assert.match(refused.reason, /retryAfter=\d+/);
  await own.dispose();
});

test('every item of the query does what it says', async () => {
  const room = freshRoom();
  const alice = await joined(room, 'alice');
  await alice.say(scene('alice'));
  await alice.say(message('alice', 2, 2));
  const { epoch } = alice.state;
  const again = (query, binary = false) => joined(room, 'bob', { query, binary });
  const resumed = await again({ since: '1', at: 'alice:1', epoch });
  assert.deepEqual([resumed.state.resumed, resumed.state.journal.length], [true, 1]);
  assert.equal('snapshot' in resumed.state, false);
  const restored = await again({ since: '1', at: 'alice:9', epoch });
  assert.deepEqual([restored.state.resumed, restored.state.reason], [false, 'restored']);
  const elsewhere = await again({ since: '1', at: 'alice:1', epoch: 'other' });
  assert.equal(elsewhere.state.reason, 'restored');
  assert.equal((await again({ format: 'json' })).state.isBinary, false);
  assert.equal((await again({ format: 'msgpack' }, true)).state.isBinary, true);
  assert.ok('graph' in (await again({ snapshot: '' })).state.snapshot);
  assert.ok('parents' in (await again({ snapshot: 'compact' })).state.snapshot);
  assert.deepEqual(Object.keys((await again({ legacy: '1' })).state).sort(), [
    'journal',
    'mtype',
    'state',
  ]);
  await alice.close();
});

/** Shown elsewhere, or not a word of this protocol. */
const elsewhere = {
  storage: 'full_disk.test.mjs',
  room_full: 'a REST answer; connections are closed with 4004',
  internal: 'a fault of the server: there must be no way to it',
  out_of_memory: 'tests/memory',
  bad_snapshot: 'of stores',
  bad_operation: 'of stores',
  disposed: 'of stores',
};

test('nothing that the tables name is left out', () => {
  const names = (path, pattern) => [...source(path).matchAll(pattern)].map((match) => match[1]);
  const list = source('server/room/frame.hpp').match(/kFrameNames = \{([^}]*)\}/)[1];
  assert.deepEqual(
    [...list.matchAll(/"([^"]+)"/g)].map((match) => match[1]).sort(),
    Object.keys(talks).sort(),
  );
  const sent = names('server/room/answer.cpp', /FrameBuilder(?: frame)?\("([a-z-]+)"/g);
  const all = [...sent, 'broadcast', 'message', 'crdt'];
  assert.deepEqual(
    all.filter((name) => !seen.received.has(name)),
    [],
  );
  const codes = names('core/include/vuer_rtc/errors.def', /^ERROR\(\w+, "(\w+)"/gm);
  assert.deepEqual(
    codes.filter((code) => !seen.errors.has(code) && !(code in elsewhere)),
    [],
  );
  const closes = names('server/room/close_codes.def', /^CLOSE\(\w+, (\d+)/gm).map(Number);
  assert.deepEqual(
    closes.filter((code) => !seen.closes.has(code)),
    [],
  );
});
