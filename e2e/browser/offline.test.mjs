// Rooms kept in IndexedDB: edits made without a server survive a reload and arrive once; tabs show
// what the others edit, and do not send for each other.
import assert from 'node:assert/strict';
import { build as bundle } from 'esbuild';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { ServerProcess } from '../server/process.mjs';
import { launch } from './browser.mjs';

const EDITS = Number(process.env.RTC_OFFLINE_EDITS ?? 10_000);

const PROGRAM = `
import { connect } from '@vuer-ai/vuer-rtc/provider';
const query = new URLSearchParams(location.search);
const room = connect(query.get('server'), 'room', { client: query.get('client'), persist: true });
const commit = (op) => { room.store.edit(op); return room.store.commit(); };
Object.assign(globalThis, {
  room,
  insert: (key) => commit({ ot: 'node.insert', key: '', path: 'children', value: { key, n: 0 } }),
  count: (key, times) => {
    for (let i = 0; i < times; ++i) commit({ ot: 'number.add', key, path: 'n', value: 1 });
  },
});
`;

const pages = new ServerProcess();
const rooms = new ServerProcess();
let browser;
let context;

before(async () => {
  const site = join(pages.folder, 'site');
  mkdirSync(site);
  const stdin = { contents: PROGRAM, resolveDir: import.meta.dirname };
  await bundle({ stdin, outfile: join(site, 'page.js'), bundle: true, logLevel: 'error' });
  const body = '<!doctype html><link rel="icon" href="data:,"><script src="page.js"></script>';
  writeFileSync(join(site, 'page.html'), body);
  await Promise.all([pages.start('--static', site), rooms.start()]);
  browser = await launch();
  context = await browser.newContext();
});

after(async () => {
  await browser?.close();
  await pages.dispose();
  await rooms.dispose();
});

async function tab(client) {
  const page = await context.newPage();
  const server = encodeURIComponent(rooms.url.replace('http', 'ws'));
  await page.goto(`${pages.url}/page.html?server=${server}&client=${client}`);
  await page.evaluate(() => globalThis.room.loaded);
  return page;
}

const flush = (page) =>
  page.evaluate(() => globalThis.room.synced.then(() => globalThis.room.flush()));
const nodeOf = (page, key) => page.evaluate((name) => globalThis.room.store.getNode(name), key);

/** What the server has: its digest and its messages' ids. */
async function onServer() {
  const state = (await rooms.get('/api/rooms/room/state')).json();
  const { digest } = (await rooms.get('/api/rooms/room/digest')).json();
  return { digest, ids: state.journal.map((msg) => msg.id) };
}

test('edits made without a server survive a reload and arrive once', async () => {
  const page = await tab('alice');
  await page.evaluate(() => globalThis.insert('n'));
  await flush(page);
  await rooms.kill('SIGKILL');
  await page.evaluate((times) => globalThis.count('n', times), EDITS);
  await page.evaluate(() => new Promise((done) => setTimeout(done, 500)));
  await page.reload();
  await page.evaluate(() => globalThis.room.loaded);
  assert.equal((await nodeOf(page, 'n')).n, EDITS);
  await page.evaluate(() => globalThis.count('n', 1));
  const unacked = await page.evaluate(() => globalThis.room.status.unacked);
  assert.equal(unacked, EDITS + 1);
  await rooms.start('--port', String(rooms.port));
  await flush(page);
  const { digest, ids } = await onServer();
  assert.equal(ids.length, EDITS + 2);
  assert.equal(new Set(ids).size, ids.length);
  assert.equal(await page.evaluate(() => globalThis.room.store.digest()), digest);
  assert.equal((await nodeOf(page, 'n')).n, EDITS + 1);
  await page.close();
});

test('two tabs are two authors, and what a closed one left is sent by the other', async () => {
  const [first, second] = [await tab('alice'), await tab('alice')];
  const clients = await Promise.all(
    [first, second].map((page) => page.evaluate(() => globalThis.room.store.client)),
  );
  assert.notEqual(clients[0], clients[1]);
  await Promise.all([flush(first), flush(second)]);
  const before = (await onServer()).ids.length;
  await rooms.kill('SIGKILL');
  await first.evaluate(() => globalThis.count('n', 5));
  await second.evaluate(() => globalThis.insert('left'));
  await first.waitForFunction(() => globalThis.room.store.getNode('left') !== undefined);
  await second.waitForFunction(() => globalThis.room.store.getNode('n').n % 10 === 6);
  await second.evaluate(() => new Promise((done) => setTimeout(done, 300)));
  await second.close();
  await first.reload();
  await first.evaluate(() => globalThis.room.loaded);
  await rooms.start('--port', String(rooms.port));
  await flush(first);
  await first.waitForFunction(() => globalThis.room.store.getNode('left') !== undefined);
  const { digest, ids } = await onServer();
  assert.equal(ids.length, before + 6);
  assert.equal(new Set(ids).size, ids.length);
  assert.equal(await first.evaluate(() => globalThis.room.store.digest()), digest);
});
