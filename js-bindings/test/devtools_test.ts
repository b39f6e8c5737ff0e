// @vitest-environment happy-dom
import { afterEach, describe, expect, it, vi } from 'vitest';
import { openDevtools, type Devtools } from '../src/entrypoints/devtools.js';
import { add, insert, storeWith } from './operations.js';
import { until } from './fake_server.js';
import { enterRoom, leaveAll, start } from './rooms.js';

let panel: Devtools | undefined;
afterEach(() => panel?.close());

const shown = async (): Promise<string> => {
  await new Promise((resolve) => setTimeout(resolve, 40));
  return panel!.element.shadowRoot!.textContent ?? '';
};

describe('devtools', () => {
  it('shows_the_scene_the_journal_and_earlier_states', async () => {
    const store = storeWith('a', insert('r'), insert('x', 'r', { p: 1 }));
    panel = openDevtools(store);
    expect(await shown()).toContain('x p=1');
    store.edit(add('x', 'p', 41));
    expect(await shown()).toMatch(/x p=42.*a:1 node\.insert, node\.insert/s);
    store.commit();
    store.undo();
    expect(await shown()).toContain('x p=1');
    const list = panel.element.shadowRoot!;
    expect(list.querySelectorAll('.unacked').length).toBe(3);
    expect(list.querySelectorAll('.undone').length).toBe(1);
    const slider = list.querySelector('input')!;
    slider.value = '1';
    slider.dispatchEvent(new Event('input'));
    expect(await shown()).toContain('after 1 of 3');
    panel.close();
    expect(document.querySelector('vuer-rtc-devtools')).toBeNull();
  });

  it('shows_who_edits_the_traffic_and_whether_the_server_agrees', async () => {
    const server = await start();
    const room = enterRoom(server.url, 'r', { client: 'a' });
    panel = openDevtools(room.store, { room });
    await room.synced;
    room.store.edit(insert('x'));
    room.store.commit();
    await room.flush();
    const text = await shown();
    expect(text).toMatch(/authorsa~[0-9a-f]+ 1here/);
    expect(text).toMatch(/sent 1 messages; received state 1.*ack 1.*serverSeq 1, last ack 1/s);
    expect(text).toContain('digest of the server: not compared yet');
    server.checksum = room.store.digest();
    server.cut();
    await until(() => server.received.filter((each) => each === 'sync-check').length >= 2);
    expect(await shown()).toContain('digest of the server: equal at 1');
    await leaveAll();
  });

  it('stays_away_in_production_unless_asked', async () => {
    vi.resetModules();
    vi.stubEnv('NODE_ENV', 'production');
    const { openDevtools: open } = await import('../src/entrypoints/devtools.js');
    const store = storeWith('a', insert('r'));
    open(store).close();
    expect(document.querySelector('vuer-rtc-devtools')).toBeNull();
    panel = open(store, { inProduction: true });
    expect(document.querySelector('vuer-rtc-devtools')).not.toBeNull();
    vi.unstubAllEnvs();
  });
});
