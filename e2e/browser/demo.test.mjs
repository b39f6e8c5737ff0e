// Two people on the demo page: everything the page can do, then both pages and the server agree.
import assert from 'node:assert/strict';
import { existsSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { ServerProcess } from '../server/process.mjs';
import { launch, openPage } from './browser.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const dist = join(root, 'demo', 'dist');
const output = join(root, 'output');
const WAIT = { timeout: 15_000 };

const server = new ServerProcess();
let browser;
let ada;
let bo;

before(async () => {
  assert.ok(existsSync(join(dist, 'index.html')), 'the demo is built into demo/dist');
  mkdirSync(output, { recursive: true });
  await server.start('--static', dist);
  browser = await launch();
  ada = await openPage(browser, `${server.url}/?room=two&name=Ada`);
  await agreed(ada);
  bo = await openPage(browser, `${server.url}/?room=two&name=Bo`);
  await agreed(bo);
});

after(async () => {
  await browser?.close();
  await server.dispose();
});

const verdict = (page, wanted) =>
  page.locator(`#agreement[data-verdict=${wanted}]`).waitFor(WAIT);
const row = (page, name) =>
  page.locator('#tree [role=treeitem]').filter({ has: page.getByText(name, { exact: true }) });
const notes = (page) => page.locator('#notes').inputValue();

/** Everything is at the server, and this page holds what the server holds. */
async function agreed(page) {
  await page.waitForFunction(
    () => document.querySelector('#unacked').textContent === '0',
    undefined,
    WAIT,
  );
  await verdict(page, 'same');
}

async function eventually(read, wanted) {
  const until = Date.now() + WAIT.timeout;
  let last = await read();
  while (last !== wanted && Date.now() < until) {
    await new Promise((done) => setTimeout(done, 50));
    last = await read();
  }
  assert.equal(last, wanted);
}

const shapeNamed = (page, name) =>
  page.evaluate((wanted) => demo.app.shapes.find((shape) => shape.name === wanted), name);

test('demo_page_draws_with_webgl', async () => {
  assert.equal(await ada.locator('.no-webgl').count(), 0);
  assert.equal(await ada.locator('#scene canvas').count(), 1);
});

test('demo_page_shows_who_is_here', async () => {
  await ada.locator('#people .other', { hasText: 'Bo' }).waitFor(WAIT);
  await bo.locator('#people .other', { hasText: 'Ada' }).waitFor(WAIT);
});

test('demo_page_shows_shapes_of_the_other', async () => {
  for (const kind of ['box', 'sphere', 'cone', 'cylinder', 'torus'])
    await ada.getByRole('button', { name: `Add ${kind}` }).click();
  await row(bo, 'Torus 1').waitFor(WAIT);
  assert.equal(await bo.locator('#tree [role=treeitem]').count(), 9);
});

test('demo_page_drags_a_shape_as_one_step', async () => {
  const before = (await shapeNamed(ada, 'Torus 1')).place.position;
  const key = (await shapeNamed(ada, 'Torus 1')).key;
  const spot = await ada.evaluate(() => demo.scene.spotOf('first-box'));
  const boxBefore = (await shapeNamed(ada, 'Plinth')).place.position;
  await ada.mouse.move(spot.x, spot.y);
  await ada.mouse.down();
  await ada.mouse.move(spot.x - 90, spot.y + 30, { steps: 12 });
  await ada.mouse.up();
  await agreed(ada);
  const moved = (await shapeNamed(ada, 'Plinth')).place.position;
  assert.notDeepEqual(moved, boxBefore);
  assert.equal(moved[1], boxBefore[1], 'a drag stays on its plane');
  const there = () => shapeNamed(bo, 'Plinth').then((s) => JSON.stringify(s.place.position));
  await eventually(there, JSON.stringify(moved));
  await ada.keyboard.press('Control+z');
  await eventually(there, JSON.stringify(boxBefore));
  await ada.keyboard.press('Control+Shift+z');
  await eventually(there, JSON.stringify(moved));
  assert.deepEqual((await shapeNamed(ada, 'Torus 1')).place.position, before, key);
});

test('demo_page_keeps_the_caret_while_others_type', async () => {
  await ada.locator('#notes').click();
  await ada.keyboard.type('Move the tent ', { delay: 5 });
  await eventually(() => notes(bo), 'Move the tent ');
  await bo.locator('#notes').click();
  await bo.keyboard.press('Control+Home');
  await Promise.all([
    ada.keyboard.type('behind the plinth.', { delay: 15 }),
    bo.keyboard.type('To do: ', { delay: 30 }),
  ]);
  const all = 'To do: Move the tent behind the plinth.';
  await eventually(() => notes(ada), all);
  await eventually(() => notes(bo), all);
  const caret = (page) => page.locator('#notes').evaluate((field) => field.selectionStart);
  assert.equal(await caret(ada), all.length);
  assert.equal(await caret(bo), 'To do: '.length);
  await ada.locator('#writers', { hasText: 'Bo is here' }).waitFor(WAIT);
});

test('demo_page_lets_an_input_method_finish_while_others_type', async () => {
  const input = await ada.context().newCDPSession(ada);
  await ada.locator('#notes').focus();
  await ada.keyboard.press('Control+End');
  const composing = { text: 'うみ', selectionStart: 2, selectionEnd: 2 };
  await input.send('Input.imeSetComposition', composing);
  await bo.keyboard.press('Control+Home');
  await bo.keyboard.type('! ');
  const shared = () => ada.evaluate(() => demo.app.store.textOf('scene', 'notes'));
  await eventually(shared, '! To do: Move the tent behind the plinth.');
  assert.equal(await notes(ada), 'To do: Move the tent behind the plinth.うみ');
  await input.send('Input.insertText', { text: '海' });
  const all = '! To do: Move the tent behind the plinth.海';
  await eventually(() => notes(bo), all);
  await eventually(() => notes(ada), all);
  await ada.keyboard.press('Control+z');
  await bo.keyboard.press('Control+z');
  await eventually(() => notes(ada), 'To do: Move the tent behind the plinth.');
});

test('demo_page_undoes_only_own_typing', async () => {
  await bo.keyboard.press('Control+z');
  await eventually(() => notes(ada), 'Move the tent behind the plinth.');
  await bo.getByRole('button', { name: 'Redo' }).click();
  await eventually(() => notes(ada), 'To do: Move the tent behind the plinth.');
});

test('demo_page_reparents_by_keyboard', async () => {
  const before = await shapeNamed(ada, 'Moon');
  const places = () =>
    ada.evaluate(() => JSON.stringify(demo.scene.spotOf('first-sphere')).replace(/\.\d+/g, ''));
  const spot = await places();
  await row(ada, 'Moon').click();
  await ada.keyboard.press('m');
  await ada.keyboard.press('ArrowDown');
  await ada.keyboard.press('Enter');
  await eventually(() => row(bo, 'Moon').getAttribute('aria-level'), '3');
  const moved = await shapeNamed(bo, 'Moon');
  assert.equal(before.parent, 'scene');
  assert.equal(moved.parent, (await shapeNamed(bo, 'Plinth')).key);
  assert.equal(await places(), spot, 'it stays where it is');
});

test('demo_page_reparents_by_drag_and_drop', async () => {
  await row(bo, 'Cone 1').dragTo(row(bo, 'Cylinder 1'));
  await eventually(() => row(ada, 'Cone 1').getAttribute('aria-level'), '3');
});

test('demo_page_changes_colour_and_place_of_the_selection', async () => {
  await row(bo, 'Tent').click();
  await bo.getByRole('button', { name: 'Coral' }).click();
  await eventually(() => shapeNamed(ada, 'Tent').then((shape) => shape.color), '#e4572e');
  await bo.locator('#scene').focus();
  await bo.keyboard.press('ArrowRight');
  await eventually(() => shapeNamed(ada, 'Tent').then((s) => s.place.position[0]), 1.15);
});

test('demo_page_deletes_and_brings_back', async () => {
  await row(bo, 'Sphere 1').click();
  await bo.keyboard.press('Delete');
  await eventually(() => row(ada, 'Sphere 1').count(), 0);
  await bo.keyboard.press('Control+z');
  await eventually(() => row(ada, 'Sphere 1').count(), 1);
  await bo.keyboard.press('Control+y');
  await eventually(() => row(ada, 'Sphere 1').count(), 0);
});

test('demo_page_edits_survive_a_cut_connection', async () => {
  await ada.evaluate(() => demo.app.room.carrier.link.close(4900, 'test'));
  await ada.getByRole('button', { name: 'Add box' }).click();
  await row(bo, 'Box 2').waitFor(WAIT);
});

test('demo_page_digest_equals_the_servers', async () => {
  await agreed(ada);
  await agreed(bo);
  const { digest } = (await server.get('/api/rooms/two/digest')).json();
  for (const page of [ada, bo]) {
    await eventually(() => page.evaluate(() => demo.app.store.digest()), digest);
    for (const side of ['page', 'server']) {
      const shown = page.locator(`#digest-${side} code`);
      await eventually(() => shown.getAttribute('data-digest'), digest);
    }
  }
});

test('demo_page_fits_a_phone', async () => {
  const box = await ada.evaluate(() => demo.scene.spotOf('first-cone'));
  await row(bo, 'Tent').click();
  await bo.mouse.move(box.x + 60, box.y + 80);
  await row(ada, 'Plinth').click();
  await ada.screenshot({ path: join(output, 'demo-1280x800.png') });
  await bo.emulateMedia({ colorScheme: 'dark' });
  await bo.mouse.move(5, 5);
  await bo.screenshot({ path: join(output, 'demo-1280x800-dark.png') });
  const phone = await openPage(browser, `${server.url}/?room=two&name=Kim`, {
    viewport: { width: 390, height: 844 },
    deviceScaleFactor: 2,
    hasTouch: true,
  });
  await agreed(phone);
  await row(phone, 'Cylinder 1').tap();
  await phone.evaluate(() => scrollTo(0, 0));
  const width = await phone.evaluate(() => document.documentElement.scrollWidth);
  assert.equal(width, 390, 'nothing sticks out');
  await phone.screenshot({ path: join(output, 'demo-390x844.png') });
  await phone.screenshot({ path: join(output, 'demo-390-whole.png'), fullPage: true });
  assert.deepEqual(phone.faults, []);
});

test('demo_page_says_when_there_is_no_webgl', async () => {
  const context = await browser.newContext();
  await context.addInitScript(() => {
    HTMLCanvasElement.prototype.getContext = () => null;
  });
  const page = await context.newPage();
  const errors = [];
  page.on('pageerror', (error) => errors.push(String(error)));
  await page.goto(`${server.url}/?room=two&name=Lin`);
  await page.locator('.no-webgl').waitFor(WAIT);
  await agreed(page);
  await row(page, 'Moon').click();
  await page.locator('#shape').waitFor(WAIT);
  assert.deepEqual(errors, []);
  await context.close();
});

test('demo_page_reports_no_errors', () => {
  assert.deepEqual(ada.faults, []);
  assert.deepEqual(bo.faults, []);
});
