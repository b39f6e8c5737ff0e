// The scene on the page: bodies, outlines, flags, pointer and arrow keys. Where there is no WebGL
// it says so, and the rest of the page works on.
import { Vector3 } from 'three';
import type { App } from '../app';
import { moveTo, removeShape } from '../document/changes';
import { ORIGIN, placeInScene, within, type Point } from '../document/placement';
import { SCENE, type Shape } from '../document/shapes';
import { make } from '../panels/make';
import { Bodies, type Outline } from './bodies';
import { Flags } from './flags';
import { ScenePointer } from './pointer';
import { Stage } from './stage';

const NUDGE = 0.25;
const NUDGES: Readonly<Record<string, Point>> = {
  ArrowLeft: [-NUDGE, 0, 0],
  ArrowRight: [NUDGE, 0, 0],
  ArrowUp: [0, 0, -NUDGE],
  ArrowDown: [0, 0, NUDGE],
  PageUp: [0, NUDGE, 0],
  PageDown: [0, -NUDGE, 0],
};

export class SceneView {
  private readonly app: App;
  private readonly bodies = new Bodies();
  private stage: Stage | undefined;
  private flags: Flags | undefined;
  private outlined = '';
  private drawn: readonly Shape[] | undefined;

  constructor(host: HTMLElement, app: App) {
    this.app = app;
    host.addEventListener('keydown', (event) => this.key(event));
    try {
      this.stage = new Stage(host);
    } catch {
      host.append(make('p', { class: 'no-webgl' }, 'This browser shows no WebGL here.', make('br'),
        'The list, the notes and the room work all the same.'));
      return;
    }
    this.stage.onTheme(() => app.refresh());
    this.stage.scene.add(this.bodies.root);
    this.flags = new Flags(host, this.stage, this.bodies);
    new ScenePointer(this.stage, this.bodies, {
      pick: (key) => app.select(key ?? ''),
      drag: (key, to) => this.drag(key, to),
      drop: () => app.editing.finish(),
      hover: (at) => app.point(at && [at.x, at.y, at.z]),
    });
  }

  update(): void {
    const { shapes, peers } = this.app;
    const moved = shapes !== this.drawn;
    this.drawn = shapes;
    if (moved) this.bodies.update(shapes);
    if (this.outline() || moved) this.stage?.draw();
    this.flags?.update(peers);
  }

  /** The middle of a shape in pixels of the page. */
  spotOf(key: string): { x: number; y: number } | undefined {
    const mesh = this.bodies.meshOf(key);
    const spot = mesh && this.stage?.project(mesh.getWorldPosition(new Vector3()));
    const box = this.stage?.canvas.getBoundingClientRect();
    return spot && box && { x: box.x + spot.x, y: box.y + spot.y };
  }

  /** True when something is outlined in another way now. */
  private outline(): boolean {
    const { selected, peers, shapes } = this.app;
    const outlines: Outline[] = peers
      .filter((peer) => peer.selected !== '')
      .map(({ selected: key, color }) => ({ key, color, grow: key === selected ? 0.085 : 0.05 }));
    if (this.stage !== undefined && selected !== '') {
      const ink = getComputedStyle(this.stage.canvas).getPropertyValue('--ink').trim();
      outlines.push({ key: selected, color: ink, grow: 0.032 });
    }
    const kinds = shapes.map(({ key, kind, place }) => [key, kind, place.size]);
    const now = JSON.stringify([outlines, kinds]);
    if (now === this.outlined) return false;
    this.outlined = now;
    this.bodies.outline(outlines);
    return true;
  }

  private drag(key: string, to: Vector3): void {
    const shape = this.app.shape(key);
    if (shape === undefined) return;
    const place = { ...ORIGIN, position: [to.x, to.y, to.z] as const };
    const { position } = within(this.parentPlace(shape), place);
    this.app.editing.drag(`move ${key}`, moveTo(key, position));
  }

  private parentPlace({ parent }: Shape) {
    return parent === SCENE ? ORIGIN : placeInScene(parent, (key) => this.app.shape(key));
  }

  private key(event: KeyboardEvent): void {
    const shape = this.app.shape(this.app.selected);
    if (shape === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
    const by = NUDGES[event.key];
    if (by !== undefined) {
      const [x, y, z] = shape.place.position;
      const to: Point = [x + by[0], y + by[1], z + by[2]];
      this.app.editing.apply([moveTo(shape.key, to)], `nudge ${shape.key}`);
    } else if (event.key === 'Delete' || event.key === 'Backspace') {
      this.app.editing.apply([removeShape(shape)]);
    } else if (event.key === 'Escape') {
      this.app.select('');
    } else {
      return;
    }
    event.preventDefault();
  }
}
