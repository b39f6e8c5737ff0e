// Between the properties of a node and those of a three.js object. Nothing of three.js is imported:
// the objects bring what is needed.
import { own } from '../core/records.js';
import { setOperation } from '../store/edits.js';
import type { Json } from '../generated/operations.js';
import type { Operation, SceneNode } from '../store/types.js';

interface Components {
  toArray(): unknown[];
  fromArray(values: never): unknown;
}
interface ColorLike {
  set(value: never): unknown;
  getHexString(): string;
}

/** What is used of an Object3D. */
export interface ObjectLike {
  name: string;
  visible: boolean;
  position: Components;
  rotation: Components;
  quaternion: Components;
  scale: Components;
  /** Of meshes and lines. */
  material?: unknown;
  /** Of lights. */
  color?: unknown;
}

const VECTORS: readonly (readonly [
  path: 'position' | 'rotation' | 'quaternion' | 'scale',
  number,
])[] = [
  ['position', 3],
  ['rotation', 3],
  ['quaternion', 4],
  ['scale', 3],
];

/**
 * Shows a node in an object; properties that it lacks stay as they are.
 *
 * @example
 * applyNode(node, new Mesh());
 */
export function applyNode(node: SceneNode, object: ObjectLike): void {
  for (const [path, size] of VECTORS) {
    const value = own(node, path);
    if (isNumbers(value, size)) object[path].fromArray(value as never);
  }
  const color = own(node, 'color');
  if (typeof color === 'string') colorOf(object)?.set(color as never);
  if (typeof node['visible'] === 'boolean') object.visible = node['visible'];
  if (node.name !== '') object.name = node.name;
}

/**
 * What must be set so that the node shows what the object does; only properties that it has.
 *
 * @example
 * const mesh = new Mesh();
 * mesh.position.set(1, 0, 0);
 * for (const op of changesOf(node, mesh)) store.edit(op);
 */
export function changesOf(node: SceneNode, object: ObjectLike): Operation[] {
  const changes: Operation[] = [];
  const add = (path: string, value: Json): void => {
    changes.push(setOperation(node.key, path, value));
  };
  for (const [path, size] of VECTORS) {
    const shown = object[path].toArray().slice(0, size) as number[];
    const value = own(node, path);
    if (isNumbers(value, size) && shown.some((each, i) => each !== value[i])) add(path, shown);
  }
  const color = colorOf(object);
  const hex = color === undefined ? undefined : `#${color.getHexString()}`;
  if (hex !== undefined && typeof own(node, 'color') === 'string' && own(node, 'color') !== hex)
    changes.push({ ot: 'color.set', key: node.key, path: 'color', value: hex });
  if (typeof node['visible'] === 'boolean' && node['visible'] !== object.visible)
    add('visible', object.visible);
  return changes;
}

function colorOf(object: ObjectLike): ColorLike | undefined {
  const material = Array.isArray(object.material) ? object.material[0] : object.material;
  const color = (material as { color?: unknown } | undefined)?.color ?? object.color;
  const { set, getHexString } = (color ?? {}) as Partial<ColorLike>;
  return typeof set === 'function' && typeof getHexString === 'function'
    ? (color as ColorLike)
    : undefined;
}

function isNumbers(value: unknown, size: number): value is number[] {
  return (
    Array.isArray(value) && value.length >= size && value.every((each) => typeof each === 'number')
  );
}
