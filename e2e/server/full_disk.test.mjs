// A disk that takes nothing for a while: nothing acknowledged is lost, reads and presence go on,
// and the server works again without a new start. A limit on the size of files is the full disk.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { Client, insertNode, message } from './client.mjs';
import { serverBinary, ServerProcess } from './process.mjs';

const server = new ServerProcess();
const database = join(server.folder, 'rooms.db');
const acked = [];
let number = 0;

before(() => server.start());
after(() => server.dispose());

/** The largest file the server may write; nothing: as large as it likes. */
function limitFiles(bytes) {
  execFileSync('prlimit', ['--pid', String(server.child.pid), `--fsize=${bytes ?? 'unlimited'}:`]);
}

const enter = (name) => new Client(server, 'full', name, { query: { snapshot: 'compact' } });

function nextMessage() {
  number += 1;
  const ops = [{ ot: 'string.set', key: 'n', path: `p${number}`, value: 'x'.repeat(8000) }];
  return message('alice', number, number, number === 1 ? [insertNode('n')] : ops);
}

async function until(fits, what) {
  for (let i = 0; i < 200; i += 1) {
    if (await fits()) return;
    await pause(25);
  }
  assert.fail(`${what} did not come`);
}

async function readiness() {
  return (await server.get('/ready')).status;
}

test('a full disk ends the connection, and nobody is told what is not there', async () => {
  const alice = enter('alice');
  await alice.next('state');
  for (let i = 0; i < 10; i += 1) acked.push((await alice.say(nextMessage())).msgId);
  limitFiles(statSync(`${database}-wal`).size + 30_000);
  let closed = null;
  alice.closed.then((how) => (closed = how));
  while (!closed) {
    const one = nextMessage();
    const answer = await Promise.race([alice.say(one), alice.closed]);
    if (answer.msgId) acked.push(answer.msgId);
    else number -= 1;
  }
  assert.equal(closed.code, 1013);
  assert.match(closed.reason, /retryAfter=\d+/);
  assert.equal(await readiness(), 503);
});

test('while it is full, reads and presence go on and messages get the error storage', async () => {
  const [alice, bob] = [enter('alice'), enter('bob')];
  const state = await alice.next('state');
  await bob.next('state');
  assert.equal(state.serverSeq, acked.length);
  assert.equal((await server.get('/api/rooms/full/digest')).json().serverSeq, acked.length);
  alice.send({ mtype: 'presence', state: { here: true } });
  assert.deepEqual((await bob.next('presence')).state, { here: true });
  const one = nextMessage();
  number -= 1;
  alice.send({ mtype: 'crdt', msg: one });
  const error = await alice.next('error');
  assert.equal(error.code, 'storage');
  assert.equal(error.final, false);
  assert.ok(error.retryAfter > 0);
  await Promise.all([alice.close(), bob.close()]);
});

test('when there is room again it takes messages without a new start', async () => {
  limitFiles(null);
  await until(async () => (await readiness()) === 200, 'readiness');
  const alice = enter('alice');
  await alice.next('state');
  for (let i = 0; i < 5; i += 1) acked.push((await alice.say(nextMessage())).msgId);
  await alice.close();
});

test('everything acknowledged is on the disk, once', async () => {
  await server.kill('SIGKILL');
  const out = execFileSync(serverBinary(), ['inspect', database, '--room', 'full']).toString();
  const stored = [...out.matchAll(/^\d+ {2}(\S+) {2}lt /gm)].map(([, id]) => id);
  assert.deepEqual(stored, acked);
  execFileSync(serverBinary(), ['check', database]);
});
