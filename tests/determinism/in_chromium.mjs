// in_chromium.mjs PROGRAM [ARGUMENT...]: runs a program of the WebAssembly build in a page and
// prints what it prints.
import { readFileSync } from 'node:fs';

import { launch } from '../../e2e/browser/browser.mjs';

const TIMEOUT = 300_000;
const [program, ...given] = process.argv.slice(2);

const browser = await launch();
try {
  const page = await browser.newPage();
  page.on('pageerror', (error) => console.error(error));
  await page.evaluate((given) => {
    const ended = (code) => (globalThis.code = code);
    globalThis.printed = [];
    globalThis.Module = { arguments: given, print: (line) => printed.push(line), onExit: ended };
  }, given);
  await page.addScriptTag({ content: readFileSync(program, 'utf8') });
  await page.waitForFunction(() => globalThis.code !== undefined, null, { timeout: TIMEOUT });
  console.log((await page.evaluate(() => globalThis.printed)).join('\n'));
  process.exitCode = await page.evaluate(() => globalThis.code);
} finally {
  await browser.close();
}
