// Rooms that outlive their page: in IndexedDB, or wherever an adapter keeps bytes.
import 'fake-indexeddb/auto';
import { afterEach, describe, expect, it } from 'vitest';
import { orphans } from '../src/net/indexed_db.js';
import type { PersistAdapter, SavedRoom } from '../src/net/persist.js';
import { connect } from '../src/net/connect.js';
import { type Room } from '../src/net/socket.js';
import type { ConnectOptions } from '../src/net/types.js';
import { add, insert } from './operations.js';
import { until } from './fake_server.js';
import { enterRoom, leaveAll, start } from './rooms.js';

const enter = (url: string, options: ConnectOptions): Room =>
  enterRoom(url, 'room', { client: 'alice', ...options });

/** A page that is gone: its memory is, its disk is not. */
function kill(room: Room): void {
  room.destroy();
  room.store.dispose();
}

/** What one page sees of a disk. */
class Disk implements PersistAdapter {
  /** Writes of this page from here on are lost. */
  dead = false;
  private readonly kept: { saved: SavedRoom | undefined; log: Uint8Array[] };

  /** The same disk for the next page. */
  constructor(before?: Disk) {
    this.kept = before?.kept ?? { saved: undefined, log: [] };
  }

  load() {
    const { saved, log } = this.kept;
    return Promise.resolve(saved === undefined ? undefined : { saved, log: [...log] });
  }

  save(saved: SavedRoom): Promise<void> {
    return this.write(() => Object.assign(this.kept, { saved, log: [] }));
  }

  append(messages: readonly Uint8Array[]): Promise<void> {
    return this.write(() => this.kept.log.push(...messages));
  }

  private write(change: () => unknown): Promise<void> {
    if (this.dead) return new Promise(() => {});
    change();
    return Promise.resolve();
  }
}

const OFFLINE = 'ws://127.0.0.1:9';

afterEach(leaveAll);

describe('persistence', () => {
  it('offline_edits_survive_reloads_and_arrive_once', async () => {
    const server = await start();
    let disk = new Disk();
    let client = '';
    for (let page = 0; page < 3; ++page) {
      disk = new Disk(disk);
      const room = enter(OFFLINE, { persist: disk });
      await room.loaded;
      client ||= room.store.client;
      expect(room.store.client).toBe(client);
      if (page === 0) room.store.transact(() => room.store.edit(insert('n', '', { p: 0 })));
      for (let i = 0; i < 300; ++i) room.store.transact(() => room.store.edit(add('n', 'p', 1)));
      room.store.edit({ ot: 'text.insert', key: 'n', path: 't', position: 0, value: `${page}` });
      room.store.commit();
      await new Promise((resolve) => setTimeout(resolve, 5));
      disk.dead = page === 1;
      kill(room);
    }
    const last = enter(server.url, { persist: new Disk(disk) });
    await last.loaded;
    expect(last.store.getNode('n')).toMatchObject({ p: 900, t: '210' });
    await last.flush();
    expect(server.log.length).toBe(904);
    expect(server.log.map((msg) => msg.clock[client])).toEqual(server.log.map((_, i) => i + 1));
    last.store.undo();
    expect(last.store.textOf('n', 't')).toBe('10');
  });

  it('a_page_that_dies_in_the_middle_of_a_write_loses_nothing_that_left', async () => {
    const server = await start();
    let disk = new Disk();
    for (let page = 0; page < 50; ++page) {
      disk = new Disk(disk);
      const room = enter(server.url, { persist: disk });
      await room.loaded;
      room.store.transact(() => room.store.edit(insert(`n${page}`)));
      if (page % 3 === 0) await room.flush();
      if (page % 3 === 1) await room.synced;
      await new Promise((resolve) => setTimeout(resolve, 0)); // on the disk at least
      disk.dead = true;
      room.store.transact(() => room.store.edit(insert(`lost${page}`)));
      kill(room);
    }
    const room = enter(server.url, { persist: new Disk(disk) });
    await room.synced;
    await room.flush();
    const ids = server.log.map((msg) => msg.id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.length).toBe(50);
    for (let page = 0; page < 50; ++page) expect(room.store.getNode(`n${page}`)).toBeDefined();
    const reader = enter(server.url, { client: 'bob' });
    await reader.synced;
    expect(reader.store.digest()).toBe(room.store.digest());
  });

  it('nothing_leaves_before_it_is_on_the_disk', async () => {
    const server = await start();
    const disk = new Disk();
    const room = enter(server.url, { persist: disk });
    await room.synced;
    disk.dead = true;
    room.store.transact(() => room.store.edit(insert('n')));
    await new Promise((resolve) => setTimeout(resolve, 50));
    server.cut();
    await until(() => server.addresses.length === 2);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(server.log).toEqual([]);
  });

  it('early_edits_are_made_again_on_what_was_kept', async () => {
    const disk = new Disk();
    const first = enter(OFFLINE, { persist: disk });
    await first.loaded;
    first.store.transact(() => first.store.edit(insert('n', '', { p: 1 })));
    await new Promise((resolve) => setTimeout(resolve, 5));
    kill(first);
    const second = enter(OFFLINE, { persist: disk });
    const seen: unknown[] = [];
    second.store.subscribeNode('n', (node) => seen.push(node?.['p']));
    second.store.edit(insert('early'));
    second.store.commit();
    second.store.edit(insert('pending'));
    await second.loaded;
    expect(second.store.getNode('early')).toBeDefined();
    expect(second.store.getNode('n')!['p']).toBe(1);
    expect([second.store.status().unacked, second.store.status().pending]).toEqual([2, 1]);
    expect(seen).toEqual([1]);
  });

  it('tabs_are_authors_of_their_own_and_one_sends_what_a_closed_one_left', async () => {
    const server = await start();
    const [a, b] = [enter(server.url, { persist: true }), enter(server.url, { persist: true })];
    await Promise.all([a.synced, b.synced]);
    expect(a.store.client).not.toBe(b.store.client);
    server.swallow = true;
    b.store.transact(() => b.store.edit(insert('of b')));
    await new Promise((resolve) => setTimeout(resolve, 50));
    kill(b);
    kill(a);
    await new Promise((resolve) => setTimeout(resolve, 50));
    server.swallow = false;
    const next = enter(server.url, { persist: true });
    await until(() => next.store.getNode('of b') !== undefined);
    expect([next.store.client, next.status.unacked]).toEqual([a.store.client, 0]);
    expect(server.log.map((msg) => msg.client)).toEqual([b.store.client]);
    await until(() => server.clients.size === 1);
    expect(await orphans(`${server.url}/room`)).toEqual([]);
  });

  it('tabs_show_what_the_others_edit_offline_and_each_sends_its_own', async () => {
    const server = await start();
    const tab = (): Room => enter(server.url, { persist: true });
    const [a, b] = [tab(), tab()];
    await Promise.all([a.synced, b.synced]);
    server.away = true;
    server.cut();
    await until(() => a.status.state === 'offline' && b.status.state === 'offline');
    a.store.transact(() => a.store.edit(insert('n', '', { p: 1 })));
    await until(() => b.store.getNode('n') !== undefined);
    b.store.transact(() => b.store.edit(add('n', 'p', 10)));
    await until(() => a.store.getNode('n')!['p'] === 11);
    const late = tab(); // hears of what was there before it
    await until(() => late.store.getNode('n')?.['p'] === 11);
    expect([a, b, late].map((room) => room.status.unacked)).toEqual([1, 1, 0]);
    server.away = false;
    await Promise.all([a, b, late].map((room) => room.synced));
    await Promise.all([a.flush(), b.flush()]);
    await until(() => server.received.filter((what) => what.includes(':')).length >= 2);
    expect(server.log.map(({ client }) => client).sort()).toEqual(
      [a.store.client, b.store.client].sort(),
    );
    expect(server.received.filter((what) => what.includes(':')).length).toBe(2);
    await until(() => new Set([a, b, late].map((room) => room.store.digest())).size === 1);
  });

  it('what_the_server_refuses_or_places_elsewhere_leaves_the_other_tabs_too', async () => {
    const server = await start();
    const tab = (): Room => enter(server.url, { persist: true });
    const [a, b] = [tab(), tab()];
    await Promise.all([a.synced, b.synced]);
    server.away = true;
    server.cut();
    await until(() => a.status.state === 'offline' && b.status.state === 'offline');
    a.store.transact(() => a.store.edit(insert('n', '', { p: 1 })));
    a.store.transact(() => a.store.edit(insert('forbidden')));
    await until(() => b.store.getNode('forbidden') !== undefined);
    server.lift = 100;
    server.away = false;
    await a.flush();
    await until(() => b.store.getNode('forbidden') === undefined);
    await until(() => b.store.digest() === a.store.digest());
    expect(b.store.getNode('n')!._crdt.lamportTime).toBe(a.store.getNode('n')!._crdt.lamportTime);
  });

  it('a_wrong_adapter_is_a_type_error_and_a_broken_one_a_warning', async () => {
    expect(() => connect(OFFLINE, 'room', { persist: {} as never })).toThrow(TypeError);
    const server = await start();
    const disk = new Disk();
    disk.load = () => Promise.reject(new Error('broken'));
    const warnings: string[] = [];
    const onWarning = ({ code }: { code: string }): void => void warnings.push(code);
    const room = enter(server.url, { persist: disk, onWarning });
    room.store.transact(() => room.store.edit(insert('n')));
    await room.flush();
    expect(warnings).toEqual(['storage']);
  });
});
