// The measurements: each starts what it needs and gives {row: {system: figure}}. Sizes are those of
// the promises; `short` makes them small, `long` gives idling and soaking their full time.
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import WebSocket from 'ws';

const MEBI = 1024;
const sleep = (seconds) => new Promise((done) => setTimeout(done, seconds * 1000));
const pick = (size, short, usual, long) => ({ short, usual, long })[size];

/** Resident memory of a process in MB. */
function memoryOf({ pid }) {
  return /Rss:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))[1] / MEBI;
}

const dropped = ({ closed, lost, faults }) =>
  Object.values(closed).reduce((sum, count) => sum + count, 0) + lost + faults;

/** Each system idle with many connections. */
async function idle({ systems, names, size }) {
  const connections = pick(size, 2000, 10_000, 10_000);
  const rows = { idle_connection: {}, idle_base: {}, idle_dropped: {} };
  for (const name of names) {
    const running = await systems.start(name);
    const rooms = connections / 10;
    const seconds = name === 'server' ? pick(size, 5, 60, 600) : 1;
    const plan = { dialect: systems.dialectOf(name), connections, rooms, senders: 0, seconds };
    const figures = await systems.load(running, plan);
    rows.idle_connection[name] = figures.memoryKib.each;
    rows.idle_base[name] = figures.memoryKib.before / MEBI;
    rows.idle_dropped[name] = dropped(figures) + connections - figures.connections;
    await running.stop('SIGKILL');
  }
  return rows;
}

/** One room, fifty receivers, 300 bytes, as fast as it goes: rounds of all systems in turn. */
async function room({ systems, names, size, median }) {
  const runs = {};
  for (let round = 0; round < pick(size, 1, 3, 3); ++round) {
    for (const name of names) {
      const running = await systems.start(name);
      const seconds = pick(size, 2, 5, 5);
      const plan = { dialect: systems.dialectOf(name), connections: 51, seconds };
      const figures = await systems.load(running, plan);
      (runs[name] ??= []).push(figures);
      await running.stop('SIGKILL');
    }
  }
  const each = (figure) =>
    Object.fromEntries(Object.entries(runs).map(([name, all]) => [name, median(all.map(figure))]));
  return {
    room_core: each(({ delivered, serverCpuSeconds }) => delivered / serverCpuSeconds),
    room_rate: each(({ delivered, seconds }) => delivered / seconds),
    room_memory: each(({ memoryKib }) => memoryKib.after / MEBI),
  };
}

/** `requests` of them are asked for /health beside it. */
const INGEST = { connections: 100, rooms: 100, rate: 220 };

async function ingest({ systems, size }) {
  const running = await systems.server();
  const figures = await systems.load(running, { ...INGEST, seconds: pick(size, 3, 20, 20) });
  await running.stop('SIGKILL');
  return {
    ingest_rate: { server: figures.acknowledged / figures.seconds },
    ingest_time: { server: figures.ackTimes.p99 },
    ingest_core: { server: figures.acknowledged / figures.serverCpuSeconds },
  };
}

async function http({ systems, size }) {
  const running = await systems.server();
  const seconds = pick(size, 3, 20, 20);
  const asking = { dialect: 'http', connections: 40, senders: 40, rate: 525, seconds };
  const [, figures] = await Promise.all([
    systems.load(running, { ...INGEST, seconds }),
    systems.load(running, asking),
  ]);
  await running.stop('SIGKILL');
  return {
    http_rate: { server: figures.acknowledged / figures.seconds },
    http_time: { server: figures.ackTimes.p99 },
  };
}

async function fanout({ systems, size }) {
  const running = await systems.server();
  const plan = { connections: 1100, rooms: 100, rate: 101, seconds: pick(size, 3, 20, 20) };
  const figures = await systems.load(running, plan);
  await running.stop('SIGKILL');
  return {
    fanout_rate: { server: figures.delivered / figures.seconds },
    fanout_time: { server: figures.deliveryTimes.p99 },
    fanout_core: { server: figures.delivered / figures.serverCpuSeconds },
  };
}

/** Seen from the client, so the figures are above those of the server alone. */
async function pair({ systems, size }) {
  const rows = {};
  for (const durability of ['durable', 'relaxed']) {
    const running = await systems.server(['--durability', durability]);
    const plan = { connections: 2, rate: 60, seconds: pick(size, 3, 20, 20) };
    const { ackTimes } = await systems.load(running, plan);
    await running.stop('SIGKILL');
    rows[`pair_${durability}_half`] = { server: ackTimes.p50 };
    rows[`pair_${durability}`] = { server: ackTimes.p99 };
  }
  return rows;
}

async function crowd({ systems, size }) {
  const running = await systems.server();
  const seconds = pick(size, 3, 20, 20);
  const plan = { connections: 200, senders: 200, rate: 10, seconds };
  const figures = await systems.load(running, plan);
  await running.stop('SIGKILL');
  return {
    crowd_time: { server: figures.deliveryTimes.p99 },
    crowd_lost: { server: dropped(figures) },
    crowd_core: { server: figures.delivered / figures.serverCpuSeconds },
  };
}

/** Seconds until a newcomer has the whole room. */
async function joinTime(running) {
  const began = performance.now();
  const query = `sessionId=${randomUUID()}&snapshot=compact&format=msgpack`;
  const socket = new WebSocket(`ws://127.0.0.1:${running.port}/ws/load-0?${query}`);
  await new Promise((done, fail) => {
    socket.onmessage = done;
    socket.onclose = fail;
  });
  socket.close();
  return (performance.now() - began) / 1000;
}

/** A hundred thousand nodes, a million messages; then the server is killed and started again. */
async function large({ systems, size }) {
  const database = systems.database();
  const flags = ['--compact-interval', '5'];
  const running = await systems.server(flags, database);
  const nodes = pick(size, 10_000, 100_000, 100_000);
  const writers = { connections: 8, senders: 8, seconds: 600, 'warm-up': 0, window: 2000 };
  await systems.load(running, { ...writers, content: 'nodes', messages: nodes });
  await systems.load(running, { ...writers, messages: 9 * nodes });
  await sleep(6);
  await running.stop('SIGKILL');
  const began = performance.now();
  const again = await systems.server(flags, database);
  const { serverSeq } = await again.get('/api/rooms/load-0/digest');
  const restart = (performance.now() - began) / 1000;
  if (serverSeq !== 10 * nodes) throw new Error(`large: ${serverSeq} messages came back`);
  const join = await joinTime(again);
  const memory = memoryOf(again);
  await again.stop('SIGKILL');
  return {
    large_restart: { server: restart },
    large_join: { server: join },
    large_memory: { server: memory },
  };
}

/** The least squares line through [x, y]: by how much y grows with x. */
function slope(points) {
  const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [x, y] = [mean(points.map((point) => point[0])), mean(points.map((point) => point[1]))];
  const square = points.reduce((sum, point) => sum + (point[0] - x) ** 2, 0);
  return points.reduce((sum, point) => sum + (point[0] - x) * (point[1] - y), 0) / square;
}

/** Of each half minute the lowest [x, y]: the server gives freed memory back once in it. */
function lows(points) {
  const found = new Map();
  for (const point of points) {
    const half = Math.floor(point[0] / 30);
    if (!found.has(half) || point[1] < found.get(half)[1]) found.set(half, point);
  }
  return [...found.values()];
}

/** The slope of memory says something only when the journals have been folded some times. */
async function soak({ systems, size }) {
  const often = ['--compact-interval', '5', '--compact-min-operations', '200'];
  const running = await systems.server(often);
  const seconds = pick(size, 30, 300, 3600);
  const plan = { connections: 500, rooms: 50, senders: 2, rate: 5, churn: 50, seconds };
  const figures = await systems.load(running, plan);
  const warm = figures.samples.filter(([at]) => at > seconds / 3);
  const files = warm.map((sample) => sample[2]);
  const { rooms } = await running.get('/api/stats');
  await running.stop('SIGKILL');
  return {
    ...(size === 'short' ? {} : { soak_memory: { server: (slope(lows(warm)) * 600) / MEBI } }),
    soak_files: { server: files.at(-1) - files[0] },
    soak_leak: { server: rooms - 50 },
    soak_refused: { server: figures.faults },
  };
}

export const MEASUREMENTS = { idle, room, ingest, http, fanout, pair, crowd, large, soak };
