// Where a shape is: a point, a turn around the upright axis in degrees, a size. Turns and sizes of
// this kind compose exactly, so a shape can change its parent and stay where it is.
export type Point = readonly [x: number, y: number, z: number];

export interface Placement {
  readonly position: Point;
  readonly turn: number;
  readonly size: number;
}

export const ORIGIN: Placement = { position: [0, 0, 0], turn: 0, size: 1 };

/** A place within `parent`, seen from outside. */
export function outside(parent: Placement, inner: Placement): Placement {
  const [x, y, z] = rotate(inner.position, parent.turn);
  const [px, py, pz] = parent.position;
  const { size } = parent;
  return {
    position: [px + x * size, py + y * size, pz + z * size],
    turn: parent.turn + inner.turn,
    size: size * inner.size,
  };
}

/** The place within `parent` that looks like `outer` from outside. */
export function within(parent: Placement, outer: Placement): Placement {
  const [x, y, z] = outer.position;
  const [px, py, pz] = parent.position;
  const { size } = parent;
  const moved: Point = [(x - px) / size, (y - py) / size, (z - pz) / size];
  return {
    position: rotate(moved, -parent.turn).map(tidy) as unknown as Point,
    turn: tidy(normalTurn(outer.turn - parent.turn)),
    size: tidy(outer.size / size),
  };
}

/** The place of `key` in the scene; `lookup` gives the place within the parent and the parent. */
export function placeInScene(
  key: string,
  lookup: (key: string) => { readonly place: Placement; readonly parent: string } | undefined,
): Placement {
  let place = ORIGIN;
  for (let at = lookup(key); at !== undefined; at = lookup(at.parent)) {
    place = outside(at.place, place);
  }
  return place;
}

/** Four digits are finer than anything that can be seen. */
export function tidy(value: number): number {
  return Math.round(value * 1e4) / 1e4;
}

function rotate([x, y, z]: Point, degrees: number): Point {
  const angle = (degrees * Math.PI) / 180;
  const cos = Math.cos(angle);
  const sin = Math.sin(angle);
  return [x * cos + z * sin, y, z * cos - x * sin];
}

function normalTurn(degrees: number): number {
  return degrees - 360 * Math.round(degrees / 360);
}
