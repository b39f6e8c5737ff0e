// Chromium as a system: a fresh page for every workload, which reads its files over a made-up host.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { launch } from '../../e2e/browser/browser.mjs';

const HOST = 'http://bench.localhost';
const PAGE = '<!doctype html><script type="module" src="/page.mjs"></script>';
const TIMEOUT = 90_000;
const TYPES = { mjs: 'text/javascript', bin: 'application/octet-stream', '/': 'text/html' };

/** `code` holds page.mjs, `data` the workload files. */
export async function openPages(code, data, limits) {
  const browser = await launch();

  function answer(route) {
    const { pathname } = new URL(route.request().url());
    const ending = pathname === '/' ? '/' : pathname.split('.').at(-1);
    const isKnown = TYPES[ending] !== undefined;
    if (!isKnown) return route.fulfill({ status: 404, body: '' });
    const folder = ending === 'mjs' ? code : data;
    const body = pathname === '/' ? PAGE : readFileSync(join(folder, pathname));
    return route.fulfill({ body, contentType: TYPES[ending] });
  }

  async function run(workload) {
    const page = await browser.newPage();
    const late = {};
    late.promise = new Promise((_, refuse) => {
      late.timer = setTimeout(() => refuse(new Error('no answer in time')), TIMEOUT);
    });
    try {
      await page.route(`${HOST}/**`, answer);
      await page.goto(`${HOST}/`);
      await page.waitForFunction(() => globalThis.measure !== undefined);
      const measure = ([name, each]) => globalThis.measure(name, each);
      return await Promise.race([page.evaluate(measure, [workload, limits]), late.promise]);
    } finally {
      clearTimeout(late.timer);
      await page.close();
    }
  }

  return { run, close: () => browser.close() };
}
