// Two pages with React in StrictMode show a scene of 1,000 nodes; one drags a node at 60 Hz. The
// other shows it soon after the first, and renders nothing but what reads that node.
import assert from 'node:assert/strict';
import { build as bundle } from 'esbuild';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { ServerProcess } from '../server/process.mjs';
import { launch, openPage } from './browser.mjs';

const NODES = 1000;
const SECONDS = 4;
const DRAGS = 3; // the best one counts: others work on this machine, too
const HERTZ = 60;
const MOST_P99_MS = 60;
const DRAGGED = 'n500';

const PROGRAM = `
import { createElement, StrictMode, useLayoutEffect } from 'react';
import { createRoot } from 'react-dom/client';
import { RoomProvider, useNode, useProperty } from '@vuer-ai/vuer-rtc/react';
import { connect } from '@vuer-ai/vuer-rtc/provider';

const room = connect(location.origin.replace('http', 'ws'), 'room', { client: 'page' });
const now = () => performance.timeOrigin + performance.now();
const keys = Array.from({ length: ${NODES} }, (_, i) => 'n' + i);
const renders = {};
const shown = new Map();
const committed = (name) => useLayoutEffect(() => { renders[name] = (renders[name] ?? 0) + 1; });

function Box({ name }) {
  const { position: [x, y, at], color } = useNode(name);
  committed(name);
  useLayoutEffect(() => { if (at > 0) shown.set(at, now()); }, [at]);
  const style = { position: 'absolute', left: x, top: y, width: 14, height: 14, background: color };
  return createElement('div', { id: name, style });
}

function Label({ name }) {
  const [[x, y]] = useProperty(name, 'position');
  committed('label of ' + name);
  return createElement('p', null, name + ' at ' + Math.round(x) + ', ' + Math.round(y));
}

const boxes = () => keys.map((name) => createElement(Box, { key: name, name }));
const label = () => createElement(Label, { name: '${DRAGGED}' });
const App = () => createElement('main', null, label(), boxes());

Object.assign(globalThis, {
  room,
  renders,
  shown,
  fill() {
    const { store } = room;
    store.edit({ ot: 'node.insert', key: '', path: 'children', value: { key: 'root' } });
    keys.forEach((key, i) => {
      const position = [20 + 20 * (i % 50), 60 + 20 * Math.floor(i / 50), 0];
      const value = { key, position, color: key === '${DRAGGED}' ? 'crimson' : 'lightsteelblue' };
      store.edit({ ot: 'node.insert', key: 'root', path: 'children', value });
    });
    store.commit();
    return room.flush();
  },
  show() {
    createRoot(document.body.appendChild(document.createElement('div'))).render(
      createElement(StrictMode, null, createElement(RoomProvider, { room }, createElement(App))),
    );
  },
  /** A circle, as a hand would draw it. */
  drag: (seconds) => new Promise((done) => {
    let step = 0;
    const timer = setInterval(() => {
      const angle = (step / ${HERTZ}) * 2;
      const value = [500 + 300 * Math.cos(angle), 250 + 150 * Math.sin(angle), now()];
      room.edit({ ot: 'vector3.set', key: '${DRAGGED}', path: 'position', value });
      if (++step === seconds * ${HERTZ}) done(clearInterval(timer));
    }, 1000 / ${HERTZ});
  }),
});
`;

const server = new ServerProcess();
let browser;

before(async () => {
  const site = join(server.folder, 'site');
  mkdirSync(site);
  await bundle({
    stdin: { contents: PROGRAM, resolveDir: import.meta.dirname },
    outfile: join(site, 'page.js'),
    bundle: true,
    define: { 'process.env.NODE_ENV': '"development"' },
    logLevel: 'error',
  });
  const icon = '<link rel="icon" href="data:,">';
  const body = `<!doctype html>${icon}<body><script src="page.js"></script>`;
  writeFileSync(join(site, 'page.html'), body);
  await server.start('--static', site);
  browser = await launch();
});

after(async () => {
  await browser?.close();
  await server.dispose();
});

const evaluate = (pages, call) => Promise.all(pages.map((page) => page.evaluate(call)));
const place = (page) =>
  page.evaluate((key) => globalThis.room.store.getNode(key).position, DRAGGED);

/** Milliseconds by which the eye saw each position later than the hand, sorted. */
async function drag(hand, eye) {
  await evaluate([hand, eye], () => globalThis.shown.clear());
  await hand.evaluate((seconds) => globalThis.drag(seconds), SECONDS);
  await hand.evaluate(() => globalThis.room.flush());
  const last = await place(hand);
  await eye.waitForFunction(([key, at]) => globalThis.room.store.getNode(key).position[2] === at, [
    DRAGGED,
    last[2],
  ]);
  const [here, there] = await evaluate([hand, eye], () => [...globalThis.shown]);
  const began = new Map(here);
  return there
    .filter(([at]) => began.has(at))
    .map(([at, when]) => when - began.get(at))
    .sort((a, b) => a - b);
}

test('a drag is shown within 60 ms and renders its readers only', async (t) => {
  const url = `${server.url}/page.html`;
  const [hand, eye] = [await openPage(browser, url), await openPage(browser, url)];
  await hand.evaluate(() => globalThis.fill());
  await eye.waitForFunction((n) => globalThis.room.store.getNode(`n${n - 1}`), NODES);
  for (const page of [hand, eye]) {
    await page.evaluate(() => globalThis.show());
    await page.waitForFunction((n) => document.querySelectorAll('main > div').length === n, NODES);
    await page.evaluate(() => new Promise((done) => setTimeout(done, 300)));
  }
  await evaluate([hand, eye], () => {
    for (const name of Object.keys(globalThis.renders)) delete globalThis.renders[name];
  });
  const best = [];
  let positions = 0;
  for (let i = 0; i < DRAGS; ++i) {
    const delays = await drag(hand, eye);
    positions += delays.length;
    const part = (share) => delays[Math.floor((delays.length - 1) * share)];
    best.push(part(0.99));
    const [p50, p99] = [part(0.5), part(0.99)].map((delay) => delay.toFixed(1));
    t.diagnostic(`${delays.length} seen, p50 ${p50} ms, p99 ${p99} ms`);
  }
  if (process.env.RTC_SCREENSHOT) await eye.screenshot({ path: process.env.RTC_SCREENSHOT });
  const renders = await eye.evaluate(() => globalThis.renders);
  assert.deepEqual(Object.keys(renders).sort(), [`label of ${DRAGGED}`, DRAGGED].sort());
  assert.ok(positions > DRAGS * SECONDS * 8, `${positions} positions were seen`);
  assert.ok(renders[DRAGGED] <= 2 * positions, `${renders[DRAGGED]} renders`);
  assert.ok(Math.min(...best) <= MOST_P99_MS, `p99 ${best.join(', ')} ms`);
  assert.deepEqual(await place(eye), await place(hand));
  assert.deepEqual([...hand.faults, ...eye.faults], []);
});
