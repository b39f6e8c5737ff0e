// What the selected shape is: name, colour, place, turn, size, parent. Fields that are being edited
// keep what is typed; sliders are drags, one step each.
import type { Operation } from '@vuer-ai/vuer-rtc';
import type { App } from '../app';
import { moveTo, removeShape, reparent } from '../document/changes';
import type { Point } from '../document/placement';
import { isWithin, SCENE, type Shape } from '../document/shapes';
import { icon } from './icons';
import { find, make, setAttribute, setText } from './make';
import { SWATCHES } from './palette';

const AXES = ['x', 'y', 'z'] as const;

export class Inspector {
  private readonly app: App;
  private readonly form = find<HTMLFormElement>('#shape');
  private readonly name = find<HTMLInputElement>('#shape-name');
  private readonly color = find<HTMLInputElement>('#shape-color');
  private readonly swatches: HTMLButtonElement[];
  private readonly axes = AXES.map((axis) => find<HTMLInputElement>(`#shape-${axis}`));
  private readonly turn = find<HTMLInputElement>('#shape-turn');
  private readonly size = find<HTMLInputElement>('#shape-size');
  private readonly parent = find<HTMLSelectElement>('#shape-parent');
  private options = '';

  constructor(app: App) {
    this.app = app;
    this.swatches = SWATCHES.map(([name, value]) => this.swatch(name, value));
    find('#shape-swatches').prepend(...this.swatches);
    this.form.addEventListener('submit', (event) => event.preventDefault());
    this.listen();
  }

  update(): void {
    const shape = this.app.shape(this.app.selected);
    this.form.hidden = shape === undefined;
    find('#no-shape').hidden = shape !== undefined;
    if (shape === undefined) return;
    const { position, turn, size } = shape.place;
    keep(this.name, shape.name);
    keep(this.color, shape.color.toLowerCase());
    this.axes.forEach((input, i) => keep(input, hundredths(position[i] ?? 0)));
    keep(this.turn, String(Math.round(turn)));
    keep(this.size, String(size));
    setText(find('#shape-turn-now'), `${Math.round(turn)}°`);
    setText(find('#shape-size-now'), `×${size.toFixed(2)}`);
    for (const button of this.swatches) {
      const chosen = button.dataset['color'] === shape.color.toLowerCase();
      setAttribute(button, 'aria-pressed', String(chosen));
    }
    this.offerParents(shape);
  }

  private listen(): void {
    this.name.addEventListener('input', () => {
      const value = this.name.value.slice(0, 80);
      this.change((key) => [{ ot: 'string.set', key, path: 'name', value }], 'name');
    });
    this.axes.forEach((input, i) => input.addEventListener('input', () => this.move(i, input)));
    this.slide(this.color, (key, input) => paint(key, input.value));
    this.slide(this.turn, (key, { value }) => number(key, 'turn', Number(value)));
    this.slide(this.size, (key, { value }) => number(key, 'size', Number(value)));
    this.parent.addEventListener('change', () => {
      this.change((key) => reparent(this.app.shapes, key, this.parent.value));
    });
    const remove = find('#shape-delete');
    remove.prepend(icon('trash'));
    remove.addEventListener('click', () => {
      const shape = this.app.shape(this.app.selected);
      if (shape !== undefined) this.app.editing.apply([removeShape(shape)]);
    });
  }

  private change(ops: (key: string) => Operation[], join = ''): void {
    const { selected, editing } = this.app;
    if (this.app.shape(selected) === undefined) return;
    const all = ops(selected);
    if (all.length > 0) editing.apply(all, join && `${join} ${selected}`);
  }

  private slide(input: HTMLInputElement, op: (key: string, input: HTMLInputElement) => Operation) {
    input.addEventListener('input', () => {
      const { selected, editing } = this.app;
      if (selected !== '') editing.drag(`${input.id} ${selected}`, op(selected, input));
    });
    input.addEventListener('change', () => this.app.editing.finish());
    input.addEventListener('blur', () => this.app.editing.finish());
  }

  private move(axis: number, input: HTMLInputElement): void {
    const value = input.valueAsNumber;
    const shape = this.app.shape(this.app.selected);
    if (shape === undefined || !Number.isFinite(value)) return;
    const to = shape.place.position.map((each, i) => (i === axis ? value : each));
    this.change((key) => [moveTo(key, to as unknown as Point)], `place ${axis}`);
  }

  private swatch(name: string, value: string): HTMLButtonElement {
    const button = make('button', {
      type: 'button',
      class: 'swatch',
      title: name,
      'aria-label': name,
      'data-color': value,
      style: `--shape:${value}`,
    });
    button.addEventListener('click', () => this.change((key) => [paint(key, value)]));
    return button;
  }

  private offerParents(shape: Shape): void {
    const { shapes } = this.app;
    const fitting = shapes.filter(({ key }) => !isWithin(shapes, key, shape.key));
    const now = JSON.stringify(fitting.map(({ key, name, depth }) => [key, name, depth]));
    if (now !== this.options) {
      this.options = now;
      const option = (key: string, name: string, depth: number): HTMLOptionElement =>
        make('option', { value: key }, `${' '.repeat(depth)}${name}`);
      const all = fitting.map(({ key, name, depth }) => option(key, name, depth));
      this.parent.replaceChildren(option(SCENE, 'Scene', 0), ...all);
    }
    if (this.parent.value !== shape.parent) this.parent.value = shape.parent;
  }
}

function paint(key: string, value: string): Operation {
  return { ot: 'color.set', key, path: 'color', value };
}

function number(key: string, path: string, value: number): Operation {
  return { ot: 'number.set', key, path, value };
}

/** A field is too narrow for more digits. */
function hundredths(value: number): string {
  return String(Math.round(100 * value) / 100);
}

/** Not while somebody types there. */
function keep(input: HTMLInputElement, value: string): void {
  const typing = document.activeElement === input && input.type !== 'range';
  if (!typing && input.value !== value) input.value = value;
}
