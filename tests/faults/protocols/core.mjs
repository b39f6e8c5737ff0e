// What the kill harness needs of a protocol, for rooms of the core: clients that write on their own
// and know what was acknowledged, what the disk holds, and one word for the whole document.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { NativeClient } from '../../../e2e/native/client.mjs';
import { serverBinary } from '../../../e2e/server/process.mjs';

const run = promisify(execFile);
const HUGE = 256 << 20;

export const core = {
  /** Has write(count), acked(), status() with digest, left, unacked and serverSeq, and leave(). */
  join: ({ port }, room, client, seed) => new NativeClient({ port, room, client, seed }),

  /** Ids on the disk, in their order, while no server has it. */
  async stored(database, room) {
    const { stdout } = await run(serverBinary(), ['inspect', database, '--room', room], {
      maxBuffer: HUGE,
    });
    return [...stdout.matchAll(/^(\d+) {2}(\S+) {2}lt /gm)].map(([, seq, id]) => [Number(seq), id]);
  },

  /** The server's {digest, serverSeq}. */
  digest: (server, room) =>
    server.get(`/api/rooms/${room}/digest`).then((answer) => answer.json()),
};
