// The provider against a small server of its own.
import { afterEach, describe, expect, it } from 'vitest';
import { Backoff } from '../src/net/backoff.js';
import type { Room } from '../src/net/socket.js';
import { renewIn } from '../src/net/token.js';
import type { ConnectOptions } from '../src/net/types.js';
import { type FakeServer, until } from './fake_server.js';
import { insert } from './operations.js';
import { enterRoom, leaveAll, start } from './rooms.js';

const enter = (server: FakeServer, client: string, options: ConnectOptions = {}): Room =>
  enterRoom(server.url, 'the room', { client, ...options });

afterEach(leaveAll);

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
    const resumed = () => server.addresses.filter((address) => address.searchParams.has('since'));
    await until(() => resumed().length === 2);
    await until(() => a.status.unacked === 0);
    await until(() => b.store.getNode('three') !== undefined);
    expect(resumed()[0]!.searchParams.get('epoch')).toBe('e');
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

  it('an_undo_whose_target_was_folded_meanwhile_is_told_to_be_too_late', async () => {
    const server = await start();
    const room = enter(server, 'alice');
    const warned: unknown[] = [];
    room.on('warning', (warning) => warned.push(warning));
    await room.synced;
    const commit = (key: string): string => {
      room.store.edit(insert(key));
      return room.store.commit()!.id;
    };
    const folded = commit('folded');
    const kept = commit('kept');
    await room.flush();
    server.away = true;
    server.cut();
    await until(() => server.clients.size === 0);
    const inTime = room.store.undo()!;
    const late = room.store.undo()!;
    expect(inTime.ops).toMatchObject([{ targetMsgId: kept }]);
    expect(late.ops).toMatchObject([{ targetMsgId: folded }]);
    server.stable = server.log[0]!.lt;
    server.away = false;
    await room.flush();
    const message = `${folded} was folded before its undo came: it stays`;
    expect(warned).toEqual([{ code: 'undo_too_late', message, msgId: late.id }]);
    expect(room.store.getNode('kept')).toBeUndefined();
    expect(room.store.getNode('folded')).toBeDefined();
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

  it('what_a_restored_server_wants_comes_before_what_is_unacknowledged', async () => {
    const server = await start();
    const room = enter(server, 'alice');
    await room.synced;
    const commit = (key: string): string => {
      room.store.edit(insert(key));
      return room.store.commit()!.id;
    };
    const accepted = ['one', 'two', 'three'].map(commit);
    await room.flush();
    server.swallow = true;
    const later = commit('four');
    server.swallow = false;
    server.restore(1);
    await until(() => server.addresses.length === 2);
    await room.flush();
    await until(() => server.log.length === 4);
    const messages = server.received.filter((each) => each.includes(':'));
    expect(messages).toEqual([...accepted.slice(1), later]);
    expect(server.log.map((msg) => msg.id)).toEqual([...accepted, later]);
    expect(Object.keys(room.store.getState().graph.nodes).sort()).toEqual([
      'four',
      'one',
      'three',
      'two',
    ]);
  });

  it('a_gap_that_nobody_can_fill_is_closed_by_committing_anew', async () => {
    const server = await start();
    const room = enter(server, 'alice');
    await room.synced;
    room.store.edit(insert('one'));
    room.store.commit();
    await room.flush();
    server.swallow = true;
    room.store.edit(insert('two'));
    room.store.commit();
    room.store.compact();
    server.swallow = false;
    server.restore(0);
    await until(() => server.log.length === 1);
    await room.flush();
    expect(server.log[0]!.clock).toEqual({ [room.store.client]: 1 });
    expect(room.store.getNode('two')).toBeDefined();
  });

  it('a_drag_sends_at_most_one_frame_per_interval', async () => {
    const server = await start();
    const room = enter(server, 'alice', { throttleMs: 50 });
    await room.synced;
    room.store.edit(insert('n'));
    room.store.commit();
    for (let i = 0; i < 20; ++i) {
      room.edit({ ot: 'vector3.add', key: 'n', path: 'p', value: [1, 0, 0] });
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    await until(() => room.store.status().pending === 0);
    await room.flush();
    expect(server.log.length).toBeLessThan(7);
    expect(room.store.getNode('n')!['p']).toEqual([20, 0, 0]);
  });

  it('a_long_backlog_is_sent_in_order_and_not_faster_than_allowed', async () => {
    const server = await start();
    const room = enter(server, 'alice');
    room.store.edit(insert('n'));
    room.store.commit();
    for (let i = 0; i < 1200; ++i) {
      room.store.edit({ ot: 'number.add', key: 'n', path: 'p', value: 1 });
      room.store.commit();
    }
    const began = Date.now();
    await room.synced;
    await until(() => server.log.length >= 1000);
    const allowed = 1000 + 0.4 * (Date.now() - began);
    expect(server.log.length).toBeLessThan(allowed + 20);
    await room.flush();
    expect(server.log.map((msg) => msg.lt)).toEqual([...server.log].map((_, i) => i + 1));
    expect(new Set(server.received).size).toBe(server.received.length);
  });

  it('a_token_is_renewed_before_it_ends', async () => {
    const server = await start();
    const ends = Math.floor(Date.now() / 1000) + 2;
    const body = btoa(JSON.stringify({ exp: ends }));
    let asked = 0;
    const token = (): Promise<string> => Promise.resolve(`head.${body}.${++asked}`);
    const room = enter(server, 'alice', { token });
    await room.synced;
    expect(server.addresses[0]!.searchParams.get('token')).toBe(`head.${body}.1`);
    await until(() => server.received.includes('auth'));
    expect(renewIn('no token', 0)).toBeUndefined();
    expect(renewIn(`h.${btoa('{"exp":1000}')}.s`, 0)).toBe(970_000);
  });

  it('a_replica_that_differs_says_so_and_is_loaded_again', async () => {
    const server = await start();
    const room = enter(server, 'alice');
    await room.synced;
    room.store.edit(insert('n'));
    room.store.commit();
    await room.flush();
    const heard: number[] = [];
    room.on('divergence', ({ serverSeq }) => {
      heard.push(serverSeq);
      server.checksum = room.store.digest();
    });
    server.checksum = 'another';
    server.cut();
    await until(() => heard.length === 1 && room.status.state === 'synced');
    await until(() => server.received.filter((each) => each === 'sync-check').length >= 3);
    expect(heard).toEqual([1]);
    expect(server.addresses.at(-1)!.searchParams.has('since')).toBe(false);
    expect(room.store.getNode('n')).toBeDefined();
  });

  it('flush_rejects_when_the_room_closes', async () => {
    const server = await start();
    const room = enter(server, 'alice');
    await room.synced;
    server.swallow = true;
    room.store.edit(insert('n'));
    room.store.commit();
    const flushed = room.flush();
    room.destroy();
    await expect(flushed).rejects.toThrow(/closed/);
    await expect(room.flush()).rejects.toThrow(/closed/);
  });

  it('waits_before_connecting_again_are_spread_over_the_whole_span', () => {
    const counts = new Array<number>(10).fill(0);
    for (let i = 0; i < 20_000; ++i) {
      const backoff = new Backoff();
      backoff.next(false);
      ++counts[Math.floor(backoff.next(false) / 50)]!;
    }
    const chi = counts.reduce((sum, count) => sum + (count - 2000) ** 2 / 2000, 0);
    expect(chi).toBeLessThan(33); // 9 degrees of freedom: one run in ten thousand
    const backoff = new Backoff();
    const longest = Math.max(...counts.map(() => backoff.next(false, 1000)));
    expect(longest).toBeGreaterThanOrEqual(1000);
    expect(longest).toBeLessThan(16_000);
  });
});
