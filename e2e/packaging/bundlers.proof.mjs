// The packed tarball through the bundlers and checkers that e2e/packaging/bundlers locks: each page
// built runs the program in Chromium. They are too large for every test run.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as listen } from 'node:net';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { createServer } from 'vite';
import { launch, openPage } from '../browser/browser.mjs';
import { root, run } from '../docs/snippets.mjs';
import { ServerProcess } from '../server/process.mjs';
import { EXPECTED, html, installIn, pack, PROGRAM, resultOf } from './installed.mjs';

const bundlers = join(import.meta.dirname, 'bundlers');
const apps = join(bundlers, 'apps'); // below the bundlers, so that they are found from there
const app = join(apps, 'plain');
const server = new ServerProcess();
const site = join(server.folder, 'site');
const MINUTES = { timeout: 300_000 };
let browser;

before(async () => {
  assert.ok(existsSync(join(bundlers, 'node_modules')), 'the bundlers are not installed');
  rmSync(apps, { recursive: true, force: true });
  mkdirSync(site);
  await installIn(app);
  await server.start('--static', site);
  browser = await launch();
}, MINUTES);

after(async () => {
  await browser?.close();
  await server.dispose();
  rmSync(apps, { recursive: true, force: true });
});

const environment = { ...process.env, NEXT_TELEMETRY_DISABLED: '1', NODE_ENV: 'production' };

/** Runs a program of the bundlers to its end. */
async function tool(name, args, cwd = app) {
  const file = [bundlers, root]
    .map((folder) => join(folder, 'node_modules/.bin', name))
    .find(existsSync);
  assert.ok(file, `${name} is not installed`);
  const ended = await run(file, args, { cwd, env: environment, seconds: 240 });
  assert.equal(ended.code, 0, `${name}: ${ended.out}\n${ended.errors}`);
  return ended.out;
}

const open = async (url) => resultOf(await openPage(browser, url));

test('a page built by Rollup runs', MINUTES, async () => {
  const flags = ['main.js', '-p', '@rollup/plugin-node-resolve', '-f', 'iife'];
  await tool('rollup', [...flags, '-o', join(site, 'rollup.js')]);
  writeFileSync(join(site, 'rollup.html'), html('<script src="rollup.js"></script>'));
  assert.deepEqual(await open(`${server.url}/rollup.html`), EXPECTED);
});

test('a page built by Parcel runs', MINUTES, async () => {
  writeFileSync(join(app, 'parcel.html'), html('<script type="module" src="main.js"></script>'));
  const flags = ['build', 'parcel.html', '--dist-dir', site, '--no-cache', '--no-source-maps'];
  await tool('parcel', flags);
  assert.deepEqual(await open(`${server.url}/parcel.html`), EXPECTED);
});

test('a page of the development server of Vite runs', MINUTES, async () => {
  writeFileSync(join(app, 'vite.html'), html('<script type="module" src="/main.js"></script>'));
  const vite = await createServer({ root: app, configFile: false, logLevel: 'error' });
  try {
    await vite.listen();
    assert.deepEqual(await open(`${vite.resolvedUrls.local[0]}vite.html`), EXPECTED);
  } finally {
    await vite.close();
  }
});

const SERVED = `${PROGRAM.replace('globalThis.result = result', '')}
export const dynamic = 'force-dynamic';
import Shown from './shown';
export default function Page() {
  return <main data-server={JSON.stringify(result)}><Shown /></main>;
}`;
const SHOWN = `'use client';
import { useEffect } from 'react';
${PROGRAM.replace('globalThis.result = result', '')}
export default function Shown() {
  useEffect(() => { globalThis.result = result; }, []);
  return <p>{JSON.stringify(result)}</p>;
}`;
const LAYOUT = `export default ({ children }) =>
  <html><head><link rel="icon" href="data:," /></head><body>{children}</body></html>;`;

/** A project of Next whose page is a server component around a client component. */
async function nextApp(name) {
  const folder = join(apps, name);
  await installIn(folder);
  mkdirSync(join(folder, 'app'));
  writeFileSync(join(folder, 'app/layout.jsx'), LAYOUT);
  writeFileSync(join(folder, 'app/page.jsx'), SERVED);
  writeFileSync(join(folder, 'app/shown.jsx'), SHOWN);
  const config = `export default { turbopack: { root: ${JSON.stringify(bundlers)} } };`;
  writeFileSync(join(folder, 'next.config.mjs'), config);
  return folder;
}

/** A port that nobody listens on. */
const freePort = () =>
  new Promise((done) => {
    const probe = listen().listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => done(port));
    });
  });

/** `next start` until `use` has ended. */
async function whileServed(folder, use) {
  const port = String(await freePort());
  const program = join(bundlers, 'node_modules/next/dist/bin/next');
  const flags = [program, 'start', '-H', '127.0.0.1', '-p', port];
  const child = spawn(process.execPath, flags, { cwd: folder, env: environment, stdio: 'pipe' });
  try {
    await new Promise((done, fail) => {
      child.stdout.on('data', (data) => String(data).includes('Ready') && done());
      child.on('exit', (code) => fail(new Error(`next ended with ${code}`)));
    });
    await use(`http://127.0.0.1:${port}/`);
  } finally {
    child.kill('SIGTERM');
  }
}

for (const [bundler, flag] of [
  ['webpack', '--webpack'],
  ['Turbopack', '--turbopack'],
]) {
  test(`server and client components of Next run, built by ${bundler}`, MINUTES, async () => {
    const folder = await nextApp(bundler.toLowerCase());
    await tool('next', ['build', flag], folder);
    await whileServed(folder, async (url) => {
      const page = await openPage(browser, url);
      assert.deepEqual(await resultOf(page), EXPECTED);
      const served = await page.locator('main').getAttribute('data-server');
      assert.deepEqual(JSON.parse(served), EXPECTED);
    });
  });
}

test('a test of Vitest runs', MINUTES, async () => {
  const text = `import { expect, it } from 'vitest';\n${PROGRAM}
it('runs', () => expect(result).toEqual(${JSON.stringify(EXPECTED)}));`;
  writeFileSync(join(app, 'some.test.js'), text);
  assert.match(await tool('vitest', ['run', '--root', app]), /1 passed/);
});

test('publint finds nothing', MINUTES, async () => {
  const said = await tool('publint', ['run', '--strict', 'node_modules/@vuer-ai/vuer-rtc']);
  assert.match(said, /All good/);
});

test('arethetypeswrong finds nothing', MINUTES, async () => {
  const folder = join(apps, 'packed');
  mkdirSync(folder);
  // no require() loads WebAssembly, and resolution of 2015 knows no entries
  const without = ['--exclude-entrypoints', 'core.wasm', '--profile', 'node16'];
  const flags = [await pack(folder), ...without, '--format', 'ascii'];
  assert.match(await tool('attw', flags, folder), /vuer-rtc\/three/);
});
