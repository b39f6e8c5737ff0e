import { describe, expect, it } from 'vitest';
import { core } from '../src/core/loader.js';
import { createGraph } from '../src/store/create_graph.js';
import type { GraphStore } from '../src/store/graph_store.js';
import type { Operation } from '../src/store/types.js';

const inUse = (): number => core().glue._rtc_heap_in_use();

function used(client: string): GraphStore {
  const store = createGraph({ client });
  for (let i = 0; i < 20; ++i) {
    const value = { key: `n${i}`, p: [i, i, i], q: 'x'.repeat(100) };
    store.edit({ ot: 'node.insert', key: '', path: 'children', value } as Operation);
    store.edit({ ot: 'text.insert', key: `n${i}`, path: 't', position: 0, value: 'some text' });
  }
  store.commit();
  store.digest();
  return store;
}

describe('memory', () => {
  it('a_thousand_stores_leave_the_heap_as_it_was', () => {
    for (let i = 0; i < 50; ++i) used(`warm${i}`).dispose();
    const before = inUse();
    for (let i = 0; i < 1000; ++i) used(`c${i}`).dispose();
    expect(inUse() - before).toBeLessThan(4096);
  });

  it('stale_handles_are_errors', () => {
    const { exports } = core();
    const store = createGraph({ client: 'a' });
    store.dispose();
    for (const handle of [0, 1, 0xffff, 0x10000, 0x7fffffff, -1]) {
      const code = exports._rtc_store_commit(handle, 1);
      expect(core().codeName(code)).toBe('disposed');
    }
  });

  it('a_store_that_is_garbage_frees_its_memory', async () => {
    const gc = (globalThis as { gc?: () => void }).gc;
    if (gc === undefined) throw new Error('the tests run with --expose-gc');
    const before = inUse();
    for (let i = 0; i < 200; ++i) used(`garbage${i}`);
    const filled = inUse();
    for (let i = 0; i < 20 && inUse() - before > (filled - before) / 10; ++i) {
      gc();
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    expect(inUse() - before).toBeLessThan((filled - before) / 10);
  });

  it('the_heap_grows_under_the_writer', () => {
    const store = createGraph({ client: 'big' });
    const size = core().glue.HEAPU8.length;
    for (let i = 0; core().glue.HEAPU8.length === size && i < 500; ++i) {
      const value = { key: `n${i}`, text: 'y'.repeat(200_000) };
      store.edit({ ot: 'node.insert', key: '', path: 'children', value } as Operation);
      store.commit();
      expect((store.getNode(`n${i}`)!['text'] as string).length).toBe(200_000);
    }
    expect(core().glue.HEAPU8.length).toBeGreaterThan(size);
    store.dispose();
  });
});
