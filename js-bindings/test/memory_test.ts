import { describe, expect, it } from 'vitest';
import { core } from '../src/core/loader.js';
import { createGraph } from '../src/store/create_graph.js';
import type { GraphStore } from '../src/store/graph_store.js';
import type { CRDTMessage, Operation } from '../src/store/types.js';

const inUse = (): number => core().glue._rtc_heap_in_use();

const collect = (globalThis as { gc?: () => void }).gc;

/** Bytes of JavaScript objects that are no garbage. */
function live(): number {
  if (collect === undefined) throw new Error('the tests run with --expose-gc');
  collect();
  return process.memoryUsage().heapUsed;
}

function used(client: string, nodes = 20): GraphStore {
  const store = createGraph({ client });
  for (let i = 0; i < nodes; ++i) {
    const value = { key: `n${i}`, p: [i, i, i], q: 'x'.repeat(100) };
    store.edit({ ot: 'node.insert', key: '', path: 'children', value } as Operation);
    store.edit({ ot: 'text.insert', key: `n${i}`, path: 't', position: 0, value: 'some text' });
  }
  store.commit();
  store.digest();
  return store;
}

describe('memory', () => {
  it('ten_thousand_stores_leave_the_heap_as_it_was', () => {
    for (let i = 0; i < 200; ++i) used(`warm${i}`).dispose();
    const [before, objects] = [inUse(), live()];
    for (let i = 0; i < 10_000; ++i) used(`c${i}`, 1 + (i % 5)).dispose();
    expect(inUse() - before).toBeLessThan(4096);
    expect(live() - objects).toBeLessThan(1e6);
  });

  it('an_hour_of_editing_with_compaction_holds_flat', () => {
    const store = createGraph({ client: 'a' });
    store.edit({ ot: 'node.insert', key: '', path: 'children', value: { key: 'n', p: [0, 0, 0] } });
    const message = store.commit() as CRDTMessage;
    let serverSeq = 0;
    const answer = ({ id, lt }: CRDTMessage): void =>
      store.ack(id, { lt, serverSeq: ++serverSeq, stable: lt - 100 });
    answer(message);
    const minute = (): void => {
      for (let i = 0; i < 60 * 60; ++i) {
        store.edit({ ot: 'vector3.set', key: 'n', path: 'p', value: [i, i / 2, i / 3] });
        answer(store.commit() as CRDTMessage);
      }
      store.compact();
    };
    /** The core keeps its last answer: now a small one. */
    const after = (minutes: number): [number, number] => {
      for (let i = 0; i < minutes; ++i) minute();
      store.digest();
      return [inUse(), live()];
    };
    const [before, objects] = after(20);
    const [bytes, more] = after(40);
    expect(bytes - before).toBeLessThan(before / 10);
    expect(more - objects).toBeLessThan(2e6);
    expect(store.getState().journal.length).toBeLessThan(200);
    store.dispose();
  }, 60_000);

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
    const before = inUse();
    for (let i = 0; i < 200; ++i) used(`garbage${i}`);
    const filled = inUse();
    for (let i = 0; i < 20 && inUse() - before > (filled - before) / 10; ++i) {
      live();
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
