// One workload on one system in a process of its own: run.mjs SYSTEM WORKLOAD DATA ROUNDS SECONDS
// prints one line of JSON, {row: {value, runs, part}}. SYSTEM is the file of an adapter.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { readWorkloads, runWorkload } from './workloads.mjs';

/** Bytes of the heap and outside of it, which includes the memories of WebAssembly. */
function resident() {
  globalThis.gc();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

function bytesOf(file) {
  const bytes = readFileSync(file);
  return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length);
}

const [file, workload, folder, rounds, seconds] = process.argv.slice(2);
const stored = join(folder, `${basename(file, '.mjs')}.stored`);
const system = await import(pathToFileURL(resolve(file)));
const data = readWorkloads((name) => bytesOf(join(folder, `${name}.bin`)), workload);
const hasStored = workload === 'large_memory' && existsSync(stored);
const rows = await runWorkload(system, workload, data, { rounds: +rounds, seconds: +seconds }, {
  keep: (bytes) => writeFileSync(stored, bytes),
  kept: hasStored ? new Uint8Array(bytesOf(stored)) : undefined,
  resident,
});
console.log(JSON.stringify(rows));
process.exit(0);
