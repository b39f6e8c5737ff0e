// Splices: what they say about two texts, and what they become after another splice.
import { describe, expect, it } from 'vitest';
import { difference, shiftPosition, shiftSplice, type Splice } from '../src/text/splice';

const run = (text: string, { at, removed, inserted }: Splice): string =>
  text.slice(0, at) + inserted + text.slice(at + removed);

/** Park and Miller's generator: the same cases in every run of a seed. */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 16807) % 2147483647;
    return state % below;
  };
}

function anyText(next: (below: number) => number): string {
  const letters = ['a', 'b', '\n', '😀', '😁'];
  return Array.from({ length: next(8) }, () => letters[next(letters.length)]).join('');
}

describe('difference', () => {
  it('leads from one text to the other and keeps pairs whole', () => {
    const seed = 1 + Math.floor(Math.random() * 1e6);
    const next = numbers(seed);
    for (let i = 0; i < 5000; ++i) {
      const before = anyText(next);
      const after = anyText(next);
      const change = difference(before, after, next(after.length + 1));
      if (change === undefined) expect(before).toBe(after);
      else {
        expect(run(before, change), `seed ${seed}`).toBe(after);
        expect(() => encodeURIComponent(change.inserted), `seed ${seed}`).not.toThrow();
      }
    }
  });

  it('puts a letter among equal letters where the caret is', () => {
    expect(difference('aaa', 'aaaa', 2)).toEqual({ at: 1, removed: 0, inserted: 'a' });
    expect(difference('aaaa', 'aaa', 1)).toEqual({ at: 1, removed: 1, inserted: '' });
  });
});

describe('shiftPosition', () => {
  it('moves a caret with the text around it', () => {
    const change = { at: 2, removed: 3, inserted: 'x' };
    expect([0, 2, 3, 5, 6].map((at) => shiftPosition(at, change))).toEqual([0, 2, 2, 3, 4]);
  });

  it('stays before what is put in at the caret', () => {
    const change = { at: 2, removed: 0, inserted: 'xy' };
    expect(shiftPosition(2, change)).toBe(2);
    expect(shiftPosition(2, change, true)).toBe(4);
  });
});

describe('shiftSplice', () => {
  it('does the same on a text that changed before it', () => {
    const other = { at: 0, removed: 0, inserted: 'To do: ' };
    const own = { at: 5, removed: 4, inserted: 'moon' };
    const text = run('Move tent', other);
    expect(run(text, shiftSplice(own, other))).toBe('To do: Move moon');
  });

  it('removes only what is still there', () => {
    const other = { at: 3, removed: 2, inserted: '' };
    const own = { at: 2, removed: 4, inserted: 'x' };
    expect(shiftSplice(own, other)).toEqual({ at: 2, removed: 2, inserted: 'x' });
  });
});
