// The real server: joining, editing, broadcasting, crashing, stopping.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Client, insertNode, message } from './client.mjs';
import { ServerProcess, serverBinary } from './process.mjs';

const compact = { query: { snapshot: 'compact' } };
const server = new ServerProcess();
before(() => server.start());
after(() => server.dispose());

test('edits of one client reach the others and are acknowledged', async () => {
  const alice = new Client(server, 'first', 'alice', compact);
  const bob = new Client(server, 'first', 'bob', { ...compact, binary: true });
  const state = await alice.next('state');
  await bob.next('state');
  assert.equal(state.serverSeq, 0);
  assert.equal(state.stable, -1);
  const ack = await alice.say(message('alice', 1, 1, [insertNode('n')]));
  assert.deepEqual([ack.serverSeq, ack.lt, ack.stable], [1, 1, -1]);
  const copy = await bob.next('broadcast');
  assert.equal(copy.msg.serverSeq, 1);
  assert.equal(copy.msg.ops[0].value.key, 'n');
  await bob.say(message('bob', 1, 2));
  assert.equal((await alice.next('broadcast')).msg.ops[0].value, 1.5);
  assert.equal(copy.isBinary, true);
  assert.equal(ack.isBinary, false);
  await Promise.all([alice.close(), bob.close()]);
});

test('a client is answered in the encoding of its latest frame', async () => {
  const client = new Client(server, 'encodings', 'c');
  assert.equal((await client.next('state')).isBinary, false);
  client.binary = true;
  client.send({ mtype: 'heartbeat', client: 'c' });
  assert.equal((await client.next('heartbeat')).isBinary, true);
  await client.close();
});

test('digest, state and status speak of the same document', async () => {
  const client = new Client(server, 'reads', 'c', compact);
  await client.next('state');
  await client.say(message('c', 1, 1, [insertNode('n')]));
  await client.say(message('c', 2, 2));
  client.send({ mtype: 'sync-check', requestId: 'r' });
  const { status } = await client.next('sync-status');
  const digest = (await server.get('/api/rooms/reads/digest')).json();
  assert.equal(digest.digest, status.checksum);
  assert.equal(digest.serverSeq, 2);
  for (const form of ['published', 'compact']) {
    const state = (await server.get(`/api/rooms/reads/state?form=${form}`)).json();
    assert.deepEqual(
      state.journal.map((one) => one.serverSeq),
      [1, 2],
    );
    assert.equal(state.stable, -1);
  }
  const { rooms } = (await server.get('/api/rooms')).json();
  assert.equal(rooms.find((room) => room.id === 'reads').members, 1);
  await client.close();
});

test('a client that comes back gets only what it lacks', async () => {
  const client = new Client(server, 'resume', 'c', compact);
  const { epoch } = await client.next('state');
  for (let i = 1; i <= 3; i += 1) await client.say(message('c', i, i));
  await client.close();
  const again = new Client(server, 'resume', 'c', {
    query: { snapshot: 'compact', since: '2', at: 'c:2', epoch },
  });
  const state = await again.next('state');
  assert.equal(state.resumed, true);
  assert.deepEqual(
    state.journal.map((one) => one.id),
    ['c:3'],
  );
  await again.close();
});

test('the same sessionId elsewhere closes the older connection', async () => {
  const older = new Client(server, 'twice', 'c');
  await older.next('state');
  const newer = new Client(server, 'twice', 'c');
  await newer.next('state');
  assert.equal((await older.closed).code, 4010);
  await newer.close();
});

test('presence reaches the others and goes with its client', async () => {
  const alice = new Client(server, 'presence', 'alice');
  const bob = new Client(server, 'presence', 'bob');
  await Promise.all([alice.next('state'), bob.next('state')]);
  alice.send({ mtype: 'presence', state: { cursor: [1, 2] } });
  assert.deepEqual((await bob.next('presence')).state, { cursor: [1, 2] });
  await alice.close();
  assert.equal((await bob.next('presence', (frame) => frame.state === null)).client, 'alice');
  await bob.close();
});

test('the oldest dialect is spoken to who asks for it', async () => {
  const old = new Client(server, 'legacy', 'old', { query: { legacy: '1' } });
  const init = await old.next('init');
  assert.deepEqual(init.journal, []);
  old.socket.send(JSON.stringify(message('old', 1, 1, [insertNode('n')]))); // bare
  await old.next('ack');
  const other = new Client(server, 'legacy', 'other');
  await other.next('state');
  await other.say(message('other', 1, 2));
  assert.equal((await old.next('message')).msg.id, 'other:2');
  await Promise.all([old.close(), other.close()]);
});

test('what was acknowledged survives SIGKILL in the middle of writing', async () => {
  const own = new ServerProcess();
  try {
    await own.start();
    for (let round = 0; round < 5; round += 1) {
      const client = new Client(own, 'killed', 'c', compact);
      const state = await client.next('state');
      const first = state.serverSeq + 1;
      let acked = state.serverSeq;
      client.socket.on('message', (data) => {
        const frame = JSON.parse(data.toString());
        if (frame.mtype === 'ack') acked = frame.serverSeq;
      });
      for (let i = first; i < first + 400; i += 1)
        client.send({ mtype: 'crdt', msg: message('c', i, i) });
      await client.next('ack', (ack) => ack.serverSeq >= first + 20);
      await own.kill('SIGKILL');
      await client.closed;
      await own.start();
      const { journal, serverSeq } = (await own.get('/api/rooms/killed/state')).json();
      assert.ok(serverSeq >= acked, `${serverSeq} of ${acked} acknowledged are there`);
      assert.deepEqual(
        journal.map((one) => one.serverSeq),
        Array.from({ length: serverSeq }, (_, i) => i + 1),
      );
    }
  } finally {
    await own.dispose();
  }
});

test('a repeat after a restart gets the same ack', async () => {
  const own = new ServerProcess();
  try {
    await own.start();
    let client = new Client(own, 'repeat', 'c', compact);
    await client.next('state');
    const ack = await client.say(message('c', 1, 1));
    await own.kill('SIGKILL');
    await own.start();
    client = new Client(own, 'repeat', 'c', compact);
    await client.next('state');
    assert.deepEqual(await client.say(message('c', 1, 1)), ack);
    await client.close();
  } finally {
    await own.dispose();
  }
});

for (const signal of ['SIGTERM', 'SIGINT']) {
  test(`${signal} commits, acknowledges, closes with 1012 and exits 0`, async () => {
    const own = new ServerProcess();
    try {
      await own.start();
      const client = new Client(own, 'stopped', 'c', compact);
      await client.next('state');
      for (let i = 1; i <= 50; i += 1) client.send({ mtype: 'crdt', msg: message('c', i, i) });
      await client.next('ack');
      const began = Date.now();
      assert.deepEqual(await own.kill(signal), { code: 0, signal: null });
      assert.ok(Date.now() - began < 10_000);
      const { code, reason } = await client.closed;
      assert.equal(code, 1012);
      assert.match(reason, /retryAfter=\d+/);
      const acks = 1 + client.frames.filter((frame) => frame.mtype === 'ack').length;
      await own.start();
      assert.ok((await own.get('/api/rooms/stopped/digest')).json().serverSeq >= acks);
    } finally {
      await own.dispose();
    }
  });
}

test('a long journal becomes a snapshot that new clients load', async () => {
  const own = new ServerProcess();
  try {
    await own.start(
      '--compact-interval',
      '1',
      '--compact-min-operations',
      '20',
      '--journal-keep',
      '5',
    );
    const client = new Client(own, 'long', 'c', compact);
    await client.next('state');
    for (let i = 1; i <= 60; i += 1) await client.say(message('c', i, i));
    const news = await client.next('heartbeat', (frame) => frame.stable > 0);
    assert.ok(news.stable >= 15);
    const digest = (await own.get('/api/rooms/long/digest')).json().digest;
    const other = new Client(own, 'long', 'd', compact);
    const state = await other.next('state');
    assert.ok(state.stable > 0);
    assert.equal(state.snapshot.stable, state.stable);
    await own.kill('SIGKILL');
    await own.start();
    assert.equal((await own.get('/api/rooms/long/digest')).json().digest, digest);
  } finally {
    await own.dispose();
  }
});

test('a damaged room is unavailable and others go on', async () => {
  const own = new ServerProcess();
  try {
    await own.start();
    for (const room of ['damaged', 'whole']) {
      const client = new Client(own, room, 'c', compact);
      await client.next('state');
      await client.say(message('c', 1, 1));
    }
    await own.kill('SIGTERM');
    const script = [
      'import sqlite3, sys',
      'database = sqlite3.connect(sys.argv[1])',
      'found = database.execute("SELECT id FROM Document WHERE name = \'damaged\'").fetchone()',
      "database.execute('UPDATE JournalBatch SET endTime = 0 WHERE documentId = ?', found)",
      'database.commit()',
    ].join('\n');
    const file = join(own.folder, 'rooms.db');
    assert.equal(spawnSync('python3', ['-c', script, file]).status, 0);
    await own.start();
    const client = new Client(own, 'damaged', 'c');
    assert.equal((await client.closed).code, 1013);
    const other = new Client(own, 'whole', 'c');
    assert.equal((await other.next('state')).journal.length, 1);
    assert.match(own.errors, /"event":"room_unavailable","room":"damaged"/);
  } finally {
    await own.dispose();
  }
});

test('a second process on the same file says so and exits 2', () => {
  const second = spawnSync(
    serverBinary(),
    ['--port', '0', '--database', `sqlite:${join(server.folder, 'rooms.db')}`],
    { encoding: 'utf8' },
  );
  assert.equal(second.status, 2);
  assert.match(second.stderr, /in use by another process/);
});

test('a wrong flag is named and exits 2', () => {
  const wrong = spawnSync(serverBinary(), ['--max-opps', '5'], { encoding: 'utf8' });
  assert.equal(wrong.status, 2);
  assert.match(wrong.stderr, /--max-opps/);
  const open = spawnSync(serverBinary(), ['--host', '0.0.0.0'], { encoding: 'utf8' });
  assert.equal(open.status, 2);
  assert.match(open.stderr, /--allow-anonymous/);
});
