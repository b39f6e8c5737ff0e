// Table clients for the tests: a connection, and a cr-sqlite database that speaks through one.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

import { WebSocket } from 'ws';

const require = createRequire(import.meta.url);
const wasm = join(dirname(require.resolve('./clients/package.json')), 'node_modules', '@vlcn.io');

/** In memory, without the file system over IndexedDB that the package brings for browsers. */
let opening;
function sqlite() {
  opening ??= (async () => {
    const folder = join(wasm, 'crsqlite-wasm', 'dist');
    const { default: start } = await import(join(folder, 'crsqlite.mjs'));
    const { SQLite3 } = await import(join(folder, 'index.js'));
    const { Factory } = await import(join(wasm, 'wa-sqlite', 'src', 'sqlite-api.js'));
    const wasmBinary = readFileSync(join(folder, 'crsqlite.wasm'));
    return new SQLite3(Factory(await start({ wasmBinary })));
  })();
  return opening;
}

/** A connection to a channel whose messages are kept until somebody asks for them. */
export class Line {
  constructor(server, channel, { path = '/', headers = {}, query = '' } = {}) {
    const url = `${server.url.replace('http', 'ws')}${path}?channel=${encodeURIComponent(channel)}`;
    this.channel = channel;
    this.socket = new WebSocket(url + query, { headers });
    this.heard = [];
    this.kinds = [];
    this.opened = new Promise((done, fail) => {
      this.socket.on('open', done);
      this.socket.on('unexpected-response', (_, response) => fail(new Error(response.statusCode)));
      this.socket.on('error', fail);
    });
    this.opened.catch(() => {});
    this.closed = new Promise((done) =>
      this.socket.on('close', (code, reason) => done({ code, reason: String(reason) })),
    );
    this.socket.on('message', (data, binary) => {
      this.kinds.push(binary ? 'binary' : 'text');
      this.heard.push(JSON.parse(data));
      this.wake?.();
    });
  }

  send(message) {
    this.socket.send(JSON.stringify({ channel: this.channel, ...message }));
  }

  /** The next message that fits, leaving out those before it. */
  async next(fits = () => true, patience = 10_000) {
    const end = Date.now() + patience;
    for (;;) {
      while (this.heard.length > 0) {
        const message = this.heard.shift();
        if (fits(message)) return message;
      }
      if (Date.now() > end) throw new Error('nothing came');
      await new Promise((done) => {
        this.wake = done;
        setTimeout(done, 100);
      });
    }
  }

  close() {
    this.socket.close();
    return this.closed;
  }
}

/** One cell of the plain dialect, written by this site. */
export const cell = (site, row, column, value, version, columnVersion = 1) =>
  ['todos', JSON.stringify([row]), column, value, columnVersion, version, site, 1, 0];

export const update = (siteId, version, changes) => ({ type: 'update', siteId, version, changes });

const hex = (bytes) => Buffer.from(bytes).toString('hex').toUpperCase();
const bytes = (text) => new Uint8Array(Buffer.from(text, 'hex'));

/** A cr-sqlite database as a client: everything of its own above the last ack, and pulls. */
export class Database {
  static async open(schema) {
    const db = await (await sqlite()).open();
    for (const sql of schema) await db.exec(sql);
    const database = new Database();
    database.db = db;
    database.site = hex((await db.execA('SELECT crsql_site_id()'))[0][0]);
    database.acked = 0;
    return database;
  }

  async version() {
    return Number((await this.db.execA('SELECT crsql_db_version()'))[0][0]);
  }

  async own() {
    const rows = await this.db.execA(
      `SELECT "table", pk, cid, val, col_version, db_version, cl, seq FROM crsql_changes
       WHERE db_version > ? AND site_id = crsql_site_id()`,
      [this.acked],
    );
    return rows.map(([table, pk, cid, val, columnVersion, version, cl, seq]) =>
      [table, hex(pk), cid, val, columnVersion, version, this.site, cl, seq].map((one) =>
        typeof one === 'bigint' ? Number(one) : one,
      ),
    );
  }

  async merge(changes) {
    await this.db.tx(async (tx) => {
      for (const [table, pk, cid, val, columnVersion, version, site, cl, seq] of changes)
        await tx.exec('INSERT INTO crsql_changes VALUES (?,?,?,?,?,?,?,?,?)', [
          table, bytes(pk), cid, val, columnVersion, version, bytes(site), cl, seq,
        ]);
    });
  }

  async come(server, channel) {
    this.line = new Line(server, channel);
    await this.line.opened;
  }

  async leave() {
    await this.line?.close();
    this.line = undefined;
  }

  async send() {
    const changes = await this.own();
    if (changes.length === 0) return false;
    const version = await this.version();
    this.line.send({ type: 'update', siteId: this.site, version, since: this.acked, changes });
    return true;
  }

  async pull() {
    this.line.send({ type: 'pull', siteId: this.site, version: await this.version() });
  }

  /** What has come; true: something had. */
  async hear() {
    const messages = this.line.heard.splice(0);
    for (const message of messages) {
      if (message.type === 'error') throw new Error(JSON.stringify(message));
      if (message.type === 'ack') this.acked = message.version;
      if (message.type !== 'update') continue;
      await this.merge(message.changes);
      this.line.send({ type: 'ack', siteId: this.site, version: message.version });
    }
    return messages.length > 0;
  }
}
