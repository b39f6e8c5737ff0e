// The same crowd on a server that folds its journal every second: offline writers come back below
// the line, newcomers get snapshots. `node compacted.test.mjs --seed N` repeats a run's choices.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { chooseSeed, Scenario } from './scenario.mjs';

const seed = chooseSeed('compacted.test.mjs');
const eager = { 'compact-interval': 1, 'compact-min-operations': 100, 'journal-keep': 20 };
const scenario = new Scenario(
  seed,
  Object.entries(eager).map(([flag, value]) => `--${flag}=${value}`),
);

before(() => scenario.play(), { timeout: 90_000 });
after(() => scenario.end());

test('all five replicas and the folding server hold the same document', () => {
  assert.equal(scenario.digests().length, 5);
  for (const [name, digest] of scenario.digests())
    assert.equal(digest, scenario.digest, `${name}, seed ${seed}`);
});

test('the journal was folded while they wrote', () => {
  assert.ok(scenario.journal.length === 0 || scenario.journal[0].serverSeq > 100);
});

test('a newcomer loads the snapshot and holds the same', async () => {
  const page = await scenario.crowd.visit(scenario.crowd.options('newcomer', 6, 'json'));
  const status = await page.status();
  assert.equal(status.digest, scenario.digest, `seed ${seed}`);
  assert.deepEqual(status.complaints, []);
});

test('nobody had to complain', () => {
  for (const [name, status] of Object.entries(scenario.statuses))
    assert.deepEqual(status.complaints ?? [], [], name);
});
