// Five clients of three kinds in one room, cut connections, a killed server: nothing is lost or
// doubled, all hold the same. `node mixed.test.mjs --seed N` repeats the random choices of a run.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { chooseSeed, Scenario } from './scenario.mjs';

const seed = chooseSeed('mixed.test.mjs');
// the journal stays whole, so that every id can be looked up in it
const scenario = new Scenario(seed, ['--compact-min-operations', '1000000']);

before(() => scenario.play(), { timeout: 90_000 });
after(() => scenario.end());

test('all five replicas and the server hold the same document', () => {
  assert.equal(scenario.digests().length, 5);
  for (const [name, digest] of scenario.digests())
    assert.equal(digest, scenario.digest, `${name}, seed ${seed}`);
});

test('every acknowledged message is at the server, once', () => {
  const ids = scenario.journal.map((message) => message.id);
  const known = new Set(ids);
  assert.equal(known.size, ids.length, 'no id was applied twice');
  assert.deepEqual(
    scenario.journal.map((message) => message.serverSeq),
    ids.map((_, at) => at + 1),
  );
  for (const acked of [scenario.ackedAtKill, scenario.acked]) {
    for (const [name, list] of Object.entries(acked)) {
      assert.ok(list.length > 50, `${name} was acknowledged`);
      const lost = list.filter((id) => !known.has(id));
      assert.deepEqual(lost, [], `what ${name} was told is there`);
    }
  }
});

test('every kind of operation was written, five thousand in all', () => {
  const counts = new Map(scenario.crowd.kinds.map((kind) => [kind.name, 0]));
  for (const { ops } of scenario.journal)
    for (const { ot } of ops) counts.set(ot, (counts.get(ot) ?? 0) + 1);
  const missing = [...counts].filter(([, count]) => count === 0).map(([name]) => name);
  assert.deepEqual(missing, [], `seed ${seed}`);
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
  console.log(`${scenario.journal.length} messages, ${total} operations of ${counts.size} kinds`);
  assert.ok(total >= 5000, `${total} operations`);
});

test('cut connections came back and nobody had to complain', () => {
  for (const [name, status] of Object.entries(scenario.statuses)) {
    assert.deepEqual(status.complaints ?? [], [], name);
    assert.ok(status.undos > 0 && status.redos > 0 && status.cancels > 0, name);
    if (name === 'native') assert.ok(status.resumed >= 2, 'resumed after the cut and the kill');
    else assert.ok(status.wasOffline && status.offline > 0, `${name} wrote while offline`);
  }
});
