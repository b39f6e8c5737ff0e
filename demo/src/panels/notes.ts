// The shared text and who is writing in it.
import type { App } from '../app';
import { NOTES, SCENE } from '../document/shapes';
import { TextField } from '../text/field';
import { find, setText } from './make';

export class Notes {
  private readonly app: App;
  private readonly writers = find('#writers');

  constructor(app: App) {
    this.app = app;
    const element = find<HTMLTextAreaElement>('#notes');
    new TextField(element, app.store, app.editing, SCENE, NOTES);
    element.addEventListener('focus', () => app.tell({ typing: true }));
    element.addEventListener('blur', () => app.tell({ typing: false }));
  }

  update(): void {
    const names = this.app.peers.filter((peer) => peer.typing).map((peer) => peer.name);
    const verb = names.length === 1 ? 'is' : 'are';
    setText(this.writers, names.length === 0 ? '' : `${names.join(', ')} ${verb} here`);
  }
}
