// Who is here. One's own name can be changed.
import type { App } from '../app';
import { rememberName } from '../room/place';
import { find, make, setText } from './make';

export class People {
  private readonly app: App;
  private readonly list = find('#people');
  private readonly mine = make('li', { class: 'me' });
  private readonly name: HTMLInputElement;
  private shown = '';

  constructor(app: App) {
    this.app = app;
    this.name = make('input', {
      'aria-label': 'Your name',
      id: 'my-name',
      maxlength: '40',
      spellcheck: 'false',
      autocomplete: 'off',
      value: app.me.name,
    });
    this.mine.append(this.name, make('span', { class: 'you' }, 'you'));
    this.list.append(this.mine);
    this.name.addEventListener('input', () => this.rename());
    this.name.addEventListener('blur', () => (this.name.value = app.me.name));
    this.name.addEventListener('keydown', ({ key }) => {
      if (key === 'Enter' || key === 'Escape') this.name.blur();
    });
    this.fit();
  }

  update(): void {
    const { me, peers } = this.app;
    this.mine.style.setProperty('--who', me.color);
    const now = JSON.stringify(peers.map(({ name, color, client }) => [name, color, client]));
    if (now === this.shown) return;
    this.shown = now;
    const others = peers.map(({ name, color }) =>
      make('li', { style: `--who:${color}`, class: 'other' }, name),
    );
    this.list.replaceChildren(this.mine, ...others);
    const count = peers.length + 1;
    setText(find('#people-count'), count === 1 ? 'Only you' : `${count} people`);
  }

  private rename(): void {
    const name = this.name.value.trim();
    this.fit();
    if (name === '') return;
    rememberName(name);
    this.app.tell({ name });
  }

  private fit(): void {
    this.name.style.width = `${Math.max(3, this.name.value.length + 0.5)}ch`;
  }
}
