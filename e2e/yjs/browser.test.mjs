// Two people in Chromium type into one CodeMirror text, one of them offline for a while and the
// server killed in between; both show the same, and so does whoever comes later.
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { build } from 'esbuild';

import { launch, openPage } from '../browser/browser.mjs';
import { ServerProcess } from '../server/process.mjs';

const entry = fileURLToPath(new URL('./clients/page.mjs', import.meta.url));
const server = new ServerProcess();
const site = join(server.folder, 'site');
let browser;

const kHtml = `<!doctype html><meta charset="utf-8"><title>Notes</title>
<link rel="icon" href="data:,">
<style>body { font: 18px sans-serif; margin: 2rem } .cm-editor { border: 1px solid #999 }</style>
<h1>Notes</h1><div id="editor"></div><script type="module" src="page.js"></script>`;

before(async () => {
  mkdirSync(site);
  writeFileSync(join(site, 'index.html'), kHtml);
  const outfile = join(site, 'page.js');
  await build({ entryPoints: [entry], outfile, bundle: true, format: 'esm' });
  await server.start('--static', site);
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await server.dispose();
});

const open = async (name) => {
  const page = await openPage(browser, `${server.url}/?name=${name}`);
  await page.waitForFunction(() => window.provider?.synced);
  return page;
};
const textOf = (page) => page.evaluate(() => window.view.state.doc.toString());
const shows = (page, part) =>
  page.waitForFunction((wanted) => window.view.state.doc.toString().includes(wanted), part);

async function type(page, words) {
  await page.locator('.cm-content').click();
  await page.keyboard.press('Control+End');
  await page.keyboard.type(words);
}

test('two people in Chromium end with the same text, and a third gets it', async () => {
  const [ada, bob] = [await open('Ada'), await open('Bob')];
  await Promise.all([type(ada, 'Ada was here. '), type(bob, 'Bob too. ')]);
  await shows(bob, 'here.');
  await ada.evaluate(() => window.provider.disconnect());
  await Promise.all([type(ada, 'Written offline. '), type(bob, 'Meanwhile online. ')]);
  await shows(bob, 'Meanwhile online.');
  await server.kill('SIGKILL');
  await type(bob, 'Without a server. ');
  await server.start('--static', site, '--port', String(server.port));
  await ada.evaluate(() => window.provider.connect());
  await shows(ada, 'Without a server.');
  await shows(bob, 'Written offline.');
  const cara = await open('Cara');
  await shows(cara, 'Written offline.');
  assert.equal(await textOf(ada), await textOf(bob));
  assert.equal(await textOf(cara), await textOf(bob));
  await type(ada, '');
  await bob.waitForSelector('.cm-ySelectionInfo');
  const name = await bob.locator('.cm-ySelectionInfo').first().textContent();
  assert.ok(['Ada', 'Cara'].includes(name));
  if (process.env.RTC_SCREENSHOT) await bob.screenshot({ path: process.env.RTC_SCREENSHOT });
  for (const page of [ada, cara])
    assert.deepEqual(page.faults.filter((fault) => !fault.includes('WebSocket')), []);
});
