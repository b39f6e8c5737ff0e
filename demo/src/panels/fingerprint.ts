// A digest to look at: its 32 bytes as a strip of greys, and the first and last letters.
import { make, setAttribute, setText } from './make';

const BYTES = 32;

export class Fingerprint {
  private readonly cells = Array.from({ length: BYTES }, () => make('i'));
  private readonly text: HTMLElement;
  private shown = '';

  constructor(host: HTMLElement) {
    const strip = make('span', { class: 'strip', 'aria-hidden': 'true' }, ...this.cells);
    this.text = make('code');
    host.append(strip, this.text);
  }

  show(digest: string): void {
    if (digest === this.shown) return;
    this.shown = digest;
    this.cells.forEach((cell, i) => {
      const byte = Number.parseInt(digest.slice(2 * i, 2 * i + 2), 16);
      cell.style.setProperty('--byte', Number.isNaN(byte) ? '0' : (byte / 255).toFixed(2));
    });
    setText(this.text, digest === '' ? 'none yet' : `${digest.slice(0, 8)}…${digest.slice(-4)}`);
    setAttribute(this.text, 'title', digest);
    setAttribute(this.text, 'data-digest', digest);
  }
}
