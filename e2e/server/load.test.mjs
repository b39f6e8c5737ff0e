// The load client against the real server: what it says it sent has arrived, whatever the encoding.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { ServerProcess, serverBinary } from './process.mjs';

const run = promisify(execFile);
const server = new ServerProcess();
before(() => server.start('--max-handshakes-per-second', '0'));
after(() => server.dispose());

const load = (...flags) => run(serverBinary(), ['load', ...flags]);

async function measure(...flags) {
  const url = `ws://127.0.0.1:${server.port}`;
  const fixed = ['--json', '--warm-up', '0', '--pid', String(server.child.pid), '--url', url];
  return JSON.parse((await load(...fixed, ...flags)).stdout);
}

for (const dialect of ['msgpack', 'json']) {
  test(`everything sent in ${dialect} is acknowledged and reaches every other`, async () => {
    const sizes = ['--connections', '20', '--rooms', '2', '--senders', '3', '--messages', '600'];
    const figures = await measure('--dialect', dialect, ...sizes);
    assert.equal(figures.connections, 20);
    assert.equal(figures.sent, 600);
    assert.equal(figures.acknowledged, 600);
    assert.equal(figures.delivered, 600 * 9);
    assert.equal(figures.ackTimes.count, 600);
    assert.deepEqual([figures.faults, figures.lost, figures.closed], [0, 0, {}]);
    assert.ok(figures.ackTimes.p50 > 0 && figures.ackTimes.p50 <= figures.ackTimes.p99);
    assert.ok(figures.memoryKib.idle > figures.memoryKib.before);
    assert.ok(figures.files.after > figures.files.before);
  });
}

test('receivers that come and go are counted', async () => {
  const sizes = ['--connections', '20', '--rooms', '2', '--rate', '20', '--seconds', '2'];
  const figures = await measure(...sizes, '--churn', '20');
  assert.ok(figures.churned >= 30 && figures.churned <= 45, `${figures.churned}`);
  assert.equal(figures.faults, 0);
});

test('requests are answered', async () => {
  const figures = await measure('--dialect', 'http', '--senders', '10', '--messages', '500');
  assert.deepEqual([figures.acknowledged, figures.faults], [500, 0]);
});

test('what a server refuses is said', async () => {
  const small = new ServerProcess();
  await small.start('--max-clients-per-room', '3');
  try {
    const url = `ws://127.0.0.1:${small.port}`;
    const { stdout } = await load('--url', url, '--connections', '5', '--seconds', '1');
    assert.match(stdout, /with code 4004/);
  } finally {
    await small.dispose();
  }
});

test('wrong flags are named', async () => {
  for (const [flags, words] of [
    [['--url', 'wss://x'], /--url: only ws/],
    [['--url', 'ws://127.0.0.1:x'], /--url: the port/],
    [['--url', 'ws://127.0.0.1:1', '--dialect', 'x'], /--dialect: msgpack/],
    [['--url', 'ws://127.0.0.1:1', '--connections', '0'], /connections/],
    [['--url', 'ws://127.0.0.1:1'], /no connection was opened/],
  ]) {
    await assert.rejects(load(...flags), (fault) => fault.code === 2 && words.test(fault.stderr));
  }
});
