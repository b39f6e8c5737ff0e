// Milliseconds from import to the first edit, in a process that did nothing before: first_edit.mjs
// ADAPTER.
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const adapter = pathToFileURL(resolve(process.argv[2]));
const start = performance.now();
(await import(adapter)).firstEdit();
console.log(performance.now() - start);
process.exit(0);
