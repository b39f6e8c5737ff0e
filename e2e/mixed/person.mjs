// One author on the npm package: a connected store and random work by seed. Runs in Node and, as a
// bundle, in a page.
import { createGraph } from '@vuer-ai/vuer-rtc';
import { connect } from '@vuer-ai/vuer-rtc/provider';
import { randomOp } from './edits.mjs';
import { Random } from './random.mjs';

const PACE_MS = 20;

export class Person {
  /** `kinds`: the registry's names and payloads. `Socket`: the runtime's WebSocket. */
  constructor({ url, room, client, seed, kinds, format, Socket }) {
    this.random = new Random(seed);
    this.kinds = kinds;
    this.left = 0;
    this.counts = { undos: 0, redos: 0, cancels: 0, offline: 0 };
    this.complaints = [];
    this.committed = [];
    const complain = (name) => (what) => this.complaints.push(`${name} ${JSON.stringify(what)}`);
    this.store = createGraph({ client, onWarning: complain('store warning') });
    this.store.onOutgoing((message) => this.committed.push(message.id));
    const keep = (socket) => (this.socket = socket);
    class Remembered extends Socket {
      constructor(address) {
        super(address);
        keep(this);
      }
    }
    const { store } = this;
    this.room = connect(url, room, { store, format, WebSocket: Remembered });
    for (const event of ['warning', 'rejected', 'divergence', 'reset'])
      this.room.on(event, complain(event));
    this.room.on('status', ({ state }) => (this.wasOffline ||= state === 'offline'));
  }

  write(count) {
    this.left = count;
    this.timer = setInterval(() => this.step(), PACE_MS);
  }

  step() {
    if (this.left <= 0) return clearInterval(this.timer);
    if (this.room.status.state !== 'synced') this.counts.offline += 1;
    this.left -= this.work();
  }

  /** One to three edits and a commit, or an undo, redo or cancel; -> how many ops that were. */
  work() {
    const { random, store, counts } = this;
    const what = random.below(100);
    if (what < 6 && store.canUndo) {
      counts.undos += 1;
      store.undo();
      return 1;
    }
    if (store.canRedo && random.percent(40)) {
      counts.redos += 1;
      store.redo();
      return 1;
    }
    const count = random.below(3) + 1;
    for (let i = 0; i < count; i += 1) store.edit(randomOp(random, this.kinds));
    if (what >= 97) {
      counts.cancels += 1;
      store.cancel();
      return 0;
    }
    store.commit();
    return count;
  }

  /** Drops the connection under the provider. */
  cut() {
    if (this.socket.terminate) this.socket.terminate();
    else this.socket.close();
  }

  status() {
    const { serverSeq, unacked, state } = this.room.status;
    const { counts, complaints, left, wasOffline = false } = this;
    const digest = this.store.digest();
    return { digest, serverSeq, unacked, state, left, wasOffline, complaints, ...counts };
  }

  acked() {
    const waiting = new Set(this.store.unacked().map((message) => message.id));
    return this.committed.filter((id) => !waiting.has(id));
  }

  leave() {
    clearInterval(this.timer);
    this.room.destroy();
    this.store.dispose();
  }
}
