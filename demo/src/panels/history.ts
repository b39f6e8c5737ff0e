// Undo and redo: buttons, and the keys everywhere on the page.
import type { App } from '../app';
import { icon } from './icons';
import { find } from './make';

export class HistoryButtons {
  private readonly app: App;
  private readonly undo = find<HTMLButtonElement>('#undo');
  private readonly redo = find<HTMLButtonElement>('#redo');

  constructor(app: App) {
    this.app = app;
    this.undo.append(icon('undo'));
    this.redo.append(icon('redo'));
    this.undo.addEventListener('click', () => this.run('undo'));
    this.redo.addEventListener('click', () => this.run('redo'));
    document.addEventListener('keydown', (event) => this.key(event), { capture: true });
    document.addEventListener('beforeinput', (event) => {
      const way = event.inputType === 'historyUndo' ? 'undo' : 'redo';
      if (!event.inputType.startsWith('history')) return;
      event.preventDefault();
      this.run(way);
    });
  }

  update(): void {
    this.undo.disabled = !this.app.editing.canUndo;
    this.redo.disabled = !this.app.editing.canRedo;
  }

  private run(way: 'undo' | 'redo'): void {
    this.app.editing[way]();
    this.app.refresh();
  }

  private key(event: KeyboardEvent): void {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || event.isComposing) return;
    const key = event.key.toLowerCase();
    if (key !== 'z' && key !== 'y') return;
    event.preventDefault();
    this.run(key === 'y' || event.shiftKey ? 'redo' : 'undo');
  }
}
