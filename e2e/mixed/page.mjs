// The page's side: the test calls these through the browser's protocol.
import { Person } from './person.mjs';

globalThis.enter = (options) => {
  globalThis.person = new Person({ ...options, Socket: WebSocket });
  return globalThis.person.room.synced;
};
