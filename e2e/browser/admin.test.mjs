// The administrator's page: what it shows of a server at work, and what it does to a room.
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Client, insertNode, message } from '../server/client.mjs';
import { ServerProcess } from '../server/process.mjs';
import { launch, openPage } from './browser.mjs';

const output = join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'output');
const WAIT = { timeout: 15_000 };
const TOKEN = 'the-token-of-the-administrator';
const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

const server = new ServerProcess();
let browser;
let client;
let page;
let work;

/** A scene, then a message every 20 ms. */
async function fill(room) {
  client = new Client(server, room, 'ada', { query: { snapshot: 'compact' } });
  await client.next('state');
  const child = (key, parent) => ({ ...insertNode(key), key: parent });
  const ops = [insertNode('scene'), child('box', 'scene'), child('<b>lamp</b>', 'scene')];
  await client.say(message('ada', 1, 1, ops));
  client.send({ mtype: 'presence', state: { cursor: [1, 2] } });
  let number = 1;
  work = setInterval(() => {
    number += 1;
    const op = { ot: 'number.set', key: 'box', path: 'x', value: number };
    client.send({ mtype: 'crdt', msg: message('ada', number, number, [op]) });
  }, 20);
}

const row = (name) => page.locator('#rooms tr').filter({ hasText: name });
const shown = (selector, text) => page.locator(selector).filter({ hasText: text }).first();

before(async () => {
  mkdirSync(output, { recursive: true });
  await server.start('--admin-token', TOKEN, '--metrics-token', 'for-the-figures-alone');
  await fill('atelier');
  for (const name of ['kitchen', 'quiet'])
    await new Client(server, name, 'bo').next('state');
  browser = await launch();
  page = await openPage(browser, `${server.url}/admin`);
});

after(async () => {
  clearInterval(work);
  await browser?.close();
  await server.dispose();
});

test('the page asks for a token where one is needed and says when it is wrong', async () => {
  const dialog = page.locator('#token-dialog');
  await dialog.waitFor(WAIT);
  await page.locator('#token').fill('wrong');
  await page.locator('#token-form button[value=use]').click();
  await shown('#token-fault', 'token').waitFor(WAIT);
  await page.locator('#token').fill(TOKEN);
  await page.locator('#token-form button[value=use]').click();
  await page.locator('#health[data-state=good]').waitFor(WAIT);
  page.faults.splice(0); // the refusals of above, as the console tells them
});

test('it shows figures, latencies and the rooms with what they do', async () => {
  await page.waitForFunction(
    () => Number(document.querySelector('#rooms tr td:last-child')?.textContent) > 10,
    undefined,
    WAIT,
  );
  const figures = await page.locator('#figures').textContent();
  assert.match(figures, /connections3/);
  assert.match(figures, /ack p99\d/);
  await page.waitForFunction(
    () => /L/.test(document.querySelector('#plot path')?.getAttribute('d') ?? ''),
    undefined,
    WAIT,
  );
  assert.equal(await page.locator('#rooms tr').count(), 3);
  await page.locator('#filter').fill('kit');
  assert.equal(await page.locator('#rooms tr').count(), 1);
  await page.locator('#filter').fill('');
});

test('a room shows its tree, its journal and its members, as text', async () => {
  await page.waitForFunction(
    () => Number(document.querySelector('#rooms tr td:nth-child(3)')?.textContent) > 101,
    undefined,
    WAIT,
  );
  await row('atelier').locator('button').click();
  await shown('#tree summary', 'scene').waitFor(WAIT);
  const lamp = shown('#tree summary', '<b>lamp</b>');
  await lamp.waitFor(WAIT);
  assert.equal(await page.locator('#tree b', { hasText: 'lamp' }).count(), 0);
  await page.screenshot({ path: join(output, 'admin.png'), fullPage: true });
  await page.locator('#tab-journal').click();
  await shown('#journal td', 'ada:').waitFor(WAIT);
  const entries = page.locator('#journal tbody tr');
  assert.equal(await entries.count(), 100);
  await page.locator('#journal button').click();
  await entries.nth(100).waitFor(WAIT);
  await page.locator('#tab-members').click();
  await shown('#members td', '{"cursor":[1,2]}').waitFor(WAIT);
});

test('a room is exported as it is', async () => {
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.locator('#export').click(),
  ]);
  assert.equal(download.suggestedFilename(), 'atelier.json');
  const state = JSON.parse(readFileSync(await download.path(), 'utf8'));
  assert.equal(state.journal[0].id, 'ada:1');
});

test('a room is cleared only when its name is written', async () => {
  clearInterval(work);
  await page.locator('#clear').click();
  const confirm = page.locator('#clear-confirm');
  assert.equal(await confirm.isDisabled(), true);
  await page.locator('#clear-name').fill('atelie');
  assert.equal(await confirm.isDisabled(), true);
  await page.locator('#clear-name').fill('atelier');
  await confirm.click();
  await client.next('room-reset');
  const state = await client.next('state', (frame) => frame.reason === 'reset');
  assert.equal(state.serverSeq, 0);
  await page.locator('#room').waitFor({ state: 'hidden', ...WAIT });
  assert.deepEqual(page.faults, []);
});

test('it fits a phone', async () => {
  const token = await page.evaluate(() => sessionStorage.getItem('vuer-rtc-admin-token'));
  page = await openPage(browser, `${server.url}/admin`, PHONE);
  await page.locator('#token').fill(token);
  await page.locator('#token-form button[value=use]').click();
  await row('kitchen').locator('button').click();
  await shown('#tree', 'No node yet').waitFor(WAIT);
  const width = await page.evaluate(() => document.documentElement.scrollWidth);
  assert.ok(width <= 390, `the page is ${width} wide`);
  await page.screenshot({ path: join(output, 'admin-phone.png'), fullPage: true });
});
