// The shapes as a tree list. Arrow keys walk and select; a shape changes its parent by drag and
// drop, or by M (pick up), arrows, Enter (put down).
import type { App } from '../app';
import { removeShape, reparent } from '../document/changes';
import { isWithin, SCENE } from '../document/shapes';
import { find, setAttribute, setText } from './make';
import { TreeRow, type RowLook } from './tree_row';

type Subject = Pick<RowLook, 'key' | 'name' | 'icon' | 'color' | 'depth' | 'parts'>;

export class TreeList {
  private readonly host: HTMLElement;
  private readonly app: App;
  private readonly rows = new Map<string, TreeRow>();
  private readonly closed = new Set<string>();
  private order: string[] = [];
  /** The row that Tab reaches. */
  private active: string = SCENE;
  /** The shape that is being moved by keyboard or pointer. */
  private carried = '';
  private target = '';

  constructor(host: HTMLElement, app: App) {
    this.host = host;
    this.app = app;
    host.addEventListener('keydown', (event) => this.key(event));
    host.addEventListener('dragover', (event) => this.dragOver(event));
    host.addEventListener('drop', (event) => this.drop(event));
    host.addEventListener('focusout', (event) => {
      if (!host.contains(event.relatedTarget as Node | null)) this.letGo();
    });
  }

  update(): void {
    const looks = this.looks();
    this.order = looks.map((look) => look.key);
    if (this.app.selected !== '' && this.order.includes(this.app.selected) && this.carried === '')
      this.active = this.app.selected;
    if (!this.order.includes(this.active)) this.active = SCENE;
    const focused = document.activeElement;
    looks.forEach((look, i) => this.row(look.key).show(look, this.host, i));
    for (const [key, row] of this.rows) {
      if (this.order.includes(key)) continue;
      if (row.element === focused) this.host.focus();
      row.element.remove();
      this.rows.delete(key);
    }
    if (focused instanceof HTMLElement && focused.isConnected)
      focused.focus({ preventScroll: true });
    else if (document.activeElement === this.host)
      this.rows.get(this.active)?.element.focus();
  }

  private looks(): RowLook[] {
    const { shapes, selected, peers } = this.app;
    const looks: RowLook[] = [];
    const hidden = new Set<string>();
    const add = (look: Subject): unknown =>
      looks.push({
        ...look,
        selected: look.key === selected,
        active: look.key === this.active,
        carried: look.key === this.carried,
        target: look.key === this.target,
        open: !this.closed.has(look.key),
        who: peers.filter((peer) => peer.selected === look.key).map((peer) => peer.color),
      });
    const top = shapes.filter((shape) => shape.parent === SCENE).length;
    add({ key: SCENE, name: 'Scene', icon: 'scene', color: '', depth: 0, parts: top });
    for (const { key, name, kind, color, depth, children, parent } of shapes) {
      const parts = children.length;
      if (this.closed.has(parent) || hidden.has(parent)) hidden.add(key);
      else add({ key, name, icon: kind, color, depth, parts });
    }
    return looks;
  }

  private row(key: string): TreeRow {
    let row = this.rows.get(key);
    if (row !== undefined) return row;
    row = new TreeRow(key);
    this.rows.set(key, row);
    const { element, twist } = row;
    element.addEventListener('focus', () => (this.active = key));
    element.addEventListener('click', () => this.go(key));
    twist.addEventListener('click', (event) => {
      event.stopPropagation();
      this.fold(key, !this.closed.has(key));
    });
    if (key === SCENE) return row;
    element.draggable = true;
    element.addEventListener('dragstart', (event) => {
      event.dataTransfer?.setData('text/plain', key);
      this.carried = key;
    });
    element.addEventListener('dragend', () => this.letGo());
    return row;
  }

  // --- walking ---

  private key(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (this.carried !== '' ? this.carryKey(event.key) : this.walkKey(event.key)) {
      event.preventDefault();
      event.stopPropagation();
    }
  }

  private walkKey(key: string): boolean {
    const { active, order } = this;
    const shape = this.app.shape(active);
    if (key === 'Delete' || key === 'Backspace') {
      if (shape === undefined) return false;
      const next = order[order.indexOf(active) - 1] ?? SCENE;
      this.app.editing.apply([removeShape(shape)]);
      this.go(next);
      return true;
    }
    if ((key === 'm' || key === 'M') && shape !== undefined) return this.pickUp(active);
    if (key === 'F2' && shape !== undefined) {
      find<HTMLInputElement>('#shape-name').focus();
      return true;
    }
    if (key === 'ArrowRight') return this.inward();
    if (key === 'ArrowLeft') return this.outward();
    const to = this.neighbour(key, active);
    if (to !== undefined) this.go(to);
    return to !== undefined;
  }

  private neighbour(key: string, from: string): string | undefined {
    const { order } = this;
    const at = order.indexOf(from);
    if (key === 'ArrowDown') return order[Math.min(at + 1, order.length - 1)];
    if (key === 'ArrowUp') return order[Math.max(at - 1, 0)];
    if (key === 'Home') return order[0];
    if (key === 'End') return order.at(-1);
    if (key === 'Enter' || key === ' ') return from;
    return undefined;
  }

  private inward(): boolean {
    const children =
      this.active === SCENE
        ? this.app.shapes.filter((shape) => shape.parent === SCENE).map((shape) => shape.key)
        : (this.app.shape(this.active)?.children ?? []);
    if (children[0] === undefined) return true;
    if (this.closed.has(this.active)) this.fold(this.active, false);
    else this.go(children[0]);
    return true;
  }

  private outward(): boolean {
    const shape = this.app.shape(this.active);
    const hasParts = shape === undefined || shape.children.length > 0;
    if (hasParts && !this.closed.has(this.active)) this.fold(this.active, true);
    else if (shape !== undefined) this.go(shape.parent);
    return true;
  }

  private go(key: string): void {
    this.active = key;
    this.app.select(key === SCENE ? '' : key);
    this.update();
    this.rows.get(key)?.element.focus();
  }

  private fold(key: string, closed: boolean): void {
    if (closed) this.closed.add(key);
    else this.closed.delete(key);
    this.update();
  }

  // --- another parent ---

  private pickUp(key: string): boolean {
    this.carried = key;
    this.aim(this.app.shape(key)?.parent ?? SCENE);
    return true;
  }

  private carryKey(key: string): boolean {
    if (key === 'Escape') this.letGo();
    else if (key === 'Enter' || key === ' ') this.putDown();
    else if (key === 'ArrowDown' || key === 'End') this.aim(this.nextTarget(1));
    else if (key === 'ArrowUp' || key === 'Home') this.aim(this.nextTarget(-1));
    else return false;
    return true;
  }

  /** The next row that may be a parent of what is carried. */
  private nextTarget(step: number): string {
    const { order, target } = this;
    for (let at = order.indexOf(target) + step; at >= 0 && at < order.length; at += step) {
      const key = order[at] ?? SCENE;
      if (this.mayHold(key)) return key;
    }
    return target;
  }

  private mayHold(key: string): boolean {
    return this.carried !== '' && !isWithin(this.app.shapes, key, this.carried);
  }

  private aim(target: string): void {
    this.target = target;
    const name = this.app.shape(this.carried)?.name ?? '';
    const where = this.app.shape(target)?.name ?? 'Scene';
    const keys = 'Arrows choose, Enter moves, Escape cancels.';
    setText(find('#tree-news'), `${name} into ${where}. ${keys}`);
    setAttribute(find('#tree-news'), 'data-live', true);
    this.update();
  }

  private putDown(): void {
    const { carried, target, app } = this;
    this.letGo();
    const ops = reparent(app.shapes, carried, target);
    if (ops.length > 0) app.editing.apply(ops);
    this.closed.delete(target);
    this.go(carried);
  }

  private letGo(): void {
    if (this.carried === '') return;
    this.carried = '';
    this.target = '';
    setText(find('#tree-news'), '');
    setAttribute(find('#tree-news'), 'data-live', false);
    this.update();
  }

  private dragOver(event: DragEvent): void {
    const key = this.rowUnder(event);
    if (key === undefined || !this.mayHold(key)) return;
    event.preventDefault();
    if (key !== this.target) {
      this.target = key;
      this.update();
    }
  }

  private drop(event: DragEvent): void {
    const key = this.rowUnder(event);
    if (key === undefined || !this.mayHold(key)) return;
    event.preventDefault();
    this.target = key;
    this.putDown();
  }

  private rowUnder(event: DragEvent): string | undefined {
    const row = (event.target as Element | null)?.closest<HTMLElement>('[role=treeitem]');
    return row?.dataset['key'] ?? SCENE;
  }
}
