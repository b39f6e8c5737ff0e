// The visible snapshot of a store: what it started from and the messages folded out of its journal
// since. It is computed when somebody reads it.
import { CoreDocument } from '../core/handles.js';
import { deepFreeze, hasOwn, own, put } from '../core/records.js';
import { decode } from '../core/reader.js';
import { encode } from '../core/writer.js';
import { rawRope, readableRope, ropeItems, visibleText } from './rope_forms.js';
import type { CRDTMessage, SceneGraph, SceneNode, Snapshot } from './types.js';

/**
 * More folded messages than this are computed into a snapshot at once, so that they can be
 * forgotten.
 */
const MAX_FOLDED = 5000;
/** Where a hydrated snapshot keeps a node's ropes. */
const ROPES: unique symbol = Symbol('textRopes');

/**
 * A graph without nodes.
 *
 * @example
 * console.log(createEmptyGraph().rootKey === '');
 */
export function createEmptyGraph(): SceneGraph {
  return {
    nodes: Object.create(null) as Record<string, SceneNode>,
    rootKey: '',
    lww: {},
    tombstones: {},
  };
}

function emptySnapshot(): Snapshot {
  return deepFreeze({
    graph: createEmptyGraph(),
    vectorClock: {},
    lt: 0,
    journalIndex: 0,
    textRopes: {},
  });
}

/** A snapshot that may not have been computed yet. Immutable: fold() gives another one. */
export class SnapshotBase {
  private value: Snapshot | undefined;
  private bytes: Uint8Array | undefined;
  private source: (() => Uint8Array) | undefined;
  private before: SnapshotBase | undefined;
  private folded: readonly CRDTMessage[] = [];

  static of(snapshot: Snapshot | undefined): SnapshotBase {
    const base = new SnapshotBase();
    base.value = snapshot ?? emptySnapshot();
    return base;
  }

  /** What lies below a core's line, whatever is folded meanwhile; the published form of it. */
  static below(source: () => Uint8Array): SnapshotBase {
    const base = new SnapshotBase();
    base.source = source;
    return base;
  }

  /** From any form the core reads; shown in the published one. */
  static ofForeign(snapshot: Snapshot): SnapshotBase {
    if (!hasOwn(snapshot, 'parents')) return SnapshotBase.of(normalSnapshot(snapshot));
    const base = new SnapshotBase();
    base.before = SnapshotBase.of(snapshot);
    return base;
  }

  /** It goes on with the core. */
  get isLive(): boolean {
    return this.source !== undefined;
  }

  /** Stays what it is now. */
  settle(): this {
    this.bytes = this.source?.() ?? this.bytes;
    this.source = undefined;
    return this;
  }

  fold(messages: readonly CRDTMessage[]): SnapshotBase {
    if (messages.length === 0) return this;
    this.settle();
    const base = new SnapshotBase();
    const known = this.value === undefined && this.before !== undefined;
    base.before = known ? this.before : this;
    base.folded = known ? [...this.folded, ...messages] : messages;
    if (base.folded.length > MAX_FOLDED) base.get();
    return base;
  }

  get(): Snapshot {
    this.settle();
    if (this.value === undefined) {
      this.value =
        this.bytes !== undefined
          ? deepFreeze(normalSnapshot(decode(this.bytes)))
          : foldInto((this.before as SnapshotBase).get(), this.folded);
      this.bytes = undefined;
      this.before = undefined;
      this.folded = [];
    }
    return this.value;
  }
}

function foldInto(snapshot: Snapshot, messages: readonly CRDTMessage[]): Snapshot {
  const document = new CoreDocument();
  try {
    if (!isEmpty(snapshot)) document.load(encode(wireSnapshot(snapshot), 'lenient'));
    let line = snapshot.lt;
    for (const message of messages) {
      line = Math.max(line, message.lt);
      document.receive(encode(message, 'lenient'));
    }
    document.raiseLine(line);
    return deepFreeze(normalSnapshot(document.snapshot(true)));
  } finally {
    document.dispose();
  }
}

/** Fills in what a snapshot may leave out. */
export function normalSnapshot(raw: unknown): Snapshot {
  const value = (typeof raw === 'object' && raw !== null ? raw : {}) as Partial<Snapshot>;
  const graph = value.graph ?? createEmptyGraph();
  const snapshot: Record<string, unknown> = {
    graph: {
      nodes: Object.assign(Object.create(null), graph.nodes) as SceneGraph['nodes'],
      rootKey: graph.rootKey ?? '',
      lww: graph.lww ?? {},
      tombstones: graph.tombstones ?? {},
    },
    vectorClock: value.vectorClock ?? {},
    lt: value.lt ?? 0,
    journalIndex: value.journalIndex ?? 0,
    textRopes: value.textRopes ?? {},
  };
  if (typeof value.stable === 'number') snapshot['stable'] = value.stable;
  return snapshot as unknown as Snapshot;
}

export function isEmpty(snapshot: Snapshot): boolean {
  return Object.keys(snapshot.graph?.nodes ?? {}).length === 0 && (snapshot.lt ?? 0) === 0;
}

/** The snapshot as the core reads it. */
export function wireSnapshot(snapshot: Snapshot): Record<string, unknown> {
  return { ...snapshot, textRopes: mapRopes(ropesOf(snapshot), readableRope) };
}

/** The ropes of a snapshot, those that hydrateTextSnapshot hung on nodes included. */
function ropesOf(snapshot: Snapshot): Snapshot['textRopes'] {
  const ropes = { ...snapshot.textRopes };
  for (const [key, node] of Object.entries(snapshot.graph?.nodes ?? {})) {
    const held = (node as { [ROPES]?: unknown })[ROPES];
    if (held !== undefined) put(ropes, key, held);
  }
  return ropes;
}

function mapRopes(
  ropes: Snapshot['textRopes'],
  change: (rope: unknown) => unknown,
): Snapshot['textRopes'] {
  const changed: Snapshot['textRopes'] = {};
  for (const key of Object.keys(ropes)) {
    const paths = {};
    const held = own(ropes, key) as Record<string, unknown>;
    for (const path of Object.keys(held)) put(paths, path, change(own(held, path)));
    put(changed, key, paths);
  }
  return changed;
}

/**
 * The snapshot with every rope of textRopes hung on its node (out of sight) and the property
 * showing the rope's text. Ropes of unknown nodes are dropped. Without ropes the same object.
 *
 * @example
 * const shown = hydrateTextSnapshot(snapshot);
 * console.log(shown.graph.nodes['page']?.['text']);
 */
export function hydrateTextSnapshot(snapshot: Snapshot): Snapshot {
  const ropes = snapshot.textRopes ?? {};
  if (Object.keys(ropes).length === 0) return snapshot;
  const graph = cloneGraph(snapshot.graph);
  for (const key of Object.keys(ropes)) {
    if (!hasOwn(graph.nodes, key)) continue;
    const node = graph.nodes[key] as SceneNode;
    const paths = own(ropes, key) as Record<string, unknown>;
    Object.defineProperty(node, ROPES, { value: paths });
    for (const path of Object.keys(paths))
      put(node, path, visibleText(ropeItems(own(paths, path))));
  }
  return { ...snapshot, graph, textRopes: {} };
}

/**
 * The snapshot with its ropes in textRopes, to be stored: in the tree form, which loses nothing, or
 * in the raw form, which holds visible text only.
 *
 * @example
 * const stored = JSON.stringify(dehydrateTextSnapshot(state.snapshot, 'raw'));
 * console.log(stored.length);
 */
export function dehydrateTextSnapshot(snapshot: Snapshot, form: 'tree' | 'raw' = 'tree'): Snapshot {
  const write = form === 'raw' ? rawRope : readableRope;
  return { ...snapshot, textRopes: mapRopes(ropesOf(snapshot), write) };
}

/** A deep copy that shares nothing. */
export function cloneGraph(graph: SceneGraph): SceneGraph {
  const copy = decode(encode(graph, 'lenient')) as unknown as SceneGraph;
  copy.nodes = Object.assign(Object.create(null), copy.nodes) as SceneGraph['nodes'];
  return copy;
}
