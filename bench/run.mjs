// The bench: every workload on every system, each in a process of its own, as tables with bars.
//
// run.mjs [core] [--json FILE] [--trace FILE] [--only PART] [--systems A,B] [--quick]. What is not
// built is said and left out; `./dev bench` builds all.
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism, loadavg } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import { openPages } from './js/chromium.mjs';
import { bundleCore } from './js/bundle.mjs';
import { median } from './js/measure.mjs';
import { summary, table, verdicts } from './report.mjs';

const run = promisify(execFile);
const here = dirname(fileURLToPath(import.meta.url));
const build = join(here, '../build/bench');
const CELL_TIMEOUT = 90_000;
const FRESH_STARTS = 7;

const catalog = JSON.parse(readFileSync(join(here, 'bars.json'), 'utf8'));
const { values: options } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'string' },
    trace: { type: 'string' },
    only: { type: 'string', default: '' },
    systems: { type: 'string', default: Object.keys(catalog.systems).join() },
    quick: { type: 'boolean', default: false },
  },
});
const limits = options.quick ? { rounds: 3, seconds: 0.3 } : { rounds: 5, seconds: 0.5 };
const data = join(build, options.quick ? 'quick' : 'data');

/** As deployed: our package freezes what it hands out only elsewhere. */
const env = { ...process.env, NODE_ENV: 'production' };

/** A system that answers with one line of JSON. */
const program = (file, ...args) => ({
  file,
  run: async (workload) => {
    const command = file.endsWith('.mjs')
      ? [process.execPath, ['--expose-gc', join(here, 'js/run.mjs'), file, workload]]
      : [file, [...args, workload]];
    const given = [...command[1], data, String(limits.rounds), String(limits.seconds)];
    const settings = { timeout: CELL_TIMEOUT, maxBuffer: 1 << 24, env };
    return JSON.parse((await run(command[0], given, settings)).stdout);
  },
});

const peers = join(build, 'cargo/release/bench-peers');
const systems = {
  native: program(join(here, '../build/release/bench/bench_core')),
  wasm: program(join(build, 'core.mjs')),
  chromium: { file: process.env.CHROMIUM ?? '/usr/bin/chromium' },
  package: program(join(here, 'js/systems/package.mjs')),
  json_joy: program(join(here, 'peers/json_joy.mjs')),
  yjs: program(join(here, 'peers/yjs.mjs')),
  loro: program(join(here, 'peers/loro.mjs')),
  automerge: program(join(here, 'peers/automerge.mjs')),
  yrs: program(peers, 'yrs'),
  loro_native: program(peers, 'loro'),
  diamond: program(peers, 'diamond'),
};

/** Several fresh processes; systems that are no JavaScript packages have no import. */
async function firstEdit({ file }) {
  if (!file.startsWith(here) || !file.endsWith('.mjs')) return {};
  const runs = [];
  for (let i = 0; i < FRESH_STARTS; ++i) {
    const command = [join(here, 'js/first_edit.mjs'), file];
    const { stdout } = await run(process.execPath, command, { env });
    runs.push(Number(stdout));
  }
  return { first_edit: { value: median(runs), runs, part: 1 } };
}

function chosenSystems() {
  return options.systems.split(',').filter((name) => {
    if (systems[name] === undefined) throw new Error(`no such system: ${name}`);
    if (existsSync(systems[name].file)) return true;
    console.log(`${catalog.systems[name]} is not measured: ${systems[name].file} is not there`);
    return false;
  });
}

function chosenWorkloads() {
  const rows = Object.keys(catalog.rows).filter((row) => row.includes(options.only));
  const names = rows.map((row) => catalog.rows[row].with ?? row);
  // What one workload stores, the next one loads.
  if (names.includes('large_memory') && !names.includes('large_load')) names.unshift('large_load');
  return [...new Set(names)];
}

/** Everything that a workload measured: {row: {system: figure}}. */
async function measure(workload, names, failures) {
  const rows = {};
  for (const name of names) {
    try {
      const fresh = workload === 'first_edit';
      const figures = await (fresh ? firstEdit(systems[name]) : systems[name].run(workload));
      for (const [row, figure] of Object.entries(figures)) (rows[row] ??= {})[name] = figure;
    } catch (fault) {
      const text = String(fault.stderr || fault.message || fault).trim();
      failures.push(`${name}, ${workload}: ${fault.killed ? 'no answer in time' : text}`);
    }
  }
  return rows;
}

/** Others at work on this machine make figures noise. */
function sayLoad(load) {
  const cores = availableParallelism();
  if (load > cores / 2) console.log(`a busy machine: load ${load.toFixed(1)} on ${cores} cores`);
}

async function main() {
  const began = performance.now();
  const [load] = loadavg();
  sayLoad(load);
  if (options.quick) console.log('quick: a tenth of each workload');
  mkdirSync(build, { recursive: true });
  const traced = options.trace === undefined ? [] : ['--trace', options.trace];
  const sizes = options.quick ? ['--quick'] : [];
  await run(process.execPath, [join(here, 'workloads/generate.mjs'), data, ...sizes, ...traced]);
  await bundleCore(build);
  const names = chosenSystems();
  const pages = names.includes('chromium') ? await openPages(build, data, limits) : undefined;
  if (pages !== undefined) systems.chromium.run = pages.run;
  const results = {};
  const failures = [];
  for (const workload of chosenWorkloads()) {
    const rows = await measure(workload, names, failures);
    Object.assign(results, rows);
    for (const row of Object.keys(catalog.rows))
      if (rows[row] !== undefined) console.log(table(catalog, row, rows[row]));
  }
  await pages?.close();
  const bars = verdicts(catalog, results);
  console.log(summary(bars));
  for (const failure of failures) console.log(`FAILED: ${failure}`);
  const seconds = Math.round((performance.now() - began) / 1000);
  console.log(`whole run: ${seconds} s`);
  const { quick, trace = null } = options;
  const kept = { quick, trace, load, seconds, results, bars };
  if (options.json) writeFileSync(options.json, JSON.stringify(kept, null, 1));
  process.exit(failures.length > 0 ? 1 : 0);
}

await main();
