// The bench of the server: load, latency and memory against the bars, and one room against other
// servers, all on one core each and by the same load client.
//
// run.mjs [--only ROW] [--quick | --long] [--systems A,B] [--build PRESET] [--json FILE]
// [--counts FILE]. `--counts` gives a test one verdict for each bar.
import { readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism, loadavg } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { median } from '../js/measure.mjs';
import { summary, table, verdicts } from '../report.mjs';
import { MEASUREMENTS } from './rows.mjs';
import { Systems } from './systems.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const catalog = JSON.parse(readFileSync(join(here, 'bars.json'), 'utf8'));
const { values: options } = parseArgs({
  options: {
    only: { type: 'string', default: '' },
    quick: { type: 'boolean', default: false },
    long: { type: 'boolean', default: false },
    systems: { type: 'string', default: Object.keys(catalog.systems).join() },
    build: { type: 'string', default: 'release' },
    json: { type: 'string' },
    counts: { type: 'string' },
  },
});

function chosenNames(systems) {
  return options.systems.split(',').filter((name) => {
    if (catalog.systems[name] === undefined) throw new Error(`no such system: ${name}`);
    if (systems.has(name)) return true;
    console.log(`${catalog.systems[name]} is not measured: it is not there`);
    return false;
  });
}

function chosenMeasurements() {
  const rows = Object.keys(catalog.rows).filter((row) => row.includes(options.only));
  return [...new Set(rows.map((row) => catalog.rows[row].from))];
}

/** {system: number} as the reports want it. */
const figures = (row) =>
  Object.fromEntries(Object.entries(row).map(([name, value]) => [name, { value, part: 1 }]));

async function measureAll(systems, results, failures) {
  const names = chosenNames(systems);
  const size = options.quick ? 'short' : options.long ? 'long' : 'usual';
  for (const name of chosenMeasurements()) {
    try {
      const rows = await MEASUREMENTS[name]({ systems, names, size, median });
      for (const [row, values] of Object.entries(rows)) {
        results[row] = figures(values);
        console.log(table(catalog, row, results[row]));
      }
    } catch (fault) {
      failures.push(`${name}: ${String(fault.stderr || fault.message || fault).trim()}`);
    }
  }
}

async function main() {
  const [load] = loadavg();
  if (load > availableParallelism() / 2) console.log(`a busy machine: load ${load.toFixed(1)}`);
  const systems = new Systems(options.build);
  const results = {};
  const failures = [];
  try {
    await measureAll(systems, results, failures);
  } finally {
    await systems.end();
  }
  const bars = verdicts(catalog, results);
  console.log(summary(bars));
  for (const failure of failures) console.log(`FAILED: ${failure}`);
  if (options.json) writeFileSync(options.json, JSON.stringify({ load, results, bars }, null, 1));
  const missed = bars.filter(({ reached }) => !reached).length;
  const counts = { passed: bars.length - missed, failed: missed + failures.length };
  if (options.counts) writeFileSync(options.counts, JSON.stringify(counts));
  process.exitCode = failures.length > 0 || (options.counts && missed > 0) ? 1 : 0;
}

await main();
