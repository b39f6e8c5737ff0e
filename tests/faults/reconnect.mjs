// A reconnect storm of the npm package: the server is killed under clients that go on editing, and
// started again. They come back spread over their waits, all are synced soon, and none sends a
// message twice.
//
//   node tests/faults/reconnect.mjs [--clients 200] [--counts FILE]
import { connect } from '@vuer-ai/vuer-rtc/provider';
import { deserialize } from '@vuer-ai/vuer-rtc/serdes';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { WebSocket } from 'ws';
import { ServerProcess } from '../../e2e/server/process.mjs';
import { conclude } from './conclude.mjs';

const PER_ROOM = 20;
const EDITS = 5; // of each client while there is no server
const DOWN_MS = 4_000;
const MOST_SECONDS = 20;
const BASE_MS = 250; // the waits: uniform from 0 to this, doubled at every attempt up to the cap
const CAP_MS = 15_000; // (client page, section 3)
const BINS = 10;
const FIRST_COUNTED = 2; // shorter waits are blurred by what the machine does meanwhile
const MOST_CHI_SQUARE = 33.7; // nine degrees of freedom, once in ten thousand fair runs

const { values } = parseArgs({
  options: { clients: { type: 'string', default: '200' }, counts: { type: 'string' } },
});
const count = Number(values.clients);
const server = new ServerProcess();
const faults = [];
const sent = new Map(); // id -> how often it left

/** Counts what leaves, and notes how long each attempt was waited for. */
function witness() {
  const waits = [];
  let lostAt = 0;
  class Socket extends WebSocket {
    constructor(url) {
      super(url);
      if (lostAt !== 0) waits.push(performance.now() - lostAt);
      this.on('close', () => (lostAt = performance.now()));
    }

    send(data, ...more) {
      const { mtype, msg } = deserialize(data);
      if (mtype === 'crdt') sent.set(msg.id, (sent.get(msg.id) ?? 0) + 1);
      super.send(data, ...more);
    }
  }
  return { Socket, waits };
}

function enter(at) {
  const { Socket, waits } = witness();
  const url = server.url.replace('http', 'ws');
  const name = `storm-${Math.floor(at / PER_ROOM)}`;
  return { room: connect(url, name, { client: `c${at}`, WebSocket: Socket }), waits };
}

function insert({ store }, key) {
  store.edit({ ot: 'node.insert', key: '', path: 'children', value: { key, n: 0 } });
  store.commit();
}

function add({ store }, key) {
  store.edit({ ot: 'number.add', key, path: 'n', value: 1 });
  store.commit();
}

/** Of the waits as parts of what each could have been at most. */
function chiSquare(parts) {
  const bins = new Array(BINS).fill(0);
  for (const part of parts) bins[Math.min(BINS - 1, Math.floor(part * BINS))] += 1;
  const expected = parts.length / BINS;
  return bins.reduce((sum, each) => sum + (each - expected) ** 2 / expected, 0);
}

function partsOf(waits) {
  return waits
    .map((wait, attempt) => ({ attempt, part: wait / Math.min(CAP_MS, BASE_MS * 2 ** attempt) }))
    .filter(({ attempt }) => attempt >= FIRST_COUNTED)
    .map(({ part }) => part);
}

await server.start('--log-level', 'error', '--max-connections-per-address', '0');
const clients = Array.from({ length: count }, (_, at) => enter(at));
try {
  await Promise.all(clients.map(({ room }) => room.synced));
  clients.forEach(({ room }, at) => insert(room, `n${at}`));
  await Promise.all(clients.map(({ room }) => room.flush()));
  for (const { waits } of clients) waits.length = 0; // some had to wait for a place at first
  await server.kill('SIGKILL');
  for (let edit = 0; edit < EDITS; ++edit) {
    clients.forEach(({ room }, at) => add(room, `n${at}`));
    await pause(DOWN_MS / EDITS);
  }
  await server.start(
    ...['--log-level', 'error', '--max-connections-per-address', '0'],
    ...['--port', String(server.port)],
  );
  const began = performance.now();
  await Promise.all(clients.map(({ room }) => room.flush()));
  const seconds = (performance.now() - began) / 1000;
  await pause(500);
  const parts = clients.flatMap(({ waits }) => partsOf(waits));
  const square = chiSquare(parts);
  const twice = [...sent.values()].filter((times) => times > 1).length;
  if (seconds > MOST_SECONDS) faults.push(`it took ${seconds} s until all was on the server`);
  if (square > MOST_CHI_SQUARE) faults.push(`the waits are not spread: chi-square ${square}`);
  if (twice > 0) faults.push(`${twice} messages left twice`);
  if (sent.size !== count * (EDITS + 1)) faults.push(`${sent.size} messages left`);
  for (let at = 0; at < count; at += PER_ROOM) {
    const { digest } = (await server.get(`/api/rooms/storm-${at / PER_ROOM}/digest`)).json();
    const members = clients.slice(at, at + PER_ROOM);
    const others = members.filter(({ room }) => room.store.digest() !== digest).length;
    if (others > 0) faults.push(`${others} clients of room ${at / PER_ROOM} differ`);
  }
  console.log(
    `${count} clients: all sent ${seconds.toFixed(2)} s after the start, ${parts.length} waits ` +
      `with chi-square ${square.toFixed(1)}, ${twice} messages twice   ` +
      `bar: ${MOST_SECONDS} s, ${MOST_CHI_SQUARE}, 0`,
  );
} finally {
  for (const { room } of clients) room.destroy();
  await server.dispose();
}
conclude(faults, values.counts);
