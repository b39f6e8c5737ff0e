// cr-sqlite databases as clients of the running server: random histories of three each, offline and
// back, the server killed in between; in the end all hold the same rows, and so does a newcomer.
// HISTORIES and SEED in the environment.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';

import { Random } from '../mixed/random.mjs';
import { ServerProcess } from '../server/process.mjs';
import { Database } from './peers.mjs';

const SCHEMA = [
  'CREATE TABLE todos (id INTEGER PRIMARY KEY NOT NULL, title TEXT, done)',
  "SELECT crsql_as_crr('todos')",
];
const PEOPLE = 3;
const STEPS = 40;
const histories = Number(process.env.HISTORIES ?? 10);
const seed = Number(process.env.SEED ?? Date.now() % 1_000_000);
const server = new ServerProcess();
const flags = ['--max-handshakes-per-second', '0', '--log-level', 'error'];

before(() => server.start(...flags));
after(() => server.dispose());

async function edit(database, random) {
  const id = random.below(4);
  const found = await database.db.execA('SELECT id FROM todos WHERE id = ?', [id]);
  const value = random.pick([null, 'a', 'é', 1, 2.5, random.below(5)]);
  if (found.length === 0) {
    const row = [id, random.pick(['x', 'y']), value];
    await database.db.exec('INSERT INTO todos VALUES (?,?,?)', row);
  } else if (random.percent(30)) {
    await database.db.exec('DELETE FROM todos WHERE id = ?', [id]);
  } else {
    await database.db.exec('UPDATE todos SET done = ? WHERE id = ?', [value, id]);
  }
}

const rows = (database) => database.db.execA('SELECT * FROM todos ORDER BY id');

async function step(database, random, channel) {
  const roll = random.below(10);
  if (roll < 4) return edit(database, random);
  if (!database.line) return roll < 8 ? undefined : comeBack(database, channel);
  if (roll === 4) return database.leave();
  if (roll < 7) return database.send();
  await sleep(1);
  return database.hear();
}

async function comeBack(database, channel) {
  await database.come(server, channel);
  await database.send();
  await database.pull();
}

/** Until nothing is under way and everybody's changes are safe. */
async function settle(all) {
  for (let quiet = 0; quiet < 5; ) {
    let busy = false;
    for (const database of all) {
      busy = (await database.hear()) || busy;
      if ((await database.own()).length > 0) busy = (await database.send()) || busy;
    }
    quiet = busy ? 0 : quiet + 1;
    await sleep(busy ? 2 : 8);
  }
}

async function restart(all) {
  await server.kill('SIGKILL');
  for (const database of all) {
    await database.line?.closed;
    database.line = undefined;
  }
  await server.start(...flags, '--port', String(server.port));
}

test('histories of cr-sqlite databases end equal', async () => {
  console.log(`${histories} histories, again with SEED=${seed}`);
  for (let history = 0; history < histories; history += 1) {
    const random = new Random(seed + history);
    const channel = `history-${history}`;
    const all = [];
    for (let at = 0; at < PEOPLE; at += 1) all.push(await Database.open(SCHEMA));
    for (let at = 0; at < STEPS; at += 1) await step(random.pick(all), random, channel);
    if (history % 10 === 9) await restart(all);
    for (const database of all) {
      if (database.line) await database.leave();
      await comeBack(database, channel);
    }
    await settle(all);
    const late = await Database.open(SCHEMA);
    await comeBack(late, channel);
    await settle([late]);
    const expected = await rows(late);
    for (const database of all)
      assert.deepEqual(await rows(database), expected, `seed ${seed + history}`);
    for (const database of [...all, late]) {
      await database.leave();
      await database.db.close();
    }
  }
});
