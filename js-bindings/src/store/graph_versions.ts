// The graph as a chain of lazy versions. The newest is the mirror itself; an older one remembers
// the nodes that changed after it and is built when somebody looks.
import { FREEZE } from '../core/records.js';
import { expose, type Slot } from './slots.js';
import type { SceneGraph, SceneNode } from './types.js';

/** The graph as it was at one moment. */
export interface GraphVersion {
  graph: SceneGraph | undefined;
  readonly rootKey: string;
  /** Nodes as they were, of keys that changed between this version and the next. */
  readonly before: Map<string, SceneNode | undefined>;
  next: GraphVersion | undefined;
  stale: boolean;
}

export class GraphVersions {
  private readonly slots: ReadonlyMap<string, Slot>;
  private current: GraphVersion | undefined;

  constructor(slots: ReadonlyMap<string, Slot>) {
    this.slots = slots;
  }

  /** A name for the graph as it is now; costs nothing until graphOf() or a change. */
  version(rootKey: string): GraphVersion {
    const { current } = this;
    if (current !== undefined && !current.stale) return current;
    const version: GraphVersion = {
      graph: undefined,
      rootKey,
      before: new Map(),
      next: undefined,
      stale: false,
    };
    if (current !== undefined) current.next = version;
    this.current = version;
    return version;
  }

  graphOf(version: GraphVersion): SceneGraph {
    if (version.graph === undefined) {
      const nodes = version.stale ? this.nodesBefore(version) : this.liveNodes();
      version.graph = { nodes, rootKey: version.rootKey, lww: {}, tombstones: {} };
      if (FREEZE)
        for (const part of [...Object.values(version.graph), version.graph]) Object.freeze(part);
    }
    return version.graph;
  }

  /** Before every change. */
  aboutToChange(): void {
    if (this.current !== undefined) this.current.stale = true;
  }

  /** Before a node changes: the version that somebody holds remembers it as it was. */
  save(slot: Slot): void {
    const { current } = this;
    if (current === undefined) return;
    current.stale = true;
    if (slot.savedFor === current) return;
    slot.savedFor = current;
    if (current.graph === undefined) current.before.set(slot.key, expose(slot));
  }

  private liveNodes(): Record<string, SceneNode> {
    const nodes = Object.create(null) as Record<string, SceneNode>;
    for (const slot of this.slots.values()) nodes[slot.key] = expose(slot) as SceneNode;
    return nodes;
  }

  private nodesBefore(version: GraphVersion): Record<string, SceneNode> {
    const chain: GraphVersion[] = [];
    let at: GraphVersion | undefined = version;
    while (at !== undefined && at.graph === undefined && at.stale) {
      chain.push(at);
      at = at.next;
    }
    const nodes =
      at?.graph === undefined
        ? this.liveNodes()
        : (Object.assign(Object.create(null), at.graph.nodes) as Record<string, SceneNode>);
    for (const step of chain.reverse()) {
      for (const [key, node] of step.before) {
        if (node === undefined) delete nodes[key];
        else nodes[key] = node;
      }
    }
    return nodes;
  }
}
