// Runs every *.test.mjs below this folder (or the files given), one after the other, and counts
// single tests. RTC_COUNTS names a file for {passed, failed, tests: {name: passed}}.
import { readdirSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const given = process.argv.slice(2).map((file) => resolve(file));
const found = readdirSync(here, { recursive: true })
  .filter((file) => file.endsWith('.test.mjs') && !file.includes('node_modules'))
  .map((file) => join(here, file))
  .sort();

let passed = 0;
let failed = 0;
const tests = {};
const stream = run({ files: given.length > 0 ? given : found, concurrency: 1, timeout: 600_000 });
stream.on('test:pass', (test) => {
  if (test.details.type !== 'suite') passed += 1;
  tests[test.name] = true;
});
stream.on('test:fail', (test) => {
  if (test.details.type !== 'suite') failed += 1;
  tests[test.name] = false;
});
stream.compose(new spec()).pipe(process.stdout);
stream.on('end', () => {
  if (process.env.RTC_COUNTS)
    writeFileSync(process.env.RTC_COUNTS, JSON.stringify({ passed, failed, tests }));
  process.exitCode = failed > 0 || passed === 0 ? 1 : 0;
});
