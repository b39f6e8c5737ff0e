// CodeMirror editors bound to a text, in Chromium: they converge, a caret stays where it was, and a
// composition of an input method is left alone.
import assert from 'node:assert/strict';
import { build as bundle } from 'esbuild';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, beforeEach, test } from 'node:test';
import { ServerProcess } from '../server/process.mjs';
import { launch, openPage } from './browser.mjs';

const server = new ServerProcess();
let browser;
let page;

before(async () => {
  const site = join(server.folder, 'site');
  mkdirSync(site);
  await bundle({
    entryPoints: [join(import.meta.dirname, 'editor_page.js')],
    outfile: join(site, 'page.js'),
    bundle: true,
    logLevel: 'error',
  });
  const icon = '<link rel="icon" href="data:,">';
  writeFileSync(join(site, 'index.html'), `${icon}<body></body><script src="page.js"></script>`);
  await server.start('--static', site);
  browser = await launch();
  page = await openPage(browser, `${server.url}/`);
});

after(async () => {
  await browser?.close();
  await server.dispose();
});

beforeEach(() => page.evaluate(() => globalThis.editors.start()));

/** What both editors and both stores hold; they must agree. */
async function agreed() {
  const texts = await page.evaluate(async () => {
    const { deliver, textOf, storedBy } = globalThis.editors;
    await deliver();
    await deliver();
    return ['a', 'b'].flatMap((name) => [textOf(name), storedBy(name)]);
  });
  assert.deepEqual(page.faults, []);
  assert.deepEqual(texts, Array(4).fill(texts[0]));
  return texts[0];
}

/** A range of an editor replaced, as typing does it. */
const replace = (name, from, to, insert) =>
  page.evaluate(
    ([who, changes]) => globalThis.editors.people[who].view.dispatch({ changes }),
    [name, { from, to, insert }],
  );

const select = (name, anchor, head = anchor) =>
  page.evaluate(
    ([who, selection]) => globalThis.editors.people[who].view.dispatch({ selection }),
    [name, { anchor, head }],
  );

const selectionOf = (name) =>
  page.evaluate((who) => {
    const { view } = globalThis.editors.people[who];
    const { anchor, head } = view.state.selection.main;
    return [anchor, head];
  }, name);

test('an editor shows the text whatever it held before', async () => {
  assert.equal(await agreed(), 'one two three');
});

test('what two people type at once is in both editors', async () => {
  await replace('a', 0, 3, 'eins');
  await replace('b', 13, 13, ' four\r\n\u{1f600}');
  assert.equal(await agreed(), 'eins two three four\r\n\u{1f600}');
});

test('one transaction with many ranges is one message', async () => {
  const sent = await page.evaluate(() => {
    const { view, store } = globalThis.editors.people.a;
    const before = store.unacked().length;
    const changes = [0, 4, 8].map((from) => ({ from, insert: '-' }));
    view.dispatch({ changes });
    return store.unacked().length - before;
  });
  assert.equal(sent, 1);
  assert.equal(await agreed(), '-one -two -three');
});

test('carets and selections stay at their letters', async () => {
  await select('a', 4, 7);
  await replace('b', 0, 0, '>> ');
  await agreed();
  assert.deepEqual(await selectionOf('a'), [7, 10]);
  await replace('b', 16, 16, ' <<');
  await agreed();
  assert.deepEqual(await selectionOf('a'), [7, 10]);
  await replace('b', 8, 12, '');
  assert.equal(await agreed(), '>> one three <<');
  assert.deepEqual(await selectionOf('a'), [7, 8]);
});

test('a composition is left alone, and what others typed appears after it', async () => {
  const input = await page.context().newCDPSession(page);
  const compose = (text) =>
    input.send('Input.imeSetComposition', {
      text,
      selectionStart: text.length,
      selectionEnd: text.length,
    });
  await page.locator('.cm-content').first().click();
  await select('a', 3);
  await compose('に');
  await replace('b', 0, 0, '>> ');
  await replace('b', 16, 16, ' <<');
  await page.evaluate(() => globalThis.editors.deliver());
  await compose('にほ');
  const during = await page.evaluate(() => globalThis.editors.textOf('a'));
  assert.equal(during, 'oneにほ two three');
  await input.send('Input.insertText', { text: '日本' });
  assert.equal(await agreed(), '>> one日本 two three <<');
  assert.deepEqual(await selectionOf('a'), [8, 8]);
});

test('undo of the store shows in the editor, and a destroyed editor listens no more', async () => {
  await replace('a', 3, 3, ' and a half');
  await page.evaluate(() => globalThis.editors.people.a.store.undo());
  assert.equal(await agreed(), 'one two three');
  await page.evaluate(() => globalThis.editors.people.a.view.destroy());
  await replace('b', 0, 3, '1');
  const texts = await page.evaluate(async () => {
    await globalThis.editors.deliver();
    return [globalThis.editors.textOf('a'), globalThis.editors.storedBy('a')];
  });
  assert.deepEqual(texts, ['one two three', '1 two three']);
});

test('editors that change at random converge', async () => {
  const seed = Number(process.env.SEED ?? 1);
  await page.evaluate((first) => globalThis.editors.scribble(first, 400), seed);
  assert.ok((await agreed()).length > 0, `again with SEED=${seed}`);
});
