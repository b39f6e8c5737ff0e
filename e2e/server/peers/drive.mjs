// Foreign WebSocket clients behind one face: a child process that speaks lines of JSON, or a page.
import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const PATIENCE = 10_000;

/** What a client was told, in order, each to be waited for. */
class Heard {
  constructor() {
    this.events = [];
    this.wake = () => undefined;
  }

  push(event) {
    this.events.push(event);
    this.wake();
  }

  async next() {
    const end = performance.now() + PATIENCE;
    while (this.events.length === 0) {
      if (performance.now() > end) throw new Error('nothing came');
      await new Promise((done) => {
        this.wake = done;
        setTimeout(done, 100);
      });
    }
    return this.events.shift();
  }
}

/** A client in a process of its own; it ends with its connection. */
function child(command) {
  return (url) => {
    const [file, ...args] = [...command, url];
    const process = spawn(file, args, { stdio: ['pipe', 'pipe', 'inherit'] });
    const heard = new Heard();
    createInterface(process.stdout).on('line', (line) => heard.push(JSON.parse(line)));
    process.stdin.on('error', () => undefined);
    return {
      tell: (order) => process.stdin.write(`${JSON.stringify(order)}\n`),
      next: () => heard.next(),
      end: () => process.kill('SIGKILL'),
    };
  };
}

const node = (library) =>
  child([process.execPath, '--experimental-websocket', join(here, 'peer.mjs'), library]);
const python = (library) => child(['/usr/bin/python3', join(here, 'peer.py'), library]);

export const LIBRARIES = {
  "Debian's python3-websockets": python('websockets'),
  "Debian's python3-wsproto": python('wsproto'),
  'npm ws': node('ws'),
  "Node's own WebSocket": node('builtin'),
};

/** The WebSocket of a page that has come from the server. */
export function inPage(page) {
  return (url) => {
    const heard = new Heard();
    const ready = page.exposeFunction('say', (event) => heard.push(event)).then(() =>
      page.evaluate((target) => {
        window.socket = new WebSocket(target);
        window.socket.binaryType = 'arraybuffer';
        window.socket.onopen = () => window.say({ open: true });
        window.socket.onclose = ({ code, reason }) => window.say({ closed: code, reason });
        window.socket.onmessage = ({ data }) => {
          const text = typeof data === 'string';
          const bytes = text ? new TextEncoder().encode(data) : new Uint8Array(data);
          const parts = Array.from(bytes, (byte) => String.fromCharCode(byte));
          window.say({ data: btoa(parts.join('')), binary: !text });
        };
      }, url),
    );
    return {
      tell: async (order) => {
        await ready;
        await page.evaluate(({ close, send, binary }) => {
          if (close !== undefined) return window.socket.close(close);
          const bytes = Uint8Array.from(atob(send), (each) => each.charCodeAt(0));
          window.socket.send(binary ? bytes : new TextDecoder().decode(bytes));
        }, order);
      },
      next: () => heard.next(),
      end: () => page.close(),
    };
  };
}
