// The pointer over the scene: picks shapes, drags them over the plane they stand on, and tells
// where it is. Anything else is the camera's.
import { Plane, Raycaster, Vector2, Vector3 } from 'three';
import type { Bodies } from './bodies';
import type { Stage } from './stage';

const UP = new Vector3(0, 1, 0);
const GROUND = new Plane(UP, 0);
const CLICK_PX = 4;
const FARTHEST = 18;

export interface PointerEvents {
  pick(key: string | undefined): void;
  /** The shape's own point should be here now, in the scene. */
  drag(key: string, to: Vector3): void;
  drop(): void;
  hover(at: Vector3 | undefined): void;
}

export class ScenePointer {
  private readonly stage: Stage;
  private readonly bodies: Bodies;
  private readonly events: PointerEvents;
  private readonly ray = new Raycaster();
  private readonly plane = new Plane(UP.clone());
  private readonly grip = new Vector3();
  private dragged: { key: string; pointer: number } | undefined;
  private pressed: { x: number; y: number } | undefined;

  constructor(stage: Stage, bodies: Bodies, events: PointerEvents) {
    this.stage = stage;
    this.bodies = bodies;
    this.events = events;
    const { canvas } = stage;
    const host = canvas.parentElement ?? canvas;
    host.addEventListener('pointerdown', (event) => this.down(event), { capture: true });
    canvas.addEventListener('pointermove', (event) => this.move(event));
    canvas.addEventListener('pointerup', (event) => this.up(event));
    canvas.addEventListener('pointercancel', (event) => this.up(event));
    canvas.addEventListener('pointerleave', () => this.events.hover(undefined));
  }

  private down(event: PointerEvent): void {
    if (event.target !== this.stage.canvas || event.button !== 0 || !event.isPrimary) return;
    this.aim(event);
    this.pressed = { x: event.clientX, y: event.clientY };
    const hit = this.ray.intersectObjects(this.bodies.meshes, false)[0];
    if (hit === undefined) return;
    const key = String(hit.object.userData['key']);
    this.plane.constant = -hit.point.y;
    this.grip.copy(hit.object.getWorldPosition(new Vector3())).sub(hit.point);
    this.dragged = { key, pointer: event.pointerId };
    this.stage.controls.enabled = false;
    this.stage.canvas.setPointerCapture(event.pointerId);
    this.events.pick(key);
  }

  private move(event: PointerEvent): void {
    this.aim(event);
    if (this.dragged !== undefined && !this.isClick(event)) this.pull(this.dragged.key);
    this.hover(event);
  }

  private up(event: PointerEvent): void {
    const clicked = this.isClick(event);
    this.pressed = undefined;
    if (this.dragged === undefined) {
      if (clicked && event.type === 'pointerup') this.events.pick(undefined);
    } else if (this.dragged.pointer === event.pointerId) {
      this.dragged = undefined;
      this.stage.controls.enabled = true;
      this.events.drop();
    }
    if (event.pointerType !== 'mouse') this.events.hover(undefined);
  }

  private pull(key: string): void {
    const at = this.ray.ray.intersectPlane(this.plane, new Vector3());
    if (at === null || at.length() > FARTHEST) return;
    this.pressed = undefined;
    this.events.drag(key, at.add(this.grip));
  }

  private hover(event: PointerEvent): void {
    const hit = this.ray.intersectObjects(this.bodies.meshes, false)[0]?.point;
    const at = hit ?? this.ray.ray.intersectPlane(GROUND, new Vector3()) ?? undefined;
    this.events.hover(at !== undefined && at.length() <= FARTHEST ? at : undefined);
    const over = this.dragged !== undefined ? 'grabbing' : hit === undefined ? '' : 'grab';
    if (event.pointerType === 'mouse') this.stage.canvas.style.cursor = over;
  }

  private aim(event: PointerEvent): void {
    const { left, top, width, height } = this.stage.canvas.getBoundingClientRect();
    const x = ((event.clientX - left) / width) * 2 - 1;
    const y = 1 - ((event.clientY - top) / height) * 2;
    this.ray.setFromCamera(new Vector2(x, y), this.stage.camera);
  }

  /** Still so near to where it was pressed that it means the shape, not a way. */
  private isClick({ clientX, clientY }: PointerEvent): boolean {
    const { pressed } = this;
    if (pressed === undefined) return false;
    return Math.hypot(clientX - pressed.x, clientY - pressed.y) < CLICK_PX;
  }
}
