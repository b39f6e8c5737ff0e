// The bodies of the kinds of shapes. `grow` makes one slightly larger all around: seen from inside
// it is an outline.
import {
  BoxGeometry,
  ConeGeometry,
  CylinderGeometry,
  SphereGeometry,
  TorusGeometry,
  type BufferGeometry,
} from 'three';
import type { Kind } from '../document/shapes';

const ROUND = 64;

export function geometryOf(kind: Kind, grow = 0): BufferGeometry {
  const wide = 2 * grow;
  switch (kind) {
    case 'box':
      return new BoxGeometry(1 + wide, 1 + wide, 1 + wide);
    case 'sphere':
      return new SphereGeometry(0.55 + grow, ROUND, ROUND / 2);
    case 'cone':
      return new ConeGeometry(0.6 + 1.5 * grow, 1.2 + 3 * grow, ROUND).translate(0, grow / 2, 0);
    case 'cylinder':
      return new CylinderGeometry(0.5 + grow, 0.5 + grow, 1 + wide, ROUND);
    case 'torus':
      return new TorusGeometry(0.48, 0.18 + grow, ROUND / 2, ROUND).rotateX(Math.PI / 2);
  }
}
