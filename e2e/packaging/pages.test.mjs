// The packed tarball in pages: installed in an empty folder, built by Vite and as a plain script,
// opened in Chromium. (Programs for Node are checked beside the package.)
import assert from 'node:assert/strict';
import { build as bundle } from 'esbuild';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { build as viteBuild } from 'vite';
import { launch, openPage } from '../browser/browser.mjs';
import { root, run } from '../docs/snippets.mjs';
import { ServerProcess } from '../server/process.mjs';

const PROGRAM = `
import { createGraph } from '@vuer-ai/vuer-rtc';
const a = createGraph({ client: 'a' });
const b = createGraph({ client: 'b' });
a.edit({ ot: 'node.insert', key: '', path: 'children', value: { key: 'n', p: 1 } });
b.receive(a.commit());
const received = b.getNode('n').p;
const same = a.digest() === b.digest();
b.receive(a.undo());
globalThis.result = { received, same, undone: b.getNode('n') === undefined };
`;
const EXPECTED = { received: 1, same: true, undone: true };

const server = new ServerProcess();
let browser;
let app;
let site;

async function install() {
  const pack = ['pack', '--silent', '--ignore-scripts', '--pack-destination', app];
  const packed = await run('npm', pack, { cwd: join(root, 'js-bindings') });
  assert.equal(packed.code, 0, packed.errors);
  const tarball = join(app, packed.out.trim().split('\n').at(-1));
  const flags = ['--offline', '--no-audit', '--no-fund', '--prefix', app, tarball];
  const installed = await run('npm', ['install', ...flags], { cwd: app });
  assert.equal(installed.code, 0, installed.errors);
}

const html = (script) =>
  `<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,">${script}`;

before(async () => {
  app = join(server.folder, 'app');
  site = join(server.folder, 'site');
  mkdirSync(app);
  mkdirSync(site);
  writeFileSync(join(app, 'package.json'), '{ "type": "module" }');
  writeFileSync(join(app, 'main.js'), PROGRAM);
  await install();
  await server.start('--static', site);
  browser = await launch();
});

after(async () => {
  await browser?.close();
  await server.dispose();
});

async function resultOf(path) {
  const page = await openPage(browser, `${server.url}/${path}`);
  await page.waitForFunction(() => globalThis.result !== undefined, undefined, { timeout: 10_000 });
  assert.deepEqual(page.faults, []);
  return page.evaluate(() => globalThis.result);
}

test('a page built by Vite imports, edits, commits, receives and undoes', async () => {
  const input = join(app, 'vite.html');
  writeFileSync(input, html('<script type="module" src="/main.js"></script>'));
  const rollupOptions = { input };
  const options = { outDir: site, emptyOutDir: false, rollupOptions };
  await viteBuild({ root: app, configFile: false, logLevel: 'error', build: options });
  assert.deepEqual(await resultOf('vite.html'), EXPECTED);
});

test('a plain page with a script tag imports, edits, commits, receives and undoes', async () => {
  const outfile = join(site, 'plain.js');
  const entryPoints = [join(app, 'main.js')];
  await bundle({ entryPoints, outfile, bundle: true, format: 'iife', logLevel: 'error' });
  writeFileSync(join(site, 'plain.html'), html('<script src="plain.js"></script>'));
  assert.deepEqual(await resultOf('plain.html'), EXPECTED);
});
