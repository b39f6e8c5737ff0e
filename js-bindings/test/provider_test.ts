// The provider against a small server of its own: it gives out serverSeqs and knows nothing else.
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocketServer, type WebSocket } from 'ws';
import { connect, type Room } from '../src/net/socket.js';
import { deserialize, serialize } from '../src/store/serdes.js';
import type { CRDTMessage, Operation } from '../src/store/types.js';

interface Client {
  readonly socket: WebSocket;
  readonly name: string;
}

class Server {
  readonly log: CRDTMessage[] = [];
  readonly addresses: URL[] = [];
  readonly clients = new Set<Client>();
  swallow = false;
  readonly listening: Promise<void>;
  private readonly server: WebSocketServer;

  constructor() {
    this.server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
    this.listening = new Promise((resolve) => this.server.once('listening', () => resolve()));
    this.server.on('connection', (socket, request) => {
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

  async stop(): Promise<void> {
    this.cut();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private join(client: Client, address: URL): void {
    this.clients.add(client);
    client.socket.on('close', () => this.clients.delete(client));
    client.socket.on('message', (data: Buffer) => this.take(client, new Uint8Array(data)));
    const since = address.searchParams.get('since');
    const journal = since === null ? this.log : this.log.slice(Number(since));
    const state = { serverSeq: this.log.length, epoch: 'e', stable: -1, resumed: since !== null };
    this.send(client, { mtype: 'state', journal, ...state });
  }

  private take(client: Client, data: Uint8Array): void {
    const frame = deserialize(data) as { mtype: string; msg: CRDTMessage; state?: unknown };
    if (frame.mtype === 'presence') {
      const { name } = client;
      return this.others(client, { mtype: 'presence', client: name, state: frame.state });
    }
    if (frame.mtype !== 'crdt' || this.swallow) return;
    if (JSON.stringify(frame.msg.ops).includes('forbidden')) {
      const { id } = frame.msg;
      const error = { error: 'no right', code: 'forbidden', final: true };
      return this.send(client, { mtype: 'error', msgId: id, ...error });
    }
    let place = this.log.findIndex((msg) => msg.id === frame.msg.id);
    if (place < 0) {
      place = this.log.length;
      const stamped = { ...frame.msg, serverSeq: place + 1, stable: -1 };
      this.log.push(stamped);
      this.others(client, { mtype: 'broadcast', msg: stamped });
    }
    const { id, lt } = this.log[place]!;
    this.send(client, { mtype: 'ack', msgId: id, serverSeq: place + 1, lt, stable: -1 });
  }

  private others(client: Client, frame: { mtype: string }): void {
    for (const other of this.clients) if (other !== client) this.send(other, frame);
  }

  private send({ socket }: Client, frame: { mtype: string }): void {
    socket.send(serialize(frame));
  }
}

const rooms: Room[] = [];
const servers: Server[] = [];

async function start(): Promise<Server> {
  const server = new Server();
  servers.push(server);
  await server.listening;
  return server;
}

function enter(server: Server, client: string): Room {
  const room = connect(server.url, 'the room', { client, onWarning: () => {} });
  rooms.push(room);
  return room;
}

async function until(condition: () => boolean): Promise<void> {
  for (let i = 0; i < 500 && !condition(); ++i) await new Promise((r) => setTimeout(r, 10));
  expect(condition()).toBe(true);
}

const insert = (key: string): Operation =>
  ({ ot: 'node.insert', key: '', path: 'children', value: { key } }) as Operation;

afterEach(async () => {
  for (const room of rooms.splice(0)) room.destroy();
  for (const server of servers.splice(0)) await server.stop();
});

describe('provider', () => {
  it('edits_reach_the_other_client', async () => {
    const server = await start();
    const [a, b] = [enter(server, 'alice'), enter(server, 'bob')];
    expect(a.store.client).toMatch(/^alice~[0-9a-f]{16}$/);
    await Promise.all([a.synced, b.synced]);
    a.store.edit(insert('n'));
    a.store.commit();
    await a.flush();
    await until(() => b.store.getNode('n') !== undefined);
    expect(a.store.digest()).toBe(b.store.digest());
    expect(a.status).toMatchObject({ state: 'synced', unacked: 0, serverSeq: 1, lastAckedSeq: 1 });
    expect(server.addresses[0]!.pathname).toBe('/ws/the%20room');
    expect(server.addresses[0]!.searchParams.get('snapshot')).toBe('compact');
  });

  it('edits_before_the_first_sync_are_kept_and_sent', async () => {
    const server = await start();
    const room = enter(server, 'alice');
    room.store.edit(insert('early'));
    room.store.commit();
    expect(room.status.unacked).toBe(1);
    await room.flush();
    expect(server.log.length).toBe(1);
  });

  it('a_cut_connection_is_resumed_and_nothing_is_lost', async () => {
    const server = await start();
    const [a, b] = [enter(server, 'alice'), enter(server, 'bob')];
    await Promise.all([a.synced, b.synced]);
    a.store.edit(insert('one'));
    a.store.commit();
    await a.flush();
    server.swallow = true;
    a.store.edit(insert('two'));
    a.store.commit();
    a.store.edit(insert('three'));
    a.store.commit();
    await new Promise((resolve) => setTimeout(resolve, 30));
    server.swallow = false;
    server.cut();
    await until(() => a.status.state !== 'synced');
    await until(() => a.status.unacked === 0);
    await until(() => b.store.getNode('three') !== undefined);
    const resumed = server.addresses.filter((address) => address.searchParams.has('since'));
    expect(resumed.length).toBeGreaterThan(0);
    expect(resumed[0]!.searchParams.get('epoch')).toBe('e');
    expect(a.store.digest()).toBe(b.store.digest());
  });

  it('a_refused_message_is_reported_and_leaves', async () => {
    const server = await start();
    const room = enter(server, 'alice');
    await room.synced;
    const rejected: string[] = [];
    room.on('rejected', ({ msgId }) => rejected.push(msgId));
    room.store.edit(insert('forbidden'));
    const { id } = room.store.commit()!;
    await until(() => rejected.length === 1);
    expect(rejected).toEqual([id]);
    expect(room.store.getNode('forbidden')).toBeUndefined();
    expect(room.status.unacked).toBe(0);
  });

  it('presence_is_seen_by_the_others', async () => {
    const server = await start();
    const [a, b] = [enter(server, 'alice'), enter(server, 'bob')];
    await Promise.all([a.synced, b.synced]);
    a.presence.set({ cursor: [1, 2] });
    await until(() => b.presence.others.length === 1);
    expect(b.presence.others[0]).toEqual({ client: a.store.client, state: { cursor: [1, 2] } });
    expect(a.presence.others).toEqual([]);
  });

  it('destroy_leaves_the_store_usable', async () => {
    const server = await start();
    const room = enter(server, 'alice');
    await room.synced;
    room.destroy();
    expect(room.status.state).toBe('closed');
    room.store.edit(insert('alone'));
    expect(room.store.commit()).not.toBeNull();
    await until(() => server.clients.size === 0);
  });
});
