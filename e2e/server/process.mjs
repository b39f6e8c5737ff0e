// The real server binary on a free port, in a folder of its own that goes with it.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

/** A program below RTC_BUILD, else below the first preset that was built. */
export function builtBinary(path) {
  const builds = process.env.RTC_BUILD
    ? [resolve(process.env.RTC_BUILD)]
    : ['dev', 'release', 'asan'].map((preset) => join(root, 'build', preset));
  const found = builds.map((build) => join(build, path)).find((file) => existsSync(file));
  if (!found) throw new Error(`${path} was not built in ${builds.join(', ')}`);
  return found;
}

/** RTC_SERVER, else the build's. */
export function serverBinary() {
  return process.env.RTC_SERVER ?? builtBinary('server/vuer-rtc-server');
}

// a test process that is told to stop takes its servers along
const running = new Set();
process.once('SIGTERM', () => process.exit(143));
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

export class ServerProcess {
  constructor() {
    this.folder = mkdtempSync(join(tmpdir(), 'vuer-rtc-e2e-'));
    this.errors = '';
  }

  /** Starts with the database of this folder; flags as on the command line. */
  async start(...flags) {
    const database = `sqlite:${join(this.folder, 'rooms.db')}`;
    this.child = spawn(serverBinary(), ['--port', '0', '--database', database, ...flags], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.child.stderr.on('data', (data) => {
      this.errors += data;
    });
    const { child } = this;
    running.add(child);
    this.exited = new Promise((done) =>
      child.on('exit', (code, signal) => {
        running.delete(child);
        done({ code, signal });
      }),
    );
    const line = await new Promise((done, fail) => {
      createInterface(this.child.stdout).once('line', done);
      this.exited.then(({ code }) =>
        fail(new Error(`the server ended with ${code}: ${this.errors}`)),
      );
    });
    this.url = line.replace('listening on ', '');
    this.port = Number(new URL(this.url).port);
    return this;
  }

  async kill(signal) {
    this.child.kill(signal);
    return this.exited;
  }

  async get(path, headers = {}) {
    const response = await fetch(this.url + path, { headers: { connection: 'close', ...headers } });
    const body = await response.text();
    return {
      status: response.status,
      type: response.headers.get('content-type'),
      body,
      json: () => JSON.parse(body),
    };
  }

  /** The end of a test: whatever state it is in. */
  async dispose() {
    if (this.child && this.child.exitCode === null && this.child.signalCode === null)
      await this.kill('SIGKILL');
    rmSync(this.folder, { recursive: true, force: true });
  }
}
