// Who else is in the room, out of what their pages say about themselves.
import type { PresenceEntry } from '@vuer-ai/vuer-rtc/provider';
import type { Point } from '../document/placement';

export const COLORS = [
  '#c2255c', '#1971c2', '#237032', '#c2410c', '#7048e8', '#0b7285', '#7a4f2b', '#54700a',
] as const;
const LONGEST_NAME = 40;

/** What a page says about its person. */
export interface Self {
  readonly name: string;
  readonly color: string;
  readonly selected: string;
  readonly cursor?: Point | undefined;
  readonly typing: boolean;
}

export interface Peer extends Self {
  readonly client: string;
}

export function readPeers(entries: readonly PresenceEntry<unknown>[]): Peer[] {
  return entries
    .flatMap(({ client, state }) => (isRecord(state) ? [readPeer(client, state)] : []))
    .sort((a, b) => (a.client < b.client ? -1 : 1));
}

function readPeer(client: string, state: Record<string, unknown>): Peer {
  const { name, color, selected, cursor, typing } = state;
  return {
    client,
    name: typeof name === 'string' && name !== '' ? name.slice(0, LONGEST_NAME) : 'Somebody',
    color: typeof color === 'string' && /^#[0-9a-f]{6}$/i.test(color) ? color : COLORS[0],
    selected: typeof selected === 'string' ? selected : '',
    cursor: isPoint(cursor) ? cursor : undefined,
    typing: typing === true,
  };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isPoint(value: unknown): value is Point {
  return Array.isArray(value) && value.length === 3 && value.every((each) => Number.isFinite(each));
}

/** A colour for this client: its own wish, unless somebody whose name sorts first has it. */
export function pickColor(client: string, peers: readonly Peer[]): string {
  const taken = new Set(peers.filter((peer) => peer.client < client).map((peer) => peer.color));
  let wish = 0;
  for (const letter of client) wish = (wish * 31 + letter.charCodeAt(0)) % 9973;
  const turned = COLORS.map((_, i) => COLORS[(wish + i) % COLORS.length] ?? COLORS[0]);
  return turned.find((color) => !taken.has(color)) ?? turned[0] ?? COLORS[0];
}
