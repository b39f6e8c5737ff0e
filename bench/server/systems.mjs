// Starts what is measured on one core, and the load client on another.
import { execFile, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, '../..');
const START_TIME = 10_000;
const HIGH_LIMITS = Object.entries({
  'max-handshakes-per-second': 0,
  'max-connections-per-address': 0,
  'max-clients-per-room': 0,
  'max-messages-per-second': 0,
  'max-bytes-per-second': 0,
  'max-rooms': 0,
}).flatMap(([flag, value]) => [`--${flag}`, String(value)]);

/** The command on a core of its own, where there are two. */
function pinned(core, command) {
  return availableParallelism() > 1 ? ['taskset', '-c', String(core), ...command] : command;
}

async function freePort() {
  const probe = createServer();
  await new Promise((done) => probe.listen(0, '127.0.0.1', done));
  const { port } = probe.address();
  await new Promise((done) => probe.close(done));
  return port;
}

/** A running server: its port, its process, and its end. */
class Running {
  constructor(child, port) {
    this.child = child;
    this.port = port;
    this.exited = new Promise((done) => child.once('exit', done));
  }

  get pid() {
    return this.child.pid;
  }

  get url() {
    return `http://127.0.0.1:${this.port}`;
  }

  async get(path) {
    const response = await fetch(this.url + path, { headers: { connection: 'close' } });
    return response.json();
  }

  async stop(signal = 'SIGTERM') {
    this.child.kill(signal);
    await this.exited;
  }
}

async function start(command, port, env = {}) {
  const [file, ...args] = pinned(0, command);
  const child = spawn(file, args, { stdio: ['ignore', 'ignore', 'inherit'], env });
  const running = new Running(child, port);
  const end = performance.now() + START_TIME;
  for (;;) {
    const answer = await fetch(running.url).catch(() => undefined);
    await answer?.arrayBuffer();
    if (answer !== undefined) return running;
    if (child.exitCode !== null || performance.now() > end) throw new Error(`${command} is silent`);
    await new Promise((done) => setTimeout(done, 20));
  }
}

/** The servers of this run, their folders and their ends. */
export class Systems {
  constructor(build) {
    this.binary = join(root, 'build', build, 'server/vuer-rtc-server');
    this.peers = {
      relay: { dialect: 'relay', file: join(here, 'peers/relay.mjs') },
      y_websocket: {
        dialect: 'yjs',
        file: join(here, 'peers/node_modules/y-websocket/bin/server.cjs'),
      },
      hocuspocus: { dialect: 'hocuspocus', file: join(here, 'peers/hocuspocus.mjs') },
    };
    mkdirSync(join(root, 'build/bench'), { recursive: true });
    this.folder = mkdtempSync(join(root, 'build/bench/server-'));
    this.running = new Set();
    this.databases = 0;
  }

  has(name) {
    const installed = existsSync(join(here, 'peers/node_modules'));
    return name === 'server' ? existsSync(this.binary) : installed;
  }

  dialectOf(name) {
    return this.peers[name]?.dialect ?? 'msgpack';
  }

  database() {
    this.databases += 1;
    return `sqlite:${join(this.folder, `${this.databases}.db`)}`;
  }

  /** Ours with limits that do not stand in the way. */
  async server(flags = [], database = this.database()) {
    const port = await freePort();
    const fixed = ['--port', String(port), '--database', database, '--log-level', 'error'];
    return this.keep(await start([this.binary, ...fixed, ...HIGH_LIMITS, ...flags], port));
  }

  async start(name) {
    if (name === 'server') return this.server();
    const port = await freePort();
    const env = { ...process.env, HOST: '127.0.0.1', PORT: String(port) };
    return this.keep(await start([process.execPath, this.peers[name].file], port, env));
  }

  keep(running) {
    this.running.add(running);
    running.exited.then(() => this.running.delete(running));
    return running;
  }

  /** What the load client found: {plan: value} become its flags. */
  async load(running, plan) {
    const flags = Object.entries(plan).flatMap(([flag, value]) => [`--${flag}`, String(value)]);
    const fixed = ['load', '--json', '--url', running.url, '--pid', String(running.pid)];
    const [file, ...args] = pinned(1, [this.binary, ...fixed, ...flags]);
    return JSON.parse((await run(file, args, { maxBuffer: 1 << 26 })).stdout);
  }

  async end() {
    for (const running of this.running) await running.stop('SIGKILL');
    rmSync(this.folder, { recursive: true, force: true });
  }
}
