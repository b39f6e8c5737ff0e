// A server whose database was put back from a backup: clients who know another history behind it
// are told, also when the message they name is there at its old number.
import assert from 'node:assert/strict';
import { copyFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Client, insertNode, message } from './client.mjs';
import { ServerProcess } from './process.mjs';

const server = new ServerProcess();
const database = join(server.folder, 'rooms.db');
const backup = join(server.folder, 'backup.db');
const modern = { query: { snapshot: 'compact' } };
let epoch;

before(() => server.start());
after(() => server.dispose());

const enter = async (name, query = {}) => {
  const client = new Client(server, 'room', name, { query: { ...modern.query, ...query } });
  return [client, await client.next('state')];
};

async function write(...messages) {
  for (const one of messages) {
    const [client] = await enter(one.client);
    await client.say(one);
    await client.close();
  }
}

async function restart(change) {
  await server.kill('SIGTERM');
  change();
  await server.start();
}

test('a plain restart lets a client go on from where it is', async () => {
  await write(message('alice', 1, 1, [insertNode('n')]), message('alice', 2, 2));
  await restart(() => copyFileSync(database, backup));
  const [bob, state] = await enter('bob');
  epoch = state.epoch;
  await bob.close();
  const [again, resumed] = await enter('bob', { since: 2, at: 'alice:2', epoch });
  assert.equal(resumed.resumed, true);
  await again.close();
});

test('a backup without marks gives another epoch, and says restored', async () => {
  await write(message('bob', 1, 3), message('alice', 3, 4));
  await restart(() => {
    copyFileSync(backup, database);
    rmSync(`${database}-mark`);
  });
  await write(message('carol', 1, 3), message('alice', 3, 4));
  const [bob, state] = await enter('bob', { since: 4, at: 'alice:4', epoch });
  assert.equal(state.resumed, false);
  assert.equal(state.reason, 'restored');
  assert.notEqual(state.epoch, epoch);
  await bob.close();
});

test('a backup beside the marks of later writes is not taken for the whole room', async () => {
  await restart(() => copyFileSync(backup, database));
  const client = new Client(server, 'room', 'dave', modern);
  assert.equal((await client.closed).code, 1013);
  assert.match(server.errors, /mark file has seen write/);
});
