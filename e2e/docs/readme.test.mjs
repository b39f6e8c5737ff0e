// Every snippet of the README files is run: JavaScript against the built package and a real server,
// shell line by line. A line that nobody here knows how to run is a failure. (TypeScript is
// compiled by the package's own tests.)
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { ServerProcess, serverBinary } from '../server/process.mjs';
import {
  commandsOf,
  makeFolder,
  plain,
  promisesOf,
  root,
  run,
  runModule,
  snippetsOf,
} from './snippets.mjs';

const PAGES = ['README.md', 'js-bindings/README.md'].filter((page) => existsSync(join(root, page)));
const snippets = PAGES.flatMap(snippetsOf).filter((one) => !/^tsx?$/.test(one.language));
const server = new ServerProcess();
let folder;

/** The flags that the pages give the server; its port and database are this test's. */
function serverFlags() {
  const shell = snippets.filter((one) => one.language === 'sh');
  const lines = shell.flatMap((one) => commandsOf(one.code));
  const line = lines.find((one) => /^vuer-rtc-server .*--port/.test(one)) ?? '';
  return line.split(/\s+/).slice(1).concat('--port', '0');
}

/** The documented address is the one of this test's server. */
const here = (code) => code.replace(/(localhost|127\.0\.0\.1):8080/g, `127.0.0.1:${server.port}`);

before(async () => {
  folder = makeFolder();
  const database = ['--database', `sqlite:${join(folder, 'rooms.db')}`];
  await server.start(...serverFlags(), ...database);
});

after(async () => {
  await server.dispose();
  rmSync(folder, { recursive: true, force: true });
});

async function checkModule({ name, code }) {
  const { code: status, out, errors } = await runModule(folder, name, here(code));
  assert.equal(status, 0, `${name} ends well: ${errors}`);
  const promised = promisesOf(code);
  const printed = out
    .split('\n')
    .map(plain)
    .filter((line) => line !== '');
  if (!promised.includes(undefined)) return assert.deepEqual(printed, promised.map(plain), name);
  const said = promised.filter((one) => one !== undefined).map(plain);
  for (const line of said) assert.ok(printed.includes(line), `${name} prints ${line}`);
}

async function checkDev(line) {
  const command = line.split(/\s+/)[1];
  const { code, out } = await run(join(root, 'dev'), ['help'], { cwd: root });
  assert.equal(code, 0);
  const tells = new RegExp(`^\\./dev (.*\\| )?${command}\\b`, 'm');
  assert.match(out, tells, `./dev help tells of ${command}`);
}

async function checkCurl(line) {
  const address = /^curl (http:\S+)$/.exec(line)?.[1];
  assert.ok(address, `a plain GET: ${line}`);
  const response = await fetch(here(address));
  assert.equal(response.status, 200, line);
  assert.equal(typeof (await response.json()), 'object', line);
}

/** As people do it, with the tarball in the place of the registry. */
async function checkInstall(line) {
  assert.equal(line, 'npm install @vuer-ai/vuer-rtc');
  const place = join(folder, 'installed');
  mkdirSync(place);
  const pack = ['pack', '--silent', '--ignore-scripts', '--pack-destination', place];
  const packed = await run('npm', pack, { cwd: join(root, 'js-bindings') });
  assert.equal(packed.code, 0, packed.errors);
  const tarball = join(place, packed.out.trim().split('\n').at(-1));
  const flags = ['--offline', '--no-audit', '--no-fund', '--prefix', place, tarball];
  const installed = await run('npm', ['install', ...flags], { cwd: place });
  assert.equal(installed.code, 0, installed.errors);
  assert.ok(existsSync(join(place, 'node_modules/@vuer-ai/vuer-rtc/package.json')));
}

function checkServer(line) {
  assert.ok(server.child.exitCode === null, `${line}: it runs with these flags`);
}

/** A file that a later line needs, made in this test's folder. */
async function checkFile(line) {
  const { code, errors } = await run('sh', ['-c', line], { cwd: folder });
  assert.equal(code, 0, errors);
}

/** The words after the program, without the shell's quotes. */
const wordsOf = (line) => line.replaceAll("'", '').split(/\s+/).slice(1);

async function checkToken(line) {
  const { code, out, errors } = await run(serverBinary(), wordsOf(line), { cwd: folder });
  assert.equal(code, 0, errors);
  assert.match(out, /^eyJ[\w-]+\.[\w-]+\.[\w-]+$/m);
}

/** Certificates of one's own are not at hand: the flags must be known. */
async function checkFlags(line) {
  const { code, errors } = await run(serverBinary(), [...wordsOf(line), '--help'], { cwd: folder });
  assert.equal(code, 0, errors);
}

const RUNNERS = [
  [/^head /, checkFile],
  [/^vuer-rtc-server token /, checkToken],
  [/^vuer-rtc-server .*--tls-cert/, checkFlags],
  [/^\.\/dev /, checkDev],
  [/^curl /, checkCurl],
  [/^npm install /, checkInstall],
  [/^vuer-rtc-server /, checkServer],
];

// JavaScript first: the shell lines look at the rooms that it made
for (const snippet of snippets.filter((one) => one.language === 'js'))
  test(`${snippet.name} runs and prints what it says`, () => checkModule(snippet));

for (const snippet of snippets.filter((one) => one.language !== 'js')) {
  for (const line of snippet.language === 'sh' ? commandsOf(snippet.code) : [snippet.code]) {
    test(`${snippet.name} ${line}`, async () => {
      const runner = RUNNERS.find(([pattern]) => pattern.test(line))?.[1];
      assert.ok(snippet.language === 'sh' && runner, `no way to run: ${line}`);
      await runner(line);
    });
  }
}

test('every page has snippets of both kinds', () => {
  for (const page of PAGES) {
    const own = snippets.filter((one) => one.name.startsWith(`${page}:`));
    const languages = new Set(own.map((one) => one.language));
    assert.deepEqual([...languages].sort(), ['js', 'sh'], page);
  }
});
