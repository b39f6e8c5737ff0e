// What the kill harness needs of a protocol, for table channels: clients of the plain dialect that
// write a row after the other, the rows on the disk, and one word for all of them.
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { cell, Line, update } from '../../../e2e/table/peers.mjs';

const run = promisify(execFile);
const HUGE = 256 << 20;
const PAUSE_MS = 15; // between rows: a connection may send 100 messages a second

const READ = `import json, sqlite3, sys
rows = sqlite3.connect(sys.argv[1]).execute('SELECT pk FROM crdt_rows WHERE cl % 2 = 1').fetchall()
print(json.dumps([row[0] for row in rows]))`;

const digestOf = (rows) => createHash('sha256').update([...rows].sort().join()).digest('hex');

const file = (channel) => `${createHash('sha256').update(channel).digest('hex')}.db`;

class Writer {
  constructor(server, channel, site) {
    Object.assign(this, { server, channel, site });
    this.rows = new Set(); // everybody's
    this.version = 0; // of this client: one row each
    this.safe = 0;
    this.serverSeq = 0;
    this.left = 0;
    this.live();
  }

  write(count) {
    this.left = count;
  }

  name(number) {
    return `${this.site}-${number}`;
  }

  async acked() {
    return Array.from({ length: this.safe }, (_, at) => JSON.stringify([this.name(at + 1)]));
  }

  async status() {
    const { left, serverSeq } = this;
    return { left, serverSeq, unacked: this.version - this.safe, digest: digestOf(this.rows) };
  }

  async leave() {
    this.isOver = true;
    await this.line?.close();
  }

  /** One connection after the other. */
  async live() {
    while (!this.isOver) {
      this.line = new Line(this.server, this.channel);
      const open = await this.line.opened.then(
        () => true,
        () => false,
      );
      if (open) await this.talk();
      await pause(20);
    }
  }

  async talk() {
    let gone = false;
    this.line.closed.then(() => {
      gone = true;
    });
    this.send(this.safe);
    this.line.send({ type: 'pull', siteId: this.site, version: 0 });
    while (!gone) {
      for (const message of this.line.heard.splice(0)) this.hear(message);
      if (this.left > 0) {
        this.left -= 1;
        this.version += 1;
        this.rows.add(JSON.stringify([this.name(this.version)]));
        this.send(this.version - 1);
      }
      await pause(PAUSE_MS);
    }
  }

  /** All of its own above a number. */
  send(since) {
    const changes = [];
    for (let number = since + 1; number <= this.version; number += 1)
      changes.push(cell(this.site, this.name(number), 'n', number, number));
    if (changes.length > 0) this.line.send({ ...update(this.site, this.version, changes), since });
  }

  hear(message) {
    if (message.type === 'error') throw new Error(JSON.stringify(message));
    this.serverSeq = Math.max(this.serverSeq, message.serverVersion ?? message.version);
    if (message.type === 'ack') this.safe = Math.max(this.safe, message.version);
    if (message.type !== 'update') return;
    for (const change of message.changes) this.rows.add(change[1]);
    this.line.send({ type: 'ack', siteId: this.site, version: message.version });
  }
}

export const table = {
  /** Has write(count), acked(), status() with digest, left, unacked and serverSeq, and leave(). */
  join: (server, channel, client) => new Writer(server, channel, client),

  /** Rows on the disk, numbered, while no server has it. */
  async stored(database, channel) {
    const path = join(dirname(database), 'tables', file(channel));
    const { stdout } = await run('python3', ['-c', READ, path], { maxBuffer: HUGE });
    return JSON.parse(stdout).map((row, at) => [at + 1, row]);
  },

  /** What a newcomer gets, as {digest, serverSeq}. */
  async digest(server, channel) {
    const line = new Line(server, channel);
    await line.opened;
    const { version } = await line.next((message) => message.type === 'connected');
    line.send({ type: 'pull', siteId: 'newcomer', version: 0 });
    const rows = new Set();
    for (let reached = -1; reached < version; ) {
      const message = await line.next((one) => one.type === 'update');
      for (const change of message.changes) rows.add(change[1]);
      reached = message.version;
    }
    await line.close();
    return { digest: digestOf(rows), serverSeq: version };
  },
};
