// One row of the tree list. It changes only what is different, so focus and drags survive.
import { icon, type IconName } from './icons';
import { make, setAttribute, setText } from './make';

export interface RowLook {
  readonly key: string;
  readonly name: string;
  readonly icon: IconName;
  readonly color: string;
  readonly depth: number;
  /** How many rows are right below it. */
  readonly parts: number;
  readonly open: boolean;
  readonly selected: boolean;
  readonly active: boolean;
  readonly carried: boolean;
  readonly target: boolean;
  /** The colours of the people who have it selected. */
  readonly who: readonly string[];
}

export class TreeRow {
  readonly element: HTMLElement;
  readonly twist = make('span', { class: 'twist', 'aria-hidden': 'true' });
  private readonly mark = make('span', { class: 'mark' });
  private readonly label = make('span', { class: 'label' });
  private readonly dots = make('span', { class: 'dots', 'aria-hidden': 'true' });
  private iconName = '';
  private people = '';

  constructor(key: string) {
    this.element = make('div', { class: 'row', role: 'treeitem', 'data-key': key });
    this.element.append(this.twist, this.mark, this.label, this.dots);
  }

  show(look: RowLook, host: HTMLElement, at: number): void {
    const { element } = this;
    if (host.children[at] !== element) host.insertBefore(element, host.children[at] ?? null);
    setText(this.label, look.name);
    setAttribute(element, 'aria-level', String(look.depth + 1));
    setAttribute(element, 'aria-selected', String(look.selected));
    setAttribute(element, 'aria-expanded', look.parts > 0 && String(look.open));
    setAttribute(element, 'tabindex', look.active ? '0' : '-1');
    setAttribute(element, 'data-carried', look.carried);
    setAttribute(element, 'data-target', look.target);
    const style = `--depth:${look.depth};--shape:${look.color || 'currentColor'}`;
    setAttribute(element, 'style', style);
    this.showIcon(look.icon);
    this.showPeople(look.who);
  }

  private showIcon(name: IconName): void {
    if (name === this.iconName) return;
    this.iconName = name;
    this.mark.replaceChildren(icon(name));
  }

  private showPeople(colors: readonly string[]): void {
    const now = colors.join();
    if (now === this.people) return;
    this.people = now;
    this.dots.replaceChildren(...colors.map((color) => make('i', { style: `--who:${color}` })));
  }
}
