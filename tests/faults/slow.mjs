// Slow readers (F7): some connections stop reading while messages go round. The server needs little
// more memory than for the same load without them, and the others get their messages as before.
//
//   node tests/faults/slow.mjs [--rooms 10] [--rate 50] [--seconds 4] [--noise MS] [--counts FILE]
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { parseArgs, promisify } from 'node:util';
import { Client } from '../../e2e/server/client.mjs';
import { ServerProcess, serverBinary } from '../../e2e/server/process.mjs';
import { conclude } from './conclude.mjs';

const run = promisify(execFile);
const READERS = 9; // in each room beside the slow one
const MOST_GROWTH_MB = 60;
const NO_LIMITS = ['handshakes-per-second', 'connections-per-address'].flatMap((limit) => [
  `--max-${limit}`,
  '0',
]);
const FOLDING = ['--compact-interval', '2', '--compact-min-operations', '200'];

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

/** The load client's figures: one sender in each room, all others read. */
async function load(server) {
  const plan = { connections: rooms * READERS, rooms, rate: values.rate, seconds: values.seconds };
  const flags = Object.entries(plan).flatMap(([name, value]) => [`--${name}`, String(value)]);
  const url = `ws://127.0.0.1:${server.port}`;
  const { stdout } = await run(serverBinary(), ['load', '--json', '--url', url, ...flags]);
  return JSON.parse(stdout);
}

/** A connection that reads its first frame and nothing more. */
async function stopReading(server, room) {
  const client = new Client(server, `load-${room}`, `slow-${room}`, { binary: true });
  await client.next('state');
  client.socket.pause();
  return client;
}

/** The load on a new server beside so many slow readers: its figures, and the most memory in MB. */
async function measure(readers) {
  const server = new ServerProcess();
  const memory = () => {
    const status = readFileSync(`/proc/${server.child.pid}/status`, 'utf8');
    return Number(/VmRSS:\s+(\d+)/.exec(status)[1]) / 1024;
  };
  try {
    await server.start('--log-level', 'error', ...FOLDING, ...NO_LIMITS);
    const slow = await Promise.all(
      Array.from({ length: readers }, (_, room) => stopReading(server, room)),
    );
    let peak = 0;
    const watch = setInterval(() => (peak = Math.max(peak, memory())), 50);
    const figures = await load(server);
    clearInterval(watch);
    for (const client of slow) client.socket.terminate();
    return { ...figures, peak };
  } finally {
    await server.dispose();
  }
}

const faults = [];
const alone = await measure(0);
const beside = await measure(rooms);
const growth = Math.max(0, beside.peak - alone.peak);
const [p99, usual] = [beside.deliveryTimes.p99, alone.deliveryTimes.p99];
if (growth > MOST_GROWTH_MB) faults.push(`memory grew by ${growth} MB`);
if (p99 > Math.max(2 * usual, Number(values.noise)))
  faults.push(`others wait ${p99} ms, without them ${usual} ms`);
if (beside.lost + beside.faults > 0) faults.push(`others lost ${beside.lost}`);
console.log(
  `F7   ${rooms} of ${rooms * (READERS + 1)} clients stop reading at ${rooms * values.rate} ` +
    `messages/s: memory + ${growth.toFixed(1)} MB, others' p99 ${p99.toFixed(1)} ms, ` +
    `without them ${usual.toFixed(1)} ms   bar: + ${MOST_GROWTH_MB} MB, 2 x`,
);
conclude(faults, values.counts);
