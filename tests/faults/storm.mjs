// A reconnect storm (F8): all connections are cut at once and come back at once. Everybody goes on
// from where it was, nothing is refused, and the server's memory comes down again.
//
//   node tests/faults/storm.mjs [--clients 500] [--counts FILE]
import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Client, insertNode, message } from '../../e2e/server/client.mjs';
import { ServerProcess } from '../../e2e/server/process.mjs';
import { conclude } from './conclude.mjs';

const PER_ROOM = 50;
const MOST_SECONDS = 15;
const MOST_GROWTH = 1.2;
const OPENING = 100; // connections that are opened at a time, at first
const NO_LIMITS = ['max-handshakes-per-second', 'max-connections-per-address'];

const { values } = parseArgs({
  options: { clients: { type: 'string', default: '500' }, counts: { type: 'string' } },
});
const count = Number(values.clients);
const server = new ServerProcess();
const memory = () =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${server.child.pid}/status`, 'utf8'))[1]);
const room = (at) => `storm-${Math.floor(at / PER_ROOM)}`;

/** Opens a connection; -> it and its first frame, or what it was closed with. */
async function enter(at, query) {
  const client = new Client(server, room(at), `c${at}`, {
    query: { snapshot: 'compact', ...query },
    binary: true,
  });
  const closed = client.closed.then((how) => ({ mtype: 'closed', ...how }));
  const waiting = client.next('state').catch(() => ({ mtype: 'nothing' }));
  return [client, await Promise.race([waiting, closed])];
}

async function fill() {
  const clients = [];
  for (let at = 0; at < count; at += OPENING) {
    const group = Array.from({ length: Math.min(OPENING, count - at) }, (_, i) => at + i);
    clients.push(...(await Promise.all(group.map((one) => enter(one, {})))));
  }
  const writers = clients.filter((_, at) => at % PER_ROOM === 0);
  for (const [client] of writers)
    await client.say(message(client.session, 1, 1, [insertNode('n')]));
  return clients.map(([client, state], at) => {
    const writer = `c${at - (at % PER_ROOM)}`;
    return { client, where: { since: 1, at: `${writer}:1`, epoch: state.epoch } };
  });
}

await server.start('--log-level', 'error', ...NO_LIMITS.flatMap((flag) => [`--${flag}`, '0']));
const faults = [];
try {
  const before = await fill();
  await pause(500);
  const idle = memory();
  for (const { client } of before) client.socket.terminate();
  const began = performance.now();
  const back = await Promise.all(before.map(({ where }, at) => enter(at, where)));
  const seconds = (performance.now() - began) / 1000;
  const resumed = back.filter(([, state]) => state.resumed === true).length;
  await pause(1500);
  const growth = memory() / idle;
  if (resumed !== count) faults.push(`${count - resumed} did not go on from where they were`);
  if (seconds > MOST_SECONDS) faults.push(`it took ${seconds} s`);
  if (growth > MOST_GROWTH) faults.push(`memory is ${growth} times what it was`);
  console.log(
    `F8   ${count} clients cut at once and back: ${resumed} resumed in ${seconds.toFixed(2)} s, ` +
      `memory x ${growth.toFixed(2)}   bar: 5,000 in ${MOST_SECONDS} s, memory x ${MOST_GROWTH}`,
  );
  for (const [client] of back) client.socket.terminate();
} finally {
  await server.dispose();
}
conclude(faults, values.counts);
