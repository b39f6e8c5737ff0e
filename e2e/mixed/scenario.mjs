// Five clients of three kinds write into one room of a real server; connections are cut, the server
// is killed in the middle and comes back on its port.
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { ServerProcess } from '../server/process.mjs';
import { buildSite, Crowd } from './crowd.mjs';
import { ROOT } from './edits.mjs';

const OPS_EACH = 1100; // cancelled ones do not count, neighbours of one kind become one

/** `--seed N`, or SEED, or another one each time. */
export function chooseSeed(file) {
  const { values } = parseArgs({ options: { seed: { type: 'string' } }, strict: false });
  const seed = Number(values.seed ?? process.env.SEED ?? Date.now() % 100_000);
  console.log(`seed ${seed}; again with: node e2e/mixed/${file} --seed ${seed}`);
  return seed;
}

export class Scenario {
  constructor(seed, flags) {
    this.server = new ServerProcess();
    this.crowd = new Crowd(this.server, seed);
    this.flags = flags;
  }

  async play() {
    const { server, crowd } = this;
    const flags = ['--static', await buildSite(server.folder), ...this.flags];
    await server.start(...flags);
    await crowd.enter();
    const { people } = crowd;
    people.nodeOne.store.edit(ROOT);
    people.nodeOne.store.commit();
    await this.rest();
    for (const one of Object.values(people)) one.write(OPS_EACH);
    await this.written(0.15);
    for (const one of [people.native, people.nodeOne, people.pageTwo]) one.cut();
    await this.written(0.4);
    await server.kill('SIGKILL');
    this.ackedAtKill = await crowd.all('acked');
    await pause(300);
    await server.start(...flags, '--port', String(server.port));
    await this.rest();
    this.acked = await crowd.all('acked');
    this.journal = await crowd.journal();
    this.digest = (await crowd.digest()).digest;
  }

  async end() {
    await this.crowd.leave();
    await this.server.dispose();
  }

  /** Until everybody has written that share. */
  written(share) {
    const left = OPS_EACH * (1 - share);
    return this.until((all) => all.every((one) => one.left <= left), `${share} of the work`);
  }

  /** Until everything is at the server and everybody has heard of all of it. */
  rest() {
    return this.until(async (all) => {
      if (all.some((one) => one.left > 0 || one.unacked > 0)) return false;
      const { serverSeq } = await this.crowd.digest();
      return all.every((one) => one.serverSeq === serverSeq);
    }, 'rest');
  }

  async until(fits, what) {
    const end = Date.now() + 60_000;
    do {
      this.statuses = await this.crowd.all('status');
      if (await fits(Object.values(this.statuses))) return;
      await pause(100);
    } while (Date.now() < end);
    throw new Error(`${what} did not come: ${JSON.stringify(this.statuses)}`);
  }

  /** Everybody's digest under their name. */
  digests() {
    return Object.entries(this.statuses).map(([name, { digest }]) => [name, digest]);
  }
}
