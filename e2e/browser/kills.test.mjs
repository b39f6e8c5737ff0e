// A tab that is killed while it commits loses nothing that was kept or answered, and repeats
// nothing: its next life goes on as the same author from where the disk says.
import assert from 'node:assert/strict';
import { build as bundle } from 'esbuild';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Random } from '../mixed/random.mjs';
import { ServerProcess } from '../server/process.mjs';
import { launch } from './browser.mjs';

const KILLS = Number(process.env.KILLS ?? 50);
const SEED = Number(process.env.SEED ?? 1);
const LONGEST_LIFE_MS = 60;

const PROGRAM = `
import { connect } from '@vuer-ai/vuer-rtc/provider';

class Nowhere {
  readyState = 3;
  constructor() { setTimeout(() => this.onclose?.({ code: 1006, reason: '' })); }
  close() {}
}
const offline = location.hash === '#offline';

async function live() {
  // the browser lets go of a dead tab's locks when it has noticed
  while ((await navigator.locks.query()).held.length > 0)
    await new Promise((done) => setTimeout(done, 5));
  const url = location.origin.replace('http', 'ws');
  const room = connect(url, 'room', {
    client: 'tab',
    persist: true,
    ...(offline ? { WebSocket: Nowhere } : {}),
  });
  await room.loaded;
  globalThis.room = room;
  return room.store.getNode('n')?.n ?? 0;
}

/** Commits until it is killed; tells what is on the disk, or answered. */
function work() {
  const { room } = globalThis;
  const committed = [];
  if (room.store.getNode('n') === undefined) {
    const value = { key: 'n', n: 0 };
    room.store.edit({ ot: 'node.insert', key: '', path: 'children', value });
    room.store.commit();
  }
  setInterval(() => {
    room.store.edit({ ot: 'number.add', key: 'n', path: 'n', value: 1 });
    committed.push({ msg: room.store.commit(), n: room.store.getNode('n').n });
    const kept = committed.filter(({ msg }) => room.persistence.isDurable(msg)).at(-1);
    if (kept !== undefined) globalThis.tell(kept.n);
  }, 1);
}

Object.assign(globalThis, { live, work });
`;

const server = new ServerProcess();
let browser;
let context;
let kept = 0;

before(async () => {
  const site = join(server.folder, 'site');
  mkdirSync(site);
  const stdin = { contents: PROGRAM, resolveDir: import.meta.dirname };
  await bundle({ stdin, outfile: join(site, 'page.js'), bundle: true, logLevel: 'error' });
  const body = '<!doctype html><link rel="icon" href="data:,"><script src="page.js"></script>';
  writeFileSync(join(site, 'page.html'), body);
  await server.start('--static', site);
  browser = await launch();
  context = await browser.newContext();
  await context.exposeFunction('tell', (n) => {
    kept = Math.max(kept, n);
  });
});

after(async () => {
  await browser?.close();
  await server.dispose();
});

async function open(hash) {
  const page = await context.newPage();
  await page.goto(`${server.url}/page.html${hash}`);
  return { page, n: await page.evaluate(() => globalThis.live()) };
}

/** As the system would: no event runs in the page. */
async function kill(page) {
  const devtools = await context.newCDPSession(page);
  const crashed = page.waitForEvent('crash');
  devtools.send('Page.crash').catch(() => {});
  await crashed;
  await page.close();
}

test(`a tab killed ${KILLS} times while it commits loses nothing (SEED=${SEED})`, async (t) => {
  const random = new Random(SEED);
  for (let life = 0; life < KILLS; ++life) {
    const { page, n } = await open(life % 2 === 1 ? '#offline' : '');
    assert.ok(n >= kept, `life ${life}: ${n} edits are here, ${kept} were kept`);
    await page.evaluate(() => globalThis.work());
    await new Promise((done) => setTimeout(done, random.below(LONGEST_LIFE_MS)));
    await kill(page);
  }
  const { page, n } = await open('');
  t.diagnostic(`${n} edits of ${KILLS} lives`);
  assert.ok(n >= kept && n > KILLS, `${n} edits, ${kept} were kept`);
  await page.evaluate(() => globalThis.room.synced.then(() => globalThis.room.flush()));
  const { journal } = (await server.get('/api/rooms/room/state')).json();
  const { digest } = (await server.get('/api/rooms/room/digest')).json();
  assert.equal(journal.length, n + 1);
  assert.equal(new Set(journal.map(({ id }) => id)).size, journal.length);
  assert.equal(new Set(journal.map(({ client }) => client)).size, 1);
  assert.equal(await page.evaluate(() => globalThis.room.store.digest()), digest);
});
