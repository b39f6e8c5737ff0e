// The changes people can make to shapes, as operations.
import type { Operation } from '@vuer-ai/vuer-rtc';
import { placeInScene, tidy, within, ORIGIN, type Placement, type Point } from './placement';
import { isWithin, NOTES, REST, SCENE, type Kind, type Shape } from './shapes';

type First = readonly [string, Kind, name: string, color: string, at: Point, size: number];
const FIRST: readonly First[] = [
  ['first-box', 'box', 'Plinth', '#4456c7', [-0.9, 0.7, -0.3], 1.4],
  ['first-sphere', 'sphere', 'Moon', '#f2a541', [1.2, 0.55, 0.8], 1],
  ['first-cone', 'cone', 'Tent', '#1f8a8a', [0.9, 0.84, -1.6], 1.4],
];

/**
 * The start of a room. Two pages that both find it empty write the same keys, of which the first
 * counts.
 */
export function firstScene(): Operation[] {
  const scene: Operation = {
    ot: 'node.insert',
    key: '',
    value: { key: SCENE, tag: 'scene', name: 'Scene' },
  };
  const shapes = FIRST.map(([key, kind, name, color, position, size]) =>
    insert(key, kind, name, color, { position, turn: 0, size }),
  );
  return [scene, { ot: 'text.init', key: SCENE, path: NOTES }, ...shapes];
}

export function addShape(
  key: string,
  kind: Kind,
  name: string,
  color: string,
  x: number,
  z: number,
): Operation {
  const position: Point = [tidy(x), REST[kind], tidy(z)];
  return insert(key, kind, name, color, { position, turn: 0, size: 1 });
}

function insert(key: string, kind: Kind, name: string, color: string, place: Placement): Operation {
  const { turn, size } = place;
  const [x, y, z] = place.position;
  return {
    ot: 'node.insert',
    key: SCENE,
    value: { key, tag: kind, name, color, position: [x, y, z], turn, size },
  };
}

export function removeShape(shape: Shape): Operation {
  return { ot: 'node.remove', key: shape.parent, value: shape.key };
}

export function moveTo(key: string, [x, y, z]: Point): Operation {
  return { ot: 'vector3.set', key, path: 'position', value: [tidy(x), tidy(y), tidy(z)] };
}

/** Below another parent, at the same place of the scene; nothing when that cannot be. */
export function reparent(shapes: readonly Shape[], key: string, newParent: string): Operation[] {
  const all = new Map(shapes.map((shape) => [shape.key, shape]));
  const shape = all.get(key);
  if (shape === undefined || shape.parent === newParent) return [];
  if (newParent !== SCENE && (!all.has(newParent) || isWithin(shapes, newParent, key))) return [];
  const lookup = (each: string): Shape | undefined => all.get(each);
  const parentPlace = newParent === SCENE ? ORIGIN : placeInScene(newParent, lookup);
  const { position, turn, size } = within(parentPlace, placeInScene(key, lookup));
  return [
    { ot: 'node.move', key: shape.parent, value: { nodeKey: key, newParent } },
    moveTo(key, position),
    { ot: 'number.set', key, path: 'turn', value: turn },
    { ot: 'number.set', key, path: 'size', value: size },
  ];
}
