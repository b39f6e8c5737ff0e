// Names over the scene: at the pointers of others and at the shapes they have selected.
import { Vector3 } from 'three';
import type { Peer } from '../room/peers';
import { make } from '../panels/make';
import type { Bodies } from './bodies';
import type { Stage } from './stage';

export class Flags {
  private readonly stage: Stage;
  private readonly bodies: Bodies;
  private readonly layer = make('div', { class: 'flags', 'aria-hidden': 'true' });
  private readonly shown = new Map<string, { flag: HTMLElement; at: () => Vector3 | undefined }>();

  constructor(host: HTMLElement, stage: Stage, bodies: Bodies) {
    this.stage = stage;
    this.bodies = bodies;
    host.append(this.layer);
    stage.onDraw(() => this.settle());
  }

  update(peers: readonly Peer[]): void {
    const wanted = new Set<string>();
    for (const peer of peers) {
      const { client, cursor, selected } = peer;
      if (cursor !== undefined) {
        wanted.add(`${client} cursor`);
        this.raise(`${client} cursor`, 'flag-cursor', peer, () => new Vector3(...cursor));
      } else if (selected !== '') {
        wanted.add(`${client} choice`);
        this.raise(`${client} choice`, 'flag-choice', peer, () => this.above(selected));
      }
    }
    for (const [id, { flag }] of this.shown) {
      if (wanted.has(id)) continue;
      flag.remove();
      this.shown.delete(id);
    }
    this.settle();
  }

  private raise(id: string, look: string, peer: Peer, at: () => Vector3 | undefined): void {
    const flag = this.shown.get(id)?.flag ?? make('span', { class: `flag ${look}` });
    flag.textContent = peer.name;
    flag.style.setProperty('--who', peer.color);
    if (flag.parentElement === null) this.layer.append(flag);
    this.shown.set(id, { flag, at });
  }

  private above(key: string): Vector3 | undefined {
    return this.bodies.meshOf(key)?.localToWorld(new Vector3(0, 0.7, 0));
  }

  private settle(): void {
    for (const { flag, at } of this.shown.values()) {
      const point = at();
      const spot = point && this.stage.project(point);
      flag.hidden = spot === undefined;
      if (spot) flag.style.transform = `translate(${spot.x.toFixed(1)}px, ${spot.y.toFixed(1)}px)`;
    }
  }
}
