// Slow readers (F7): some connections stop reading while messages go round. The server's memory
// stays bounded, and the others get their messages as before.
//
//   node tests/faults/slow.mjs [--rooms 10] [--rate 50] [--seconds 4] [--noise MS] [--counts FILE]
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs, promisify } from 'node:util';
import { Client } from '../../e2e/server/client.mjs';
import { ServerProcess, serverBinary } from '../../e2e/server/process.mjs';
import { conclude } from './conclude.mjs';

const run = promisify(execFile);
const READERS = 9; // in each room beside the slow one
const MOST_GROWTH_MB = 60;
const NO_LIMITS = ['max-handshakes-per-second', 'max-connections-per-address'];

const { values } = parseArgs({
  options: {
    rooms: { type: 'string', default: '10' },
    rate: { type: 'string', default: '50' },
    seconds: { type: 'string', default: '4' },
    noise: { type: 'string', default: '20' }, // ms; below it, twice as much says nothing
    counts: { type: 'string' },
  },
});
const rooms = Number(values.rooms);
const server = new ServerProcess();
const memory = () =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${server.child.pid}/status`, 'utf8'))[1]) / 1024;

/** The load client's figures: one sender in each room, all others read. */
async function load() {
  const plan = { connections: rooms * READERS, rooms, rate: values.rate, seconds: values.seconds };
  const flags = Object.entries(plan).flatMap(([name, value]) => [`--${name}`, String(value)]);
  const url = `ws://127.0.0.1:${server.port}`;
  const { stdout } = await run(serverBinary(), ['load', '--json', '--url', url, ...flags]);
  return JSON.parse(stdout);
}

/** A connection that reads its first frame and nothing more. */
async function stopReading(room) {
  const client = new Client(server, `load-${room}`, `slow-${room}`, { binary: true });
  await client.next('state');
  client.socket.pause();
  return client;
}

await server.start('--log-level', 'error', ...NO_LIMITS.flatMap((flag) => [`--${flag}`, '0']));
const faults = [];
try {
  const alone = await load();
  const slow = await Promise.all(Array.from({ length: rooms }, (_, room) => stopReading(room)));
  const before = memory();
  let peak = before;
  const watch = setInterval(() => (peak = Math.max(peak, memory())), 50);
  const beside = await load();
  clearInterval(watch);
  await pause(100);
  const [p99, usual] = [beside.deliveryTimes.p99, alone.deliveryTimes.p99];
  if (peak - before > MOST_GROWTH_MB) faults.push(`memory grew by ${peak - before} MB`);
  if (p99 > Math.max(2 * usual, Number(values.noise)))
    faults.push(`others wait ${p99} ms, before ${usual} ms`);
  if (beside.lost + beside.faults > 0) faults.push(`others lost ${beside.lost}`);
  console.log(
    `F7   ${rooms} of ${rooms * (READERS + 1)} clients stop reading at ${rooms * values.rate} ` +
      `messages/s: memory + ${(peak - before).toFixed(1)} MB, others' p99 ${p99.toFixed(1)} ms, ` +
      `before ${usual.toFixed(1)} ms   bar: + ${MOST_GROWTH_MB} MB, 2 x`,
  );
  for (const client of slow) client.socket.terminate();
} finally {
  await server.dispose();
}
conclude(faults, values.counts);
