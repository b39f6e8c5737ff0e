// Places: composing with a parent and taking it off again.
import { describe, expect, it } from 'vitest';
import { outside, placeInScene, within, type Placement } from '../src/document/placement';

const table: Placement = { position: [1, 2, 3], turn: 90, size: 2 };
const cup: Placement = { position: [1, 0, 0], turn: 15, size: 0.5 };

describe('placement', () => {
  it('turns and sizes what is inside', () => {
    const { position, turn, size } = outside(table, cup);
    [1, 2, 1].forEach((each, i) => expect(position[i]).toBeCloseTo(each));
    expect([turn, size]).toEqual([105, 1]);
  });

  it('comes back through within', () => {
    expect(within(table, outside(table, cup))).toEqual(cup);
  });

  it('composes along all parents', () => {
    const all = new Map([
      ['table', { place: table, parent: 'scene' }],
      ['cup', { place: cup, parent: 'table' }],
    ]);
    expect(placeInScene('cup', (key) => all.get(key))).toEqual(outside(table, cup));
  });
});
