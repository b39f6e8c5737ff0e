// Wrong clocks (F11): the server's clock steps by an hour to and fro and over a leap second while
// it runs, and begins at 0 and at 2^31; clients are a day off. All write. Nobody is refused or cut
// off (timeouts run on the clock that never steps), and in the end everybody holds the same.
//
//   node tests/faults/clocks.mjs [--seconds 5] [--seed 7] [--counts FILE]     wants libfaketime
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { NativeClient } from '../../e2e/native/client.mjs';
import { ServerProcess } from '../../e2e/server/process.mjs';
import { conclude } from './conclude.mjs';

const ROOM = 'skewed';
const HOUR = 3600;
const CLIENTS = { day_ahead: `+${24 * HOUR}`, day_behind: `-${24 * HOUR}`, right: '+0' };
const LEAP_SECOND = '@2016-12-31 23:59:59';
const STARTS = {
  now: { clock: '+0', year: new Date().getUTCFullYear() },
  'clock 0': { clock: '@1970-01-01 00:00:00', year: 1970 },
  '2^31': { clock: '@2038-01-19 03:14:07', year: 2038 },
};
const STEPS = [`+${HOUR}`, `-${HOUR}`, LEAP_SECOND];
const SETTLE_MS = 20_000;

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '5' },
    seed: { type: 'string', default: String(Date.now() % 100_000) },
    counts: { type: 'string' },
  },
});

function faketime() {
  for (const machine of readdirSync('/usr/lib')) {
    const file = `/usr/lib/${machine}/faketime/libfaketimeMT.so.1`;
    if (existsSync(file)) return file;
  }
  throw new Error('libfaketime is not there (Debian package faketime)');
}

/** Starts something whose clock shows what is written into `file`. */
async function withClock(file, clock, start) {
  writeFileSync(file, clock);
  const faked = {
    LD_PRELOAD: faketime(),
    FAKETIME_TIMESTAMP_FILE: file,
    FAKETIME_NO_CACHE: '1',
    FAKETIME_DONT_FAKE_MONOTONIC: '1',
    TZ: 'UTC',
  };
  Object.assign(process.env, faked);
  try {
    return await start();
  } finally {
    for (const name of Object.keys(faked)) delete process.env[name];
  }
}

const year = async (server) => {
  const answer = await server.get(`/api/documents/${ROOM}`);
  return new Date(answer.json().updatedAt).getUTCFullYear();
};

/** Everybody has everything, with one digest; -> what is wrong. */
async function settled(server, clients) {
  const end = Date.now() + SETTLE_MS;
  for (;;) {
    const all = await Promise.all(clients.map((client) => client.status()));
    const { digest, serverSeq } = (await server.get(`/api/rooms/${ROOM}/digest`)).json();
    const done = all.every((one) => one.unacked === 0 && one.serverSeq === serverSeq);
    if (done && all.some((one) => one.digest !== digest)) return ['digests differ'];
    if (done && all.some((one) => one.resumed !== 0)) return ['somebody was cut off'];
    if (done) return [];
    if (Date.now() > end) return [`the rest did not come: ${JSON.stringify(all)}`];
    await pause(50);
  }
}

async function play(start) {
  const server = new ServerProcess();
  const clock = (of) => join(server.folder, `clock-${of}`);
  const clients = [];
  try {
    await withClock(clock('server'), start.clock, () => server.start('--log-level', 'error'));
    const seed = Number(values.seed);
    for (const [client, offset] of Object.entries(CLIENTS)) {
      const { port } = server;
      const words = { port, room: ROOM, client, seed: seed + clients.length };
      clients.push(await withClock(clock(client), offset, () => new NativeClient(words)));
    }
    for (const client of clients) client.write(1_000_000);
    const years = [];
    for (const step of [start.clock, ...STEPS]) {
      writeFileSync(clock('server'), step);
      await pause((Number(values.seconds) * 1000) / (STEPS.length + 1));
      years.push(await year(server));
    }
    for (const client of clients) client.write(0);
    const faults = await settled(server, clients);
    if (years[0] !== start.year || ![2016, 2017].includes(years.at(-1)))
      faults.push(`the server's clock did not step: ${years}`);
    return faults;
  } finally {
    await Promise.allSettled(clients.map((client) => client.leave()));
    await server.dispose();
  }
}

const faults = [];
for (const [name, start] of Object.entries(STARTS)) {
  const found = await play(start).catch((error) => [String(error)]);
  faults.push(...found.map((fault) => `server at ${name}: ${fault}`));
}
console.log(
  `F11  clients a day off, a server that starts at ${Object.keys(STARTS).join(', ')} and steps: ` +
    `${faults.length} faults   bar: equal digests, nothing refused, nobody cut off`,
);
conclude(faults, values.counts);
