// The function that opens a room.
import type { GraphSchema } from '../store/schema.js';
import { Room } from './socket.js';
import type { ConnectOptions } from './types.js';

/**
 * Opens the room and returns at once; edits before the first sync are kept and sent. Throws
 * TypeError on wrong options.
 *
 * @example
 * const here = connect('ws://localhost:8080', 'my-room', { client: 'alice' });
 * here.store.subscribe((now) => console.log(Object.keys(now.graph.nodes)));
 * await here.flush();
 */
export function connect<P = unknown, S extends GraphSchema = GraphSchema>(
  url: string,
  room: string,
  options: ConnectOptions<S> = {},
): Room<P, S> {
  if (typeof url !== 'string' || typeof room !== 'string')
    throw new TypeError('connect needs a url and a room');
  return new Room(url, room, options);
}
