// Runs the native server as a child process, for tests and development.
import { spawn, type ChildProcess } from 'node:child_process';
import { createServer } from 'node:net';

/** How the server is started. */
export interface ServerOptions {
  /** The program; `VUER_RTC_SERVER` or `vuer-rtc-server` on the path unless given. */
  binary?: string;
  /** 0 or nothing: a free one. */
  port?: number;
  /** `memory:` unless given. */
  database?: string;
  /** Further flags. */
  args?: readonly string[];
  /** Milliseconds until it must answer; 10,000 unless given. */
  timeout?: number;
}

/** A server that answers. */
export interface RunningServer {
  /** For connect(): `ws://127.0.0.1:port`. */
  readonly url: string;
  readonly httpUrl: string;
  readonly port: number;
  readonly process: ChildProcess;
  /** Ends it as a supervisor would; resolves with the exit code. */
  stop(): Promise<number | null>;
}

/**
 * Runs the native server as a child process. Resolves when it answers; rejects with what it said
 * when it ends before.
 *
 * @example
 * const server = await startServer({ database: 'sqlite:rooms.db' });
 * console.log(server.url);
 * await server.stop();
 */
export async function startServer(options: ServerOptions = {}): Promise<RunningServer> {
  const { database = 'memory:', args = [], timeout = 10_000 } = options;
  const port = options.port || (await freePort());
  const binary = options.binary ?? process.env['VUER_RTC_SERVER'] ?? 'vuer-rtc-server';
  const flags = ['--port', String(port), '--database', database, ...args];
  const child = spawn(binary, flags, { stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const failed = new Promise<never>((_, reject) => child.once('error', reject));
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (data: Buffer) => (said = (said + data.toString()).slice(-4000)));
  const stop = (): Promise<number | null> => {
    child.kill('SIGTERM');
    return ended;
  };
  const httpUrl = `http://127.0.0.1:${port}`;
  try {
    await Promise.race([
      answers(`${httpUrl}/ready`, timeout, () => child.exitCode !== null),
      failed,
    ]);
  } catch (fault) {
    child.kill('SIGKILL');
    throw new Error(`the server did not start: ${String(fault)}\n${said}`);
  }
  return { url: `ws://127.0.0.1:${port}`, httpUrl, port, process: child, stop };
}

async function answers(url: string, timeout: number, hasEnded: () => boolean): Promise<void> {
  const until = Date.now() + timeout;
  while (!hasEnded() && Date.now() < until) {
    const ok = await fetch(url).then(
      (response) => response.ok,
      () => false,
    );
    if (ok) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(hasEnded() ? 'it ended' : `no answer within ${timeout} ms`);
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as { port: number };
      probe.close(() => resolve(port));
    });
  });
}
