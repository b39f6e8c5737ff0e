// Servers and rooms of one test; leaveAll ends them after it.
import { connect } from '../src/net/connect.js';
import { type Room } from '../src/net/socket.js';
import type { ConnectOptions } from '../src/net/types.js';
import { FakeServer } from './fake_server.js';

const rooms: Room[] = [];
const servers: FakeServer[] = [];

export async function start(): Promise<FakeServer> {
  const server = new FakeServer();
  servers.push(server);
  await server.listening;
  return server;
}

export function enterRoom(url: string, name: string, options: ConnectOptions): Room {
  const room = connect(url, name, { onWarning: () => {}, ...options });
  rooms.push(room);
  return room;
}

export async function leaveAll(): Promise<void> {
  for (const room of rooms.splice(0)) room.destroy();
  for (const server of servers.splice(0)) await server.stop();
}
