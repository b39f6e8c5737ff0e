// One button per kind of shape.
import type { App } from '../app';
import { addShape } from '../document/changes';
import { placeInScene } from '../document/placement';
import { KINDS, type Kind, type Shape } from '../document/shapes';
import { icon } from './icons';
import { make } from './make';
import { nextColor } from './palette';

const GOLDEN_ANGLE = 2.399963;
const MOST_TRIES = 600;

export function addBar(host: HTMLElement, app: App): void {
  for (const kind of KINDS) {
    const button = make('button', { type: 'button', 'aria-label': `Add ${kind}` });
    button.append(icon(kind), make('span', {}, kind));
    button.addEventListener('click', () => add(app, kind));
    host.append(button);
  }
}

function add(app: App, kind: Kind): void {
  const key = `${kind}-${crypto.getRandomValues(new Uint32Array(2)).join('')}`;
  const [x, z] = freeSpot(app.shapes);
  const color = nextColor(app.shapes.length);
  app.editing.apply([addShape(key, kind, freeName(app.shapes, kind), color, x, z)]);
  app.select(key);
}

function freeName(shapes: readonly Shape[], kind: Kind): string {
  const taken = new Set(shapes.map((shape) => shape.name));
  const word = kind.replace(/^./, (letter) => letter.toUpperCase());
  let number = 1;
  while (taken.has(`${word} ${number}`)) ++number;
  return `${word} ${number}`;
}

/** The first place on a spiral around the middle that nothing stands near. */
function freeSpot(shapes: readonly Shape[]): readonly [x: number, z: number] {
  const all = new Map(shapes.map((shape) => [shape.key, shape]));
  const places = shapes.map(({ key }) => placeInScene(key, (each) => all.get(each)));
  for (let i = 1; ; ++i) {
    const far = 0.8 * Math.sqrt(i);
    const x = far * Math.cos(i * GOLDEN_ANGLE);
    const z = far * Math.sin(i * GOLDEN_ANGLE);
    const isFree = places.every(
      ({ position, size }) => Math.hypot(position[0] - x, position[2] - z) > 0.6 + 0.55 * size,
    );
    if (isFree || i > MOST_TRIES) return [x, z];
  }
}
