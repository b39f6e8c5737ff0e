// Kills the server at random moments while clients write (F1): whatever was acknowledged is on the
// disk, nothing is there twice, and in the end everybody holds the same document.
//
//   node tests/faults/kills.mjs [--protocol core|table] [--kills 50] [--seed 7] [--counts FILE]
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Random } from '../../e2e/mixed/random.mjs';
import { ServerProcess, serverBinary } from '../../e2e/server/process.mjs';
import { conclude } from './conclude.mjs';
import { core } from './protocols/core.mjs';
import { table } from './protocols/table.mjs';

const PROTOCOLS = { core, table };
const CLIENTS = 8;
const KILLS_PER_ROOM = 50; // a new database after so many
const LONGEST_LIFE_MS = 400;
const ROOM = 'killed';
const ENDLESS = 1_000_000;
const STANDSTILL_MS = 30_000;
const COMPACTING = ['--compact-interval', '1', '--compact-min-operations', '300'];
const FLAGS = [...COMPACTING, '--log-level', 'error'];

class Round {
  constructor(protocol, random) {
    this.protocol = protocol;
    this.random = random;
    this.server = new ServerProcess();
    this.database = join(this.server.folder, 'rooms.db');
    this.faults = [];
    this.acked = 0;
  }

  async play(kills) {
    const { server, protocol, random } = this;
    await server.start(...FLAGS);
    this.clients = Array.from({ length: CLIENTS }, (_, at) =>
      protocol.join(server, ROOM, `writer-${at}`, random.below(1 << 30)),
    );
    for (const client of this.clients) client.write(ENDLESS);
    await this.until((all) => all.every((one) => one.serverSeq > 0), 'first messages');
    for (let kill = 1; kill <= kills; kill += 1) {
      await pause(random.below(LONGEST_LIFE_MS));
      await server.kill('SIGKILL');
      await this.compare(kill);
      await server.start(...FLAGS, '--port', String(server.port));
    }
    await this.finish();
  }

  /** Nothing that anybody was told is missing; nothing is there twice. */
  async compare(kill) {
    const lists = await Promise.all(this.clients.map((client) => client.acked()));
    const stored = await this.protocol.stored(this.database, ROOM);
    const ids = new Set(stored.map(([, id]) => id));
    const lost = lists.flat().filter((id) => !ids.has(id));
    this.acked = lists.flat().length;
    if (lost.length > 0) this.faults.push(`kill ${kill}: acked and lost: ${lost.slice(0, 5)}`);
    if (ids.size !== stored.length || stored.some(([seq], at) => seq !== at + 1))
      this.faults.push(`kill ${kill}: accepted twice, or a serverSeq is missing`);
  }

  async finish() {
    for (const client of this.clients) client.write(0);
    const { server, protocol } = this;
    const all = await this.until(async (found) => {
      const { serverSeq } = await protocol.digest(server, ROOM);
      return found.every((one) => one.unacked === 0 && one.serverSeq === serverSeq);
    }, 'rest');
    const { digest } = await protocol.digest(server, ROOM);
    if (all.some((one) => one.digest !== digest)) this.faults.push('digests differ');
    await server.kill('SIGTERM');
    await this.compare('end');
    try {
      execFileSync(serverBinary(), ['check', this.database], { encoding: 'utf8' });
    } catch (error) {
      this.faults.push(`check: ${error.stdout}`);
    }
  }

  /** Clients take their time on a busy machine, and telling a digest costs some, too: who gets on
   *  is waited for. */
  async until(fits, what) {
    let reached = '';
    let end = 0;
    for (;;) {
      const all = await Promise.all(this.clients.map((client) => client.status()));
      if (await fits(all)) return all;
      const now = all.map(({ serverSeq, unacked }) => `${serverSeq} ${unacked}`).join();
      if (now !== reached) end = Date.now() + STANDSTILL_MS;
      reached = now;
      if (Date.now() > end) throw new Error(`${what} did not come: ${JSON.stringify(all)}`);
      await pause(200);
    }
  }

  async dispose() {
    await Promise.allSettled((this.clients ?? []).map((client) => client.leave()));
    await this.server.dispose();
  }
}

const { values } = parseArgs({
  options: {
    protocol: { type: 'string', default: 'core' },
    kills: { type: 'string', default: '50' },
    seed: { type: 'string', default: String(Date.now() % 100_000) },
    counts: { type: 'string' },
  },
});
const kills = Number(values.kills);
const random = new Random(Number(values.seed));
console.log(`seed ${values.seed}; again with --protocol ${values.protocol} --seed ${values.seed}`);
const faults = [];
let acked = 0;
for (let done = 0; done < kills; done += KILLS_PER_ROOM) {
  const round = new Round(PROTOCOLS[values.protocol], random);
  try {
    await round.play(Math.min(KILLS_PER_ROOM, kills - done));
  } catch (error) {
    round.faults.push(String(error));
  } finally {
    await round.dispose();
  }
  faults.push(...round.faults);
  acked += round.acked;
  if (process.stderr.isTTY) process.stderr.write(`\r${done} of ${kills} kills`);
}
console.log(
  `F1   kills while ${CLIENTS} clients write      ${kills} kills, ${acked} acked messages,` +
    ` ${faults.length} faults   bar: 1,000 kills, 0 lost, 0 twice, equal digests`,
);
conclude(faults, values.counts);
