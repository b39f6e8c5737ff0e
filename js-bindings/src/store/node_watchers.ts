// Listeners of single nodes and single properties. What they cost depends on what changed, not on
// the document.
import { own } from '../core/records.js';
import { checkFunction } from './checks.js';
import { attempt, Listeners } from './listeners.js';
import type { SceneNode } from './types.js';

interface PathListener {
  readonly path: string;
  readonly call: (value: unknown) => void;
  last: unknown;
}

export class NodeWatchers {
  private readonly nodes = new Map<string, Listeners<[SceneNode | undefined]>>();
  private readonly paths = new Map<string, Set<PathListener>>();

  get empty(): boolean {
    return this.nodes.size === 0 && this.paths.size === 0;
  }

  watchNode(key: string, listener: (node: SceneNode | undefined) => void): () => void {
    const listeners = this.nodes.get(key) ?? new Listeners<[SceneNode | undefined]>();
    const remove = listeners.add(listener);
    this.nodes.set(key, listeners);
    return () => {
      remove();
      if (listeners.size === 0 && this.nodes.get(key) === listeners) this.nodes.delete(key);
    };
  }

  watchPath(
    key: string,
    path: string,
    node: SceneNode | undefined,
    call: (value: unknown) => void,
  ): () => void {
    checkFunction(call, 'a listener');
    const entry: PathListener = { path, call, last: valueOf(node, path) };
    const entries = this.paths.get(key) ?? new Set<PathListener>();
    entries.add(entry);
    this.paths.set(key, entries);
    return () => {
      entries.delete(entry);
      if (entries.size === 0 && this.paths.get(key) === entries) this.paths.delete(key);
    };
  }

  /** Calls who watches one of the keys. */
  notify(
    keys: readonly string[],
    nodeOf: (key: string) => SceneNode | undefined,
    faults: unknown[],
  ): void {
    for (const key of keys) {
      const nodes = this.nodes.get(key);
      const paths = this.paths.get(key);
      if (nodes === undefined && paths === undefined) continue;
      const node = nodeOf(key);
      nodes?.call(faults, node);
      for (const entry of [...(paths ?? [])]) notifyPath(entry, node, faults);
    }
  }
}

function notifyPath(entry: PathListener, node: SceneNode | undefined, faults: unknown[]): void {
  const value = valueOf(node, entry.path);
  if (Object.is(value, entry.last)) return;
  entry.last = value;
  attempt(() => entry.call(value), faults);
}

function valueOf(node: SceneNode | undefined, path: string): unknown {
  return node === undefined ? undefined : own(node, path);
}
