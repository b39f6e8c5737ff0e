// The native client as a child process: commands go in, one answer comes back for each that asks.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { builtBinary } from '../server/process.mjs';

export class NativeClient {
  constructor({ port, room, client, seed }) {
    const binary = builtBinary('e2e/native/e2e_client');
    this.child = spawn(binary, [String(port), room, client, String(seed)]);
    this.errors = '';
    this.waiting = [];
    this.child.stderr.on('data', (data) => (this.errors += data));
    this.child.stdin.on('error', () => {});
    this.exited = new Promise((done) => this.child.on('exit', (code) => done(code)));
    createInterface(this.child.stdout).on('line', (line) => this.waiting.shift()?.done(line));
    this.exited.then((code) => {
      const ended = new Error(`the native client ended with ${code}: ${this.errors}`);
      for (const { fail } of this.waiting.splice(0)) fail(ended);
    });
  }

  ask(command) {
    if (this.child.exitCode !== null) return Promise.reject(new Error(this.errors || 'has ended'));
    return new Promise((done, fail) => {
      this.waiting.push({ done: (line) => done(JSON.parse(line)), fail });
      this.tell(command);
    });
  }

  tell(command) {
    this.child.stdin.write(`${command}\n`);
  }

  status() {
    return this.ask('status');
  }

  acked() {
    return this.ask('acked');
  }

  write(count) {
    this.tell(`write ${count}`);
  }

  cut() {
    this.tell('cut');
  }

  async leave() {
    this.tell('quit');
    const timer = setTimeout(() => this.child.kill('SIGKILL'), 3000);
    await this.exited;
    clearTimeout(timer);
  }
}
