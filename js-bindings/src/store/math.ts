// Small functions of the original's public surface: quaternions, colours, operation names, merging
// of edits.
import { additiveOperations } from '../generated/operations.js';

/** A rotation: x, y, z, w. */
export type Quat = readonly [number, number, number, number];

/**
 * `'number.add'` as `['number', 'add']`; without a dot the operation is `set`.
 *
 * @example
 * const [type, operation] = parseOtype('vector3.add');
 * console.log(type, operation);
 */
export function parseOtype(ot: string): [dtype: string, operation: string] {
  const dot = ot.indexOf('.');
  return dot < 0 ? [ot, 'set'] : [ot.slice(0, dot), ot.slice(dot + 1)];
}

/**
 * a ⊗ b, components x, y, z, w; not normalised.
 *
 * @example
 * console.log(multiplyQuaternions([0, 0, 0, 1], [0, 1, 0, 0]));
 */
export function multiplyQuaternions(a: Quat, b: Quat): [number, number, number, number] {
  const [ax, ay, az, aw] = a;
  const [bx, by, bz, bw] = b;
  return [
    aw * bx + ax * bw + ay * bz - az * by,
    aw * by - ax * bz + ay * bw + az * bx,
    aw * bz + ax * by - ay * bx + az * bw,
    aw * bw - ax * bx - ay * by - az * bz,
  ];
}

/**
 * Six hex digits with or without '#'; anything else is black.
 *
 * @example
 * const { r, g, b } = hexToRgb('#ff8000');
 * console.log(r, g, b);
 */
export function hexToRgb(hex: string): { r: number; g: number; b: number } {
  const match = /^#?([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(hex);
  const channel = (at: number): number => parseInt(match?.[at] ?? '0', 16);
  return { r: channel(1), g: channel(2), b: channel(3) };
}

/**
 * Lower-case '#rrggbb'; channels are not clamped.
 *
 * @example
 * console.log(rgbToHex(255, 128, 0));
 */
export function rgbToHex(r: number, g: number, b: number): string {
  const digits = (channel: number): string => channel.toString(16).padStart(2, '0');
  return `#${digits(r)}${digits(g)}${digits(b)}`;
}

/**
 * Whether two edits of this operation can be one.
 *
 * @example
 * console.log(isAdditiveOp('number.add'), isAdditiveOp('number.set'));
 */
export function isAdditiveOp(ot: string): boolean {
  return additiveOperations.has(ot);
}

/**
 * The value of one edit that does what `a`, then `b` do; `b` for operations that are not additive.
 *
 * @example
 * console.log(mergeValues('number.add', 1, 2));
 */
export function mergeValues(ot: string, a: unknown, b: unknown): unknown {
  switch (ot) {
    case 'number.add':
      return (a as number) + (b as number);
    case 'number.multiply':
      return (a as number) * (b as number);
    case 'vector3.add':
      return [0, 1, 2].map((i) => ((a as number[])[i] as number) + ((b as number[])[i] as number));
    case 'quaternion.multiply':
      return multiplyQuaternions(a as Quat, b as Quat);
    default:
      return b;
  }
}
