// A small server: it gives out serverSeqs, counts its authors' numbers and can come back with less.
import { expect } from 'vitest';
import { WebSocketServer, type WebSocket } from 'ws';
import { deserialize, serialize } from '../src/store/serdes.js';
import type { CRDTMessage } from '../src/store/types.js';

interface Client {
  readonly socket: WebSocket;
  readonly name: string;
}

export class FakeServer {
  readonly log: CRDTMessage[] = [];
  readonly addresses: URL[] = [];
  readonly clients = new Set<Client>();
  swallow = false;
  /** Nobody gets in. */
  away = false;
  /** Accepted messages are placed so much higher than their authors had them. */
  lift = 0;
  /** The line that its frames name. */
  stable = -1;
  /** The digest that it claims to have. */
  checksum: string | undefined;
  /** What came in, in order. */
  readonly received: string[] = [];
  epoch = 'e';
  reason = 'join';
  /** The next number of each author, as the door counts. */
  readonly numbers = new Map<string, number>();
  readonly listening: Promise<void>;
  private readonly server: WebSocketServer;

  constructor() {
    this.server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
    this.listening = new Promise((resolve) => this.server.once('listening', () => resolve()));
    this.server.on('connection', (socket, request) => {
      if (this.away) return socket.terminate();
      const address = new URL(request.url!, 'ws://x');
      this.addresses.push(address);
      this.join({ socket, name: address.searchParams.get('sessionId')! }, address);
    });
  }

  get url(): string {
    return `ws://127.0.0.1:${(this.server.address() as { port: number }).port}`;
  }

  cut(): void {
    for (const { socket } of this.clients) socket.terminate();
  }

  /** As after a restart from a backup that had the first `count` messages. */
  restore(count: number): void {
    this.log.length = count;
    this.epoch += '+';
    this.reason = 'restored';
    this.received.length = 0;
    this.numbers.clear();
    for (const { client, clock } of this.log) this.numbers.set(client, clock[client]!);
    this.cut();
  }

  async stop(): Promise<void> {
    this.cut();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private join(client: Client, address: URL): void {
    this.clients.add(client);
    client.socket.on('close', () => this.clients.delete(client));
    client.socket.on('message', (data: Buffer) => this.take(client, new Uint8Array(data)));
    const since = address.searchParams.get('since');
    const resumed = since !== null && address.searchParams.get('epoch') === this.epoch;
    const journal = resumed ? this.log.slice(Number(since)) : this.log;
    const { epoch, reason, stable } = this;
    const serverSeq = this.log.length;
    this.send(client, { mtype: 'state', journal, serverSeq, epoch, stable, resumed, reason });
  }

  private take(client: Client, data: Uint8Array): void {
    const frame = deserialize(data) as { mtype: string; msg: CRDTMessage; state?: unknown };
    if (frame.mtype === 'presence') {
      const { name } = client;
      return this.others(client, { mtype: 'presence', client: name, state: frame.state });
    }
    if (frame.mtype === 'sync-check' && this.checksum !== undefined) {
      const { requestId } = frame as unknown as { requestId: string };
      const status = { checksum: this.checksum, serverSeq: this.log.length };
      this.send(client, { mtype: 'sync-status', requestId, status });
    }
    if (frame.mtype === 'offer') {
      const { ids } = frame as unknown as { ids: string[] };
      const missing = ids.filter((id) => !this.log.some((msg) => msg.id === id));
      return this.send(client, { mtype: 'want', ids: missing });
    }
    if (frame.mtype !== 'crdt') this.received.push(frame.mtype);
    if (frame.mtype !== 'crdt' || this.swallow) return;
    this.received.push(frame.msg.id);
    if (this.isGap(client, frame.msg)) return;
    if (JSON.stringify(frame.msg.ops).includes('forbidden')) {
      const { id } = frame.msg;
      const error = { error: 'no right', code: 'forbidden', final: true };
      return this.send(client, { mtype: 'error', msgId: id, ...error });
    }
    let place = this.log.findIndex((msg) => msg.id === frame.msg.id);
    if (place < 0) {
      place = this.log.length;
      const lt = frame.msg.lt + this.lift;
      const stamped = { ...frame.msg, lt, serverSeq: place + 1, stable: this.stable };
      this.log.push(stamped);
      this.others(client, { mtype: 'broadcast', msg: stamped });
    }
    const { id, lt, stable } = this.log[place]!;
    this.send(client, { mtype: 'ack', msgId: id, serverSeq: place + 1, lt, stable });
  }

  private isGap(client: Client, { id, client: author, clock }: CRDTMessage): boolean {
    const expected = (this.numbers.get(author) ?? 0) + 1;
    const number = clock[author]!;
    this.numbers.set(author, Math.max(expected - 1, number === expected ? number : 0));
    if (number <= expected) return false;
    this.send(client, { mtype: 'error', msgId: id, code: 'gap', error: 'gap', expected });
    return true;
  }

  private others(client: Client, frame: { mtype: string }): void {
    for (const other of this.clients) if (other !== client) this.send(other, frame);
  }

  private send({ socket }: Client, frame: { mtype: string; [field: string]: unknown }): void {
    socket.send(serialize(frame));
  }
}

export async function until(condition: () => boolean): Promise<void> {
  for (let i = 0; i < 500 && !condition(); ++i) await new Promise((r) => setTimeout(r, 10));
  expect(condition()).toBe(true);
}
