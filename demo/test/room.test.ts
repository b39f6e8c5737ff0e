// What is said about the server, and what is believed of others.
import { describe, expect, it } from 'vitest';
import { judge, type Facts } from '../src/room/agreement';
import { COLORS, pickColor, readPeers } from '../src/room/peers';

const facts: Facts = {
  state: 'synced',
  unacked: 0,
  serverSeq: 4,
  digest: 'aa',
  server: { digest: 'aa', serverSeq: 4 },
};

describe('judge', () => {
  it('is green only when nothing is on the way and both are equal', () => {
    expect(judge(facts).verdict).toBe('same');
    const waiting = { verdict: 'waiting', note: '2 edits on the way' };
    expect(judge({ ...facts, unacked: 2 })).toEqual(waiting);
    expect(judge({ ...facts, digest: 'bb' }).verdict).toBe('differs');
  });

  it('does not compare different sets of messages', () => {
    expect(judge({ ...facts, digest: 'bb', serverSeq: 5 }).verdict).toBe('waiting');
    expect(judge({ ...facts, state: 'offline', unacked: 1 }).note).toMatch('1 edit kept');
  });
});

describe('readPeers', () => {
  it('believes only what has the right shape', () => {
    const hostile = { name: 7, color: 'url(x)', selected: {}, cursor: [1, NaN, 2], typing: 'yes' };
    const [peer] = readPeers([{ client: 'eve', state: hostile }]);
    expect(peer).toEqual({
      client: 'eve',
      name: 'Somebody',
      color: COLORS[0],
      selected: '',
      cursor: undefined,
      typing: false,
    });
    expect(readPeers([{ client: 'eve', state: null }])).toEqual([]);
  });
});

describe('pickColor', () => {
  it('leaves a colour to the one whose name sorts first', () => {
    const color = pickColor('b', []);
    const other = { client: 'a', name: '', color, selected: '', typing: false };
    expect(pickColor('b', [other])).not.toBe(color);
    expect(pickColor('b', [{ ...other, client: 'c' }])).toBe(color);
  });
});
