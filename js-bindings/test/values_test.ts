import { describe, expect, it } from 'vitest';
import { VectorClockManager } from '../src/store/clocks.js';
import * as math from '../src/store/math.js';
import { TextBuffer } from '../src/store/text_buffer.js';

describe('vector clocks', () => {
  const { compare, merge, create, increment, areConcurrent } = VectorClockManager;

  it('compare_tells_ahead_behind_and_neither', () => {
    const pairs = [
      [{ a: 2 }, { a: 1 }, 1],
      [{ a: 1 }, { a: 2 }, -1],
      [{ a: 1 }, { a: 1 }, 0],
      [{ a: 1 }, { b: 1 }, 0],
      [{ a: 0 }, {}, 0],
    ] as const;
    for (const [a, b, expected] of pairs) expect(compare(a, b)).toBe(expected);
    expect(areConcurrent({ a: 1 }, { a: 1 })).toBe(true);
  });

  it('merge_takes_the_maximum_and_changes_nothing', () => {
    const a = { a: 1, b: 5 };
    expect(merge(a, { a: 3, c: 1 })).toEqual({ a: 3, b: 5, c: 1 });
    expect(a).toEqual({ a: 1, b: 5 });
  });

  it('clients_may_have_any_name', () => {
    expect(Object.keys(create('__proto__'))).toEqual(['__proto__']);
    expect(increment({}, 'constructor')).toEqual({ constructor: 1 });
    expect(increment({ a: 1 }, 'a')).toEqual({ a: 2 });
  });
});

describe('math', () => {
  it('colours_and_names_are_read_as_the_original_does', () => {
    expect(math.hexToRgb('ffaa00')).toEqual({ r: 255, g: 170, b: 0 });
    expect(math.hexToRgb('#fff')).toEqual({ r: 0, g: 0, b: 0 });
    expect(math.rgbToHex(255, 0, 16)).toBe('#ff0010');
    expect(math.rgbToHex(300, 0, -1)).toBe('#12c00-1');
    expect(math.parseOtype('a.b.c')).toEqual(['a', 'b.c']);
    expect(math.parseOtype('')).toEqual(['', 'set']);
  });

  it('additive_edits_merge_exactly', () => {
    const product = math.mergeValues(
      'quaternion.multiply',
      [0.1, 0.2, 0.3, 0.9],
      [0.4, -0.5, 0.6, 0.7],
    );
    expect(product).toEqual([0.7000000000000001, -0.25, 0.62, 0.51]);
    expect(math.mergeValues('number.add', 1, 2)).toBe(3);
    expect(math.mergeValues('vector3.add', [1, 2, 3], [1, 1, 1])).toEqual([2, 3, 4]);
    expect(math.mergeValues('number.set', 1, 2)).toBe(2);
    expect(math.isAdditiveOp('euler.add')).toBe(false);
    expect(math.isAdditiveOp('vector3.add')).toBe(true);
  });
});

describe('text buffer', () => {
  const units = (text: string): Uint16Array =>
    Uint16Array.from(text.split(''), (unit) => unit.charCodeAt(0));

  it('random_splices_equal_those_of_a_string', () => {
    const seed = (Date.now() ^ 0x5eed) >>> 0;
    let random = seed;
    const next = (below: number): number => {
      random = (Math.imul(random, 1664525) + 1013904223) >>> 0;
      return Math.floor((random / 2 ** 32) * below);
    };
    let text = '';
    const buffer = new TextBuffer();
    for (let i = 0; i < 3000; ++i) {
      const at = next(text.length + 1);
      const removed = next(Math.min(5, text.length - at + 1));
      const inserted = 'abcdefghij'.slice(0, next(8));
      text = text.slice(0, at) + inserted + text.slice(at + removed);
      buffer.splice(at, removed, units(inserted), 0, inserted.length);
      if (i % 97 === 0) expect(buffer.toString(), `seed ${seed}`).toBe(text);
    }
    expect(buffer.toString(), `seed ${seed}`).toBe(text);
    expect(buffer.length).toBe(text.length);
  });

  it('half_a_pair_shows_as_a_replacement_character', () => {
    const buffer = new TextBuffer();
    buffer.splice(0, 0, units('a\ud83d\ude00'), 0, 3);
    expect(buffer.toString()).toBe('a😀');
    buffer.splice(2, 1, units(''), 0, 0);
    expect(buffer.toString()).toBe('a\ufffd');
  });
});
