// Every example starts with its one command, from the packed package, and does what it shows: two
// people in Chromium, or a script to its end. RTC_SHOTS names a folder for pictures of the pages.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, afterEach, before, test } from 'node:test';
import { connect } from '@vuer-ai/vuer-rtc/provider';
import { launch, openPage } from '../browser/browser.mjs';
import { root, run } from '../docs/snippets.mjs';
import { ServerProcess } from '../server/process.mjs';
import { spawnExample, whileShown } from './start.mjs';

const MINUTE = { timeout: 60_000 };
let browser;
before(async () => {
  browser = await launch();
});
after(() => browser?.close());
// a page that stays open would turn to the next example
afterEach(() => Promise.all(browser.contexts().map((context) => context.close())));

async function picture(page, name) {
  const { RTC_SHOTS } = process.env;
  if (RTC_SHOTS) await page.screenshot({ path: join(RTC_SHOTS, `${name}.png`) });
}

const status = (page, text) => page.getByRole('status').filter({ hasText: text }).waitFor();

function assertClean(...pages) {
  for (const { faults } of pages) assert.deepEqual(faults, []);
}

test('the programs of all examples are well typed', MINUTE, async () => {
  const options = { cwd: join(root, 'examples'), seconds: 60 };
  const { code, out } = await run('npm', ['run', '--silent', 'check'], options);
  assert.equal(code, 0, out);
});

test('every example has a README with its one command', () => {
  for (const name of ['node', 'scene', 'text', 'todo']) {
    const text = readFileSync(join(root, 'examples', name, 'README.md'), 'utf8');
    assert.match(text, new RegExp(`^./dev example ${name}$`, 'm'));
  }
});

test('the Node script counts with two clients and takes one line back', MINUTE, async () => {
  const child = spawnExample('node');
  let out = '';
  child.stdout.on('data', (data) => (out += data));
  assert.equal(await new Promise((done) => child.once('exit', done)), 0);
  assert.match(out, /^500 counted by both$/m);
  assert.match(out, /\[ 'bob added 200' \] after an undo of alice/);
});

/** Where the camera of the scene shows the third box that is added. */
const THIRD_BOX = [640, 296];

test('the scene shows to both what one of them adds, drags and undoes', MINUTE, async () => {
  await whileShown('scene', {}, async (url) => {
    const [one, two] = [await openPage(browser, url), await openPage(browser, url)];
    for (const page of [one, two]) await status(page, 'synced');
    const room = connect(url, 'scene', { client: 'test' });
    const shown = async (condition) => {
      while (!condition(boxesIn(room.store))) await new Promise((done) => setTimeout(done, 20));
      return two.screenshot();
    };
    for (let i = 0; i < 3; ++i) await one.getByText('Add a box').click();
    const before = await shown((boxes) => boxes.length === 3);
    await drag(one, THIRD_BOX, [200, 60]);
    const moved = await shown((boxes) => boxes[2].position[0] > 1);
    await picture(two, 'scene');
    assert.ok(!moved.equals(before), 'the other page shows the drag');
    await one.getByText('Undo').click();
    await shown((boxes) => boxes[2].position[0] === 0);
    room.destroy();
    assertClean(one, two);
  });
});

function boxesIn(store) {
  const children = store.getNode('scene')?.children ?? [];
  return children.map((key) => store.getNode(key));
}

async function drag(page, [x, y], [dx, dy]) {
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x + dx, y + dy, { steps: 10 });
  await page.mouse.up();
}

test('the text shows to both what they type, and the caret of the other', MINUTE, async () => {
  await whileShown('text', {}, async (url) => {
    const one = await openPage(browser, `${url}?name=Ada`);
    const two = await openPage(browser, `${url}?name=Grace`);
    await one.locator('.cm-content').pressSequentially('Good morning, Grace.');
    await two.getByText('Good morning, Grace.').waitFor();
    await two.locator('.cm-content').press('ControlOrMeta+End');
    await two.locator('.cm-content').pressSequentially(' And you!');
    await one.getByText('Good morning, Grace. And you!').waitFor();
    await one.locator('.cm-other[data-name=Grace]').waitFor();
    await two.locator('.cm-content').press('Shift+Home');
    await one.locator('.cm-others-selection').waitFor();
    await picture(one, 'text');
    await two.locator('.cm-content').press('ControlOrMeta+z');
    await one.getByText('Good morning, Grace. And you').waitFor();
    assertClean(one, two);
  });
});

test('the list takes changes without a server and brings them after a reload', MINUTE, async () => {
  const server = await new ServerProcess().start();
  try {
    await whileShown('todo', { RTC_URL: server.url }, async (url) => {
      const page = await openPage(browser, url);
      await status(page, 'synced');
      const add = async (title) => {
        await page.getByPlaceholder('What must be done?').fill(title);
        await page.getByText('Add', { exact: true }).click();
      };
      await add('Buy milk');
      await status(page, /^synced$/);
      await server.kill('SIGKILL');
      await status(page, 'offline');
      await add('Repair the network');
      await page.getByRole('checkbox').first().check();
      await status(page, /to be sent/);
      await page.waitForTimeout(500); // until it is in IndexedDB
      await page.reload();
      await page.getByRole('checkbox', { checked: true }).waitFor();
      assert.equal(await page.getByRole('listitem').count(), 2);
      await picture(page, 'todo');
      await server.start('--port', String(server.port));
      const other = await openPage(browser, url);
      await other.getByRole('listitem').nth(1).waitFor();
      await status(page, /^synced$/);
      assert.equal(await other.getByRole('checkbox', { checked: true }).count(), 1);
      assertClean(other);
    });
  } finally {
    await server.dispose();
  }
});
