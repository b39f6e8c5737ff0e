// The packed tarball in pages: installed in an empty folder, built by Vite and as a plain script,
// opened in Chromium. (Programs for Node are checked beside the package.)
import assert from 'node:assert/strict';
import { build as bundle } from 'esbuild';
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { build as viteBuild } from 'vite';
import { launch, openPage } from '../browser/browser.mjs';
import { root, run } from '../docs/snippets.mjs';
import { ServerProcess } from '../server/process.mjs';

const STEPS = `
const a = createGraph({ client: 'a' });
const b = createGraph({ client: 'b' });
a.edit({ ot: 'node.insert', key: '', path: 'children', value: { key: 'n', p: 1 } });
b.receive(a.commit());
const received = b.getNode('n').p;
const same = a.digest() === b.digest();
b.receive(a.undo());
globalThis.result = { received, same, undone: b.getNode('n') === undefined };
`;
const PROGRAM = `import { createGraph } from '@vuer-ai/vuer-rtc';\n${STEPS}`;
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
  assert.deepEqual(await resultOf(page), EXPECTED);
});

test('a page that forbids WebAssembly runs the core as JavaScript', async () => {
  const program = `import { createGraph } from '@vuer-ai/vuer-rtc/js';\n${STEPS}`;
  assert.deepEqual(await resultOf(await strictPage('forbidden', program, "'self'")), EXPECTED);
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
init('core.wasm').then(() => {${STEPS}});`;
  const page = await strictPage('slim', program, "'self' 'wasm-unsafe-eval'");
  assert.deepEqual(await resultOf(page), EXPECTED);
});

test('a module worker imports, edits, commits, receives and undoes', async () => {
  const entry = join(app, 'worker.js');
  writeFileSync(entry, `${PROGRAM}\npostMessage(globalThis.result);`);
  const outfile = join(site, 'worker.js');
  await bundle({ entryPoints: [entry], outfile, bundle: true, format: 'esm', logLevel: 'error' });
  const script = `const worker = new Worker('worker.js', { type: 'module' });
worker.onmessage = (event) => { globalThis.result = event.data; };`;
  writeFileSync(join(site, 'worker.html'), html(`<script>${script}</script>`));
  assert.deepEqual(await resultOf('worker.html'), EXPECTED);
});
