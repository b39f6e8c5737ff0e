// The bench's own tools: the workloads are the same bytes and every reader takes the same from
// them, comparing finds what was made worse and nothing else, bars are judged as they are written.
// self_test.mjs BENCH_CORE [REPORT]
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fingerprint } from './js/data.mjs';
import { median } from './js/measure.mjs';
import { table, verdicts } from './report.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const [binary, report] = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), 'bench-'));
const catalog = JSON.parse(readFileSync(join(here, 'bars.json'), 'utf8'));

/** What the generators made when they were written: a bench of other workloads is another bench. */
const MADE = { sets: '9b95edc1', moves: '3e255403', large: 'a881fc40', text: '238f618a' };

function bytesOf(name) {
  const bytes = readFileSync(join(folder, `${name}.bin`));
  return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length);
}

const generate = (...options) =>
  execFileSync(process.execPath, [join(here, 'workloads/generate.mjs'), folder, ...options], {
    stdio: 'pipe',
  });

/** One run of the bench with these figures. */
function figures(rows) {
  const results = {};
  for (const [row, systems] of Object.entries(rows)) {
    results[row] = {};
    for (const [name, value] of Object.entries(systems)) results[row][name] = { value, part: 1 };
  }
  return results;
}

function compare(base, head, ...options) {
  const files = ['base', 'head'].map((name) => join(folder, `${name}.json`));
  [base, head].forEach((rows, i) =>
    writeFileSync(files[i], JSON.stringify({ results: figures(rows) })),
  );
  return spawnSync('python3', [join(here, 'compare.py'), ...files, ...options]).status;
}

const BASE = {
  scene_each: { native: 2, yjs: 0.2 },
  text_load: { native: 2 },
  text_bytes: { native: 9 },
};

const TESTS = {
  workloads_are_the_same_on_every_machine() {
    generate('--quick');
    for (const [name, made] of Object.entries(MADE))
      assert.equal(fingerprint(name, bytesOf(name)), made, name);
  },
  both_readers_take_the_same_from_a_file() {
    for (const name of Object.keys(MADE)) {
      const read = execFileSync(binary, ['fingerprint', name, folder], { encoding: 'utf8' });
      assert.equal(read.trim(), fingerprint(name, bytesOf(name)), name);
    }
  },
  a_published_trace_is_read_and_others_are_refused() {
    const file = join(folder, 'trace.json');
    const trace = (inserted) => ({
      startContent: 'ab',
      endContent: `${inserted}b`,
      txns: [{ patches: [[0, 1, inserted]] }],
    });
    writeFileSync(file, JSON.stringify(trace('x')));
    generate('--quick', '--trace', file);
    const made = fingerprint('text', bytesOf('text'));
    assert.equal(execFileSync(binary, ['fingerprint', 'text', folder]).toString().trim(), made);
    writeFileSync(file, JSON.stringify(trace('é')));
    assert.throws(() => generate('--quick', '--trace', file), /only ASCII/);
  },
  comparing_passes_equal_and_better_runs() {
    assert.equal(compare(BASE, BASE), 0);
    assert.equal(compare(BASE, { ...BASE, text_load: { native: 1 } }), 0);
  },
  comparing_finds_what_got_worse() {
    assert.equal(compare(BASE, { ...BASE, scene_each: { native: 1, yjs: 0.2 } }), 1);
    assert.equal(compare(BASE, { ...BASE, text_load: { native: 3 } }), 1);
    assert.equal(compare(BASE, { ...BASE, text_bytes: { native: 11 } }), 1);
  },
  comparing_takes_the_peers_for_the_speed_of_the_machine() {
    assert.equal(compare(BASE, { ...BASE, scene_each: { native: 1, yjs: 0.1 } }), 0);
    assert.equal(compare(BASE, { ...BASE, scene_each: { native: 2, yjs: 0.4 } }), 1);
  },
  comparing_forgives_what_is_below_its_thresholds() {
    const slower = { ...BASE, text_load: { native: 2.2 } };
    assert.equal(compare(BASE, slower), 0);
    assert.equal(compare(BASE, slower, '--worse', '5'), 1);
    assert.equal(compare(BASE, slower, '--worse', '5', '--least', '0.5'), 0);
  },
  comparing_misses_nothing() {
    assert.equal(compare(BASE, { ...BASE, text_load: {} }), 1);
    assert.equal(compare({ scene_each: { yjs: 1 } }, BASE), 2);
  },
  bars_are_judged_by_figure_and_by_peer() {
    const judged = verdicts(catalog, figures({ scene_each: { native: 2, yjs: 0.2, json_joy: 3 } }));
    assert.deepEqual(judged.map(({ reached }) => reached), [true, false]);
    const text = figures({ text_batched: { native: 3, diamond: 4, loro: 2 } });
    assert.deepEqual(verdicts(catalog, text).map(({ reached }) => reached), [true, true]);
    assert.match(table(catalog, 'text_batched', text.text_batched), /native .* 3 .*0.75 x diamond/);
  },
  every_row_and_bar_names_what_exists() {
    for (const { bars, better } of Object.values(catalog.rows)) {
      assert.ok(['more', 'less'].includes(better));
      for (const bar of bars)
        for (const name of [bar.system, ...(bar.than ?? []), ...(bar.except ?? [])])
          assert.ok(catalog.systems[name] !== undefined, name);
    }
  },
  the_median_is_in_the_middle() {
    assert.equal(median([3, 1, 2]), 2);
    assert.equal(median([4, 1, 2, 3]), 2.5);
  },
};

const counts = { passed: 0, failed: 0 };
for (const [name, test] of Object.entries(TESTS)) {
  try {
    test();
    counts.passed += 1;
  } catch (fault) {
    counts.failed += 1;
    console.log(`${name}: ${fault.message}`);
  }
}
rmSync(folder, { recursive: true });
console.log(`${counts.passed} passed, ${counts.failed} failed`);
if (report) writeFileSync(report, JSON.stringify(counts));
process.exit(counts.failed > 0 ? 1 : 0);
