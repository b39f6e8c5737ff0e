// @vitest-environment happy-dom
import { afterEach, describe, expect, it } from 'vitest';
import { openDevtools, type Devtools } from '../src/entrypoints/devtools.js';
import { add, insert, storeWith } from './operations.js';

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
});
