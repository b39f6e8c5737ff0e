// What the page keeps in the document: one root node, below it shapes as a tree. Whatever other
// programs wrote into the room, reading gives whole shapes.
import type { SceneGraph, SceneNode } from '@vuer-ai/vuer-rtc';
import type { Placement, Point } from './placement';

export const SCENE = 'scene';
export const NOTES = 'notes';
export const KINDS = ['box', 'sphere', 'cone', 'cylinder', 'torus'] as const;
export type Kind = (typeof KINDS)[number];

/** How high the centre of a shape is when it stands on the ground. */
export const REST: Readonly<Record<Kind, number>> = {
  box: 0.5,
  sphere: 0.55,
  cone: 0.6,
  cylinder: 0.5,
  torus: 0.18,
};

export interface Shape {
  readonly key: string;
  readonly kind: Kind;
  readonly name: string;
  readonly color: string;
  readonly parent: string;
  /** 1 below the scene itself. */
  readonly depth: number;
  /** Within the parent. */
  readonly place: Placement;
  readonly children: readonly string[];
}

/** A shape stays the same object while its node and its place in the tree do. */
const known = new WeakMap<SceneNode, Shape>();

/** All shapes that can be seen, each after its parent. */
export function readShapes(graph: SceneGraph): Shape[] {
  const found: Shape[] = [];
  const visit = (parent: string, depth: number): void => {
    for (const key of graph.nodes[parent]?.children ?? []) {
      const node = graph.nodes[key];
      if (node === undefined) continue;
      found.push(readShape(node, parent, depth));
      visit(key, depth + 1);
    }
  };
  visit(SCENE, 1);
  return found;
}

function readShape(node: SceneNode, parent: string, depth: number): Shape {
  const before = known.get(node);
  if (before?.parent === parent && before.depth === depth) return before;
  const { key, tag, name, children } = node;
  const kind = KINDS.find((each) => each === tag) ?? 'box';
  const place = {
    position: readPoint(node['position'], [0, REST[kind], 0]),
    turn: readNumber(node['turn'], 0),
    size: Math.max(0.01, readNumber(node['size'], 1)),
  };
  const color = readColor(node['color']);
  const shape = { key, kind, name: name || kind, color, parent, depth, place, children };
  known.set(node, shape);
  return shape;
}

function readNumber(value: unknown, otherwise: number): number {
  return typeof value === 'number' ? value : otherwise;
}

function readPoint(value: unknown, otherwise: Point): Point {
  if (!Array.isArray(value)) return otherwise;
  const [x, y, z] = value as unknown[];
  return [readNumber(x, otherwise[0]), readNumber(y, otherwise[1]), readNumber(z, otherwise[2])];
}

function readColor(value: unknown): string {
  return typeof value === 'string' && /^#[0-9a-f]{6}$/i.test(value) ? value : '#8a9491';
}

/** Is `key` the shape `above` or somewhere below it? */
export function isWithin(shapes: readonly Shape[], key: string, above: string): boolean {
  const parents = new Map(shapes.map((shape) => [shape.key, shape.parent]));
  for (let at: string | undefined = key; at !== undefined; at = parents.get(at)) {
    if (at === above) return true;
  }
  return false;
}
