// The packed tarball installed in a folder, and the program that every kind of page runs.
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root, run } from '../docs/snippets.mjs';

/** Import, edit, commit, receive, undo. */
export const STEPS = `
const a = createGraph({ client: 'a' });
const b = createGraph({ client: 'b' });
a.edit({ ot: 'node.insert', key: '', path: 'children', value: { key: 'n', p: 1 } });
b.receive(a.commit());
const received = b.getNode('n').p;
const same = a.digest() === b.digest();
b.receive(a.undo());
const result = { received, same, undone: b.getNode('n') === undefined };
`;
export const PROGRAM = `import { createGraph } from '@vuer-ai/vuer-rtc';\n${STEPS}
globalThis.result = result;`;
export const EXPECTED = { received: 1, same: true, undone: true };

export const html = (script) =>
  `<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,">${script}`;

/** Packs the package into `folder` and gives the tarball. */
export async function pack(folder) {
  const flags = ['pack', '--silent', '--ignore-scripts', '--pack-destination', folder];
  const packed = await run('npm', flags, { cwd: join(root, 'js-bindings') });
  assert.equal(packed.code, 0, packed.errors);
  return join(folder, packed.out.trim().split('\n').at(-1));
}

/** Makes `folder` a project that has the packed package and the program as main.js. */
export async function installIn(folder) {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{ "private": true, "type": "module" }');
  writeFileSync(join(folder, 'main.js'), PROGRAM);
  const flags = ['--offline', '--no-audit', '--no-fund', '--prefix', folder, await pack(folder)];
  const installed = await run('npm', ['install', ...flags], { cwd: folder });
  assert.equal(installed.code, 0, installed.errors);
}

/** What the program of a page found. */
export async function resultOf(page) {
  await page.waitForFunction(() => globalThis.result !== undefined, undefined, { timeout: 20_000 });
  assert.deepEqual(page.faults, []);
  return page.evaluate(() => globalThis.result);
}
