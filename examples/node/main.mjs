// Two programs in one room: both edit at once, and the copies become equal.
import { connect } from '@vuer-ai/vuer-rtc/provider';
import { startServer } from '@vuer-ai/vuer-rtc/server';

const server = await startServer();
const alice = connect(server.url, 'counters', { client: 'alice' });
const bob = connect(server.url, 'counters', { client: 'bob' });
await Promise.all([alice.synced, bob.synced]);

const counter = { key: 'counter', count: 0, log: [] };
alice.store.edit({ ot: 'node.insert', key: '', path: 'children', value: counter });
alice.store.commit();
await alice.flush();

for (const [room, times] of /** @type {const} */ ([
  [alice, 300],
  [bob, 200],
])) {
  for (let i = 0; i < times; ++i) {
    room.store.edit({ ot: 'number.add', key: 'counter', path: 'count', value: 1 });
    room.store.commit();
  }
  const line = `${room.store.client.split('~')[0]} added ${times}`;
  room.store.edit({ ot: 'array.push', key: 'counter', path: 'log', value: line });
  room.store.commit();
}
await Promise.all([alice.flush(), bob.flush()]);
while (alice.store.digest() !== bob.store.digest())
  await new Promise((resolve) => setTimeout(resolve, 10));

const shown = bob.store.getNode('counter');
console.log(shown?.count, 'counted by both');
console.log(shown?.log);
alice.store.undo();
await alice.flush();
console.log(alice.store.getNode('counter')?.log, 'after an undo of alice');

alice.destroy();
bob.destroy();
await server.stop();
