// The packed tarball in pages: installed in an empty folder, built by Vite and as a plain script,
// opened in Chromium. (Programs for Node are checked beside the package.)
import assert from 'node:assert/strict';
import { build as bundle } from 'esbuild';
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { build as viteBuild } from 'vite';
import { launch, openPage } from '../browser/browser.mjs';
import { ServerProcess } from '../server/process.mjs';
import { EXPECTED, html, installIn, PROGRAM, resultOf, STEPS } from './installed.mjs';

const server = new ServerProcess();
let browser;
let app;
let site;

before(async () => {
  app = join(server.folder, 'app');
  site = join(server.folder, 'site');
  mkdirSync(site);
  await installIn(app);
  await server.start('--static', site);
  browser = await launch();
});

after(async () => {
  await browser?.close();
  await server.dispose();
});

const open = async (path) => resultOf(await openPage(browser, `${server.url}/${path}`));

test('a page built by Vite imports, edits, commits, receives and undoes', async () => {
  const input = join(app, 'vite.html');
  writeFileSync(input, html('<script type="module" src="/main.js"></script>'));
  const rollupOptions = { input };
  const options = { outDir: site, emptyOutDir: false, rollupOptions };
  await viteBuild({ root: app, configFile: false, logLevel: 'error', build: options });
  assert.deepEqual(await open('vite.html'), EXPECTED);
});

test('a plain page with a script tag imports, edits, commits, receives and undoes', async () => {
  const outfile = join(site, 'plain.js');
  const entryPoints = [join(app, 'main.js')];
  await bundle({ entryPoints, outfile, bundle: true, format: 'iife', logLevel: 'error' });
  writeFileSync(join(site, 'plain.html'), html('<script src="plain.js"></script>'));
  assert.deepEqual(await open('plain.html'), EXPECTED);
});

/** A page whose policy allows scripts of its own origin and, if wanted, WebAssembly. */
async function strictPage(name, program, policy) {
  const entry = join(app, `${name}.js`);
  writeFileSync(entry, program);
  const outfile = join(site, `${name}.js`);
  await bundle({ entryPoints: [entry], outfile, bundle: true, format: 'iife', logLevel: 'error' });
  const meta = `<meta http-equiv="Content-Security-Policy" content="script-src ${policy}">`;
  writeFileSync(join(site, `${name}.html`), html(`${meta}<script src="${name}.js"></script>`));
  return `${name}.html`;
}

test('a page under a strict policy that allows WebAssembly runs', async () => {
  const page = await strictPage('strict', PROGRAM, "'self' 'wasm-unsafe-eval'");
  assert.deepEqual(await open(page), EXPECTED);
});

test('a page that forbids WebAssembly runs the core as JavaScript', async () => {
  const program = PROGRAM.replace('vuer-rtc', 'vuer-rtc/js');
  assert.deepEqual(await open(await strictPage('forbidden', program, "'self'")), EXPECTED);
});

test('a page that forbids WebAssembly is told of the ways out', async () => {
  const program = PROGRAM.replace('const a', 'try { const a').concat(
    '} catch (fault) { globalThis.result = fault.message; }',
  );
  const page = await openPage(
    browser,
    `${server.url}/${await strictPage('told', program, "'self'")}`,
  );
  assert.match(await page.evaluate(() => globalThis.result), /vuer-rtc\/js.*vuer-rtc\/slim/s);
});

test('a page fetches core.wasm and starts the slim entry', async () => {
  cpSync(join(app, 'node_modules/@vuer-ai/vuer-rtc/dist/core.wasm'), join(site, 'core.wasm'));
  const program = `import { createGraph, init } from '@vuer-ai/vuer-rtc/slim';
init('core.wasm').then(() => {${STEPS} globalThis.result = result;});`;
  const page = await strictPage('slim', program, "'self' 'wasm-unsafe-eval'");
  assert.deepEqual(await open(page), EXPECTED);
});

test('a module worker imports, edits, commits, receives and undoes', async () => {
  const entry = join(app, 'worker.js');
  writeFileSync(entry, `${PROGRAM}\npostMessage(globalThis.result);`);
  const outfile = join(site, 'worker.js');
  await bundle({ entryPoints: [entry], outfile, bundle: true, format: 'esm', logLevel: 'error' });
  const script = `const worker = new Worker('worker.js', { type: 'module' });
worker.onmessage = (event) => { globalThis.result = event.data; };`;
  writeFileSync(join(site, 'worker.html'), html(`<script>${script}</script>`));
  assert.deepEqual(await open('worker.html'), EXPECTED);
});

test('a service worker imports, edits, commits, receives and undoes', async () => {
  const entry = join(app, 'service.js');
  const answer = 'onmessage = ({ source }) => source.postMessage(globalThis.result);';
  writeFileSync(entry, `${PROGRAM}\n${answer}`);
  const outfile = join(site, 'service.js');
  await bundle({ entryPoints: [entry], outfile, bundle: true, format: 'esm', logLevel: 'error' });
  const script = `navigator.serviceWorker.onmessage = ({ data }) => { globalThis.result = data; };
await navigator.serviceWorker.register('service.js', { type: 'module' });
(await navigator.serviceWorker.ready).active.postMessage('');`;
  writeFileSync(join(site, 'service.html'), html(`<script type="module">${script}</script>`));
  assert.deepEqual(await open('service.html'), EXPECTED);
});
