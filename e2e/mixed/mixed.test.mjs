// Five clients of three kinds in one room of a real server; a connection is cut, the server is
// killed in the middle. `node mixed.test.mjs --seed N` repeats the random choices of a run.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { ServerProcess } from '../server/process.mjs';
import { buildSite, Crowd } from './crowd.mjs';
import { ROOT } from './edits.mjs';

const { values } = parseArgs({ options: { seed: { type: 'string' } }, strict: false });
const seed = Number(values.seed ?? process.env.SEED ?? Date.now() % 100_000);
const OPS_EACH = 1100; // cancelled ones do not count, neighbours of one kind become one
const LIMIT = { timeout: 90_000 };

const server = new ServerProcess();
const crowd = new Crowd(server, seed);
let statuses;
let journal;
let ackedAtKill;
let flags;

async function until(fits, what) {
  const end = Date.now() + 60_000;
  for (;;) {
    const now = await crowd.all('status');
    if (await fits(Object.values(now))) return now;
    if (Date.now() > end) throw new Error(`${what} did not come: ${JSON.stringify(now)}`);
    await pause(100);
  }
}

const written = (share) => (all) => all.every((one) => one.left <= OPS_EACH * (1 - share));

/** Everything is at the server and everybody has heard of all of it. */
async function atRest(all) {
  if (all.some((one) => one.left > 0 || one.unacked > 0)) return false;
  const { serverSeq } = await crowd.digest();
  return all.every((one) => one.serverSeq === serverSeq);
}

before(async () => {
  console.log(`seed ${seed}; again with: node e2e/mixed/mixed.test.mjs --seed ${seed}`);
  // the journal stays whole, so that every id can be looked up in it
  flags = ['--static', await buildSite(server.folder), '--compact-min-operations', '1000000'];
  await server.start(...flags);
  await crowd.enter();
  const { people } = crowd;
  people.nodeOne.store.edit(ROOT);
  people.nodeOne.store.commit();
  await until(atRest, 'the first message');
  for (const one of Object.values(people)) one.write(OPS_EACH);
  await until(written(0.15), 'the first part');
  for (const one of [people.native, people.nodeOne, people.pageTwo]) one.cut();
  await until(written(0.4), 'the second part');
  await server.kill('SIGKILL');
  ackedAtKill = await crowd.all('acked');
  const counts = Object.entries(ackedAtKill).map(([name, ids]) => `${name} ${ids.length}`);
  console.log(`acknowledged when the server was killed: ${counts.join(', ')}`);
  await pause(300);
  await server.start(...flags, '--port', String(server.port));
  statuses = await until(atRest, 'the end');
  journal = await crowd.journal();
}, LIMIT);

after(async () => {
  await crowd.leave();
  await server.dispose();
});

test('all five replicas and the server hold the same document', async () => {
  const { digest } = await crowd.digest();
  const found = Object.fromEntries(Object.entries(statuses).map(([name, s]) => [name, s.digest]));
  assert.deepEqual(
    found,
    Object.fromEntries(Object.keys(found).map((name) => [name, digest])),
    `seed ${seed}`,
  );
});

test('every acknowledged message is at the server, once', async () => {
  const ids = journal.map((message) => message.id);
  assert.equal(new Set(ids).size, ids.length, 'no id was applied twice');
  assert.deepEqual(
    journal.map((message) => message.serverSeq),
    ids.map((_, at) => at + 1),
  );
  const known = new Set(ids);
  for (const acked of [ackedAtKill, await crowd.all('acked')]) {
    for (const [name, list] of Object.entries(acked)) {
      assert.ok(list.length > 50, `${name} was acknowledged`);
      const lost = list.filter((id) => !known.has(id));
      assert.deepEqual(lost, [], `what ${name} was told is there`);
    }
  }
});

test('every kind of operation was written, five thousand in all', () => {
  const counts = new Map(crowd.kinds.map((kind) => [kind.name, 0]));
  for (const { ops } of journal)
    for (const { ot } of ops) counts.set(ot, (counts.get(ot) ?? 0) + 1);
  const missing = [...counts].filter(([, count]) => count === 0).map(([name]) => name);
  assert.deepEqual(missing, [], `seed ${seed}`);
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
  console.log(`${journal.length} messages, ${total} operations of ${counts.size} kinds`);
  assert.ok(total >= 5000, `${total} operations`);
});

test('cut connections came back and nobody had to complain', () => {
  for (const [name, status] of Object.entries(statuses)) {
    assert.deepEqual(status.complaints ?? [], [], name);
    assert.ok(status.undos > 0 && status.redos > 0 && status.cancels > 0, name);
    if (name === 'native') assert.ok(status.resumed >= 2, 'resumed after the cut and the kill');
    else assert.ok(status.wasOffline && status.offline > 0, `${name} wrote while offline`);
  }
});
