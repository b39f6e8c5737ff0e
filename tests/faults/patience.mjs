// Yjs clients that need patience: a large document comes over a slow line, and a client alone in a
// room hears nobody. y-websocket gives up a connection after 30 s without a message.
//
//   node tests/faults/patience.mjs [--megabytes 20] [--seconds 75] [--counts FILE]
import { connect, createServer } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { makePeer, Y } from '../../e2e/yjs/peers.mjs';
import { ServerProcess } from '../../e2e/server/process.mjs';
import { conclude } from './conclude.mjs';

const CLIENT = 'y-websocket 3.1';
const LINE_BYTES_PER_SECOND = 125_000; // 1 Mbit/s
const PART_BYTES = 10_000;

const { values } = parseArgs({
  options: {
    megabytes: { type: 'string', default: '20' },
    seconds: { type: 'string', default: '75' },
    counts: { type: 'string' },
  },
});
const parts = (Number(values.megabytes) * 1e6) / PART_BYTES;
const server = new ServerProcess();
const faults = [];

/** What the server says passes at the speed of the line. */
const line = createServer(async (client) => {
  const upstream = connect(server.port, '127.0.0.1');
  client.on('error', () => {}).on('close', () => upstream.destroy());
  client.pipe(upstream);
  try {
    for await (const bytes of upstream) {
      client.write(bytes);
      await pause((bytes.length / LINE_BYTES_PER_SECOND) * 1000);
    }
  } catch {
    client.destroy(); // one of both sides is gone
  }
});

function enter(port, room) {
  const peer = makePeer(CLIENT, `ws://127.0.0.1:${port}/yjs`, room);
  peer.losses = 0;
  peer.provider.on('connection-close', () => (peer.losses += 1));
  return peer;
}

async function synced(peer) {
  while (!peer.synced) await pause(20);
}

async function readLargeDocument() {
  const writer = enter(server.port, 'large');
  await synced(writer);
  const list = writer.doc.getArray('list');
  writer.doc.transact(() => {
    for (let i = 0; i < parts; i += 1) list.push([new Uint8Array(PART_BYTES).fill(i)]);
  });
  const near = enter(server.port, 'large');
  while (near.doc.getArray('list').length < parts) await pause(100);
  near.destroy();
  const reader = enter(line.address().port, 'large');
  const began = Date.now();
  let first = 0;
  reader.doc.getArray('list').observe(() => (first ||= Date.now() - began));
  await synced(reader);
  const took = Date.now() - began;
  console.log(
    `${values.megabytes} MB at 1 Mbit/s: first content after ${first} ms, all after ${took} ms,` +
      ` ${reader.losses} reconnects`,
  );
  if (reader.losses > 0) faults.push(`the slow reader lost its connection ${reader.losses} times`);
  const [a, b] = [writer, reader].map(({ doc }) => Buffer.from(Y.encodeStateAsUpdate(doc)));
  if (!a.equals(b)) faults.push('the slow reader has another document');
  for (const peer of [writer, reader]) peer.destroy();
}

async function stayAlone(room, hasPresence) {
  const peer = enter(server.port, room);
  if (!hasPresence) peer.provider.awareness.setLocalState(null);
  await synced(peer);
  await pause(Number(values.seconds) * 1000);
  const how = hasPresence ? 'with' : 'without';
  console.log(`alone for ${values.seconds} s ${how} presence: ${peer.losses} reconnects`);
  if (peer.losses > 0) faults.push(`${room}: lost its connection ${peer.losses} times`);
  peer.destroy();
}

await server.start();
await new Promise((ready) => line.listen(0, '127.0.0.1', ready));
await Promise.all([readLargeDocument(), stayAlone('shown', true), stayAlone('hidden', false)]);
line.close();
await server.dispose();
conclude(faults, values.counts);
