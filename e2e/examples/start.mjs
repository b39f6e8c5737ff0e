// Starts an example as its README says, and waits for the page that it serves.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../docs/snippets.mjs';
import { serverBinary } from '../server/process.mjs';

const examples = join(root, 'examples');

/** The command of a README, with the server of this test's build. */
export function spawnExample(name, environment = {}) {
  assert.ok(existsSync(join(examples, 'node_modules')), 'the examples are not installed');
  const own = { VUER_RTC_SERVER: serverBinary(), NO_COLOR: '1' };
  const env = { ...process.env, ...own, ...environment };
  const args = ['start', '--silent', '--workspace', name];
  // a group of its own: npm, Vite and the server end together
  const stdio = ['ignore', 'pipe', 'pipe'];
  return spawn('npm', args, { cwd: examples, env, detached: true, stdio });
}

/** Calls `use` with the address of the page. */
export async function whileShown(name, environment, use) {
  const child = spawnExample(name, environment);
  const ended = new Promise((done) => child.once('exit', done));
  try {
    await use(await addressOf(child, ended));
  } finally {
    process.kill(-child.pid, 'SIGKILL');
    await ended;
    for (const end of ['', '-shm', '-wal', '-mark'])
      rmSync(join(examples, name, `rooms.db${end}`), { force: true });
  }
}

function addressOf(child, ended) {
  return new Promise((done, fail) => {
    let said = '';
    child.stderr.on('data', (data) => (said += data));
    child.stdout.on('data', (data) => {
      said += data;
      const address = /Local:\s+(http:\S+)/.exec(said)?.[1];
      if (address !== undefined) done(address);
    });
    void ended.then((code) => fail(new Error(`it ended with ${code}: ${said}`)));
  });
}
