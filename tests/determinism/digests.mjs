// digests.mjs [--chromium] FILE...: what digests.cpp prints, through the npm package, under Node or
// in Chromium.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';

import { digestOf } from './digest_of.mjs';

const PAGE = fileURLToPath(new URL('./page.mjs', import.meta.url));

/** The page with everything it needs, served on loopback. */
async function serve() {
  const { build } = await import('esbuild');
  const bundled = await build({
    entryPoints: [PAGE],
    bundle: true,
    format: 'esm',
    platform: 'browser',
    logLevel: 'error',
    write: false,
  });
  const script = bundled.outputFiles[0].text;
  const server = createServer((request, response) => {
    const isScript = request.url === '/page.js';
    response.setHeader('Content-Type', isScript ? 'text/javascript' : 'text/html');
    response.end(isScript ? script : '<!doctype html><script type=module src=/page.js></script>');
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

async function inChromium(lines) {
  const { launch, openPage } = await import('../../e2e/browser/browser.mjs');
  const server = await serve();
  const browser = await launch();
  try {
    const page = await openPage(browser, `http://127.0.0.1:${server.address().port}/`);
    await page.waitForFunction(() => globalThis.digestOf !== undefined);
    const found = [];
    for (const line of lines) {
      found.push(await page.evaluate((one) => globalThis.digestOf(one), line));
    }
    return found;
  } finally {
    await browser.close();
    server.close();
  }
}

const args = process.argv.slice(2);
const lines = args
  .filter((name) => name !== '--chromium')
  .flatMap((name) => readFileSync(name, 'utf8').split('\n'))
  .filter((line) => line !== '');
const scenarios = lines.map((line) => JSON.parse(line));
const digests = args.includes('--chromium')
  ? await inChromium(lines)
  : scenarios.map(digestOf);
scenarios.forEach(({ name }, i) => console.log(`${name} ${digests[i]}`));
