// Bare graphs: operations on a graph value without history, in the order given (law, section 9).
// The core's handlers do the work; nodes that an operation did not touch keep their identity.
//
// The sequence behind a text lives in a core graph that belongs to the graph value. A value that
// was changed by hand, or came out of JSON, gets a new core graph, and its texts start an empty
// sequence.
import { whereOf } from '../core/error.js';
import { CoreBareGraph } from '../core/handles.js';
import { deepFreeze, hasOwn, put } from '../core/records.js';
import { encode } from '../core/writer.js';
import { operationTypes } from '../generated/operations.js';
import { Mirror, type FeedSink } from './mirror.js';
import type { CRDTMessage, Operation, OpMeta, SceneGraph, SceneNode } from './types.js';

const KNOWN: ReadonlySet<string> = new Set(operationTypes);
const NO_SINK: FeedSink = { undone() {}, moved() {}, folded() {} };

/** A core graph and the mirror of it. */
class Bench {
  readonly core = new CoreBareGraph();
  readonly mirror = new Mirror();

  constructor(graph: SceneGraph) {
    this.core.load(encode(graph, 'lenient'));
    this.pull();
    for (const node of Object.values(graph.nodes)) this.mirror.adopt(node);
    this.mirror.takeChanged();
  }

  /** Applies a message; the keys it changed. */
  apply(msg: CRDTMessage): string[] {
    this.core.apply(encode(msg, 'lenient'));
    this.pull();
    return this.mirror.takeChanged();
  }

  graph(): SceneGraph {
    return this.mirror.graphOf(this.mirror.version());
  }

  private pull(): void {
    this.core.takeChanges();
    this.mirror.apply(this.core.module, NO_SINK);
  }
}

/** The bench whose newest graph a value is. */
const benches = new WeakMap<SceneGraph, Bench>();
/** The newest graph of a bench. */
const newest = new WeakMap<Bench, SceneGraph>();

/**
 * The graph with the message applied; the input is unchanged and shares what the message did not
 * touch.
 *
 * @example
 * const next = applyMessage(graph, msg);
 * console.log(next === graph);
 */
export function applyMessage(graph: SceneGraph, msg: CRDTMessage): SceneGraph {
  return applyMessages(graph, [msg]);
}

/**
 * A graph with messages applied one after the other; the given graph stays as it is, and is frozen.
 *
 * @example
 * const built = applyMessages(createEmptyGraph(), [msg]);
 * console.log(built.nodes);
 */
export function applyMessages(graph: SceneGraph, messages: readonly CRDTMessage[]): SceneGraph {
  checkGraph(graph);
  let bench = benches.get(graph);
  if (bench === undefined || newest.get(bench) !== graph) bench = new Bench(deepFreeze(graph));
  for (const msg of messages) {
    warnUnknown(msg);
    bench.apply(msg);
  }
  const result = bench.graph();
  benches.set(result, bench);
  newest.set(bench, result);
  return result;
}

/**
 * Applies a message to a graph in place.
 *
 * @example
 * applyMessageMut(graph, msg);
 */
export function applyMessageMut(graph: SceneGraph, msg: CRDTMessage): void {
  checkGraph(graph);
  warnUnknown(msg);
  let bench = benches.get(graph);
  if (bench === undefined || !isUntouched(graph, bench, msg)) bench = new Bench(copyNodes(graph));
  for (const key of bench.apply(msg)) writeNode(graph, key, bench.mirror.node(key));
  graph.rootKey = bench.mirror.rootKey;
  benches.set(graph, bench);
}

/**
 * Applies messages to a graph in place, one after the other.
 *
 * @example
 * applyMessagesMut(graph, [msg, msg]);
 */
export function applyMessagesMut(graph: SceneGraph, messages: readonly CRDTMessage[]): void {
  for (const msg of messages) applyMessageMut(graph, msg);
}

/**
 * One operation with its origin, applied in place.
 *
 * @example
 * const origin = { client: 'alice', clock: { alice: 1 }, lt: 1, ts: Date.now() };
 * applyOperation(graph, { ot: 'number.add', key: 'box', path: 'size', value: 1 }, origin);
 */
export function applyOperation(graph: SceneGraph, op: Operation, meta: OpMeta): void {
  const { client, clock, lt, ts } = meta;
  applyMessageMut(graph, { id: `${client}:${lt}`, client, clock, lt, ts, ops: [op] });
}

/** Applies an operation to a graph in place. */
export type ApplyFn = (graph: SceneGraph, op: Operation, meta: OpMeta) => void;

/** The function of one kind of operation, whatever the operation calls itself. */
export function applies(ot: Operation['ot']): ApplyFn {
  return (graph, op, meta) => applyOperation(graph, { ...op, ot } as Operation, meta);
}

function checkGraph(graph: unknown): asserts graph is SceneGraph {
  const nodes = (graph as SceneGraph | null | undefined)?.nodes;
  if (typeof nodes !== 'object' || nodes === null)
    throw new TypeError('a graph is {nodes, rootKey}');
}

/** As the original does: a warning that names what will be ignored. */
function warnUnknown(msg: CRDTMessage): void {
  for (const op of msg?.ops ?? []) {
    const name = whereOf(op).op;
    if (name === undefined || !KNOWN.has(name))
      console.warn(`vuer-rtc: unknown operation ${String(name)}`);
    else if (name.startsWith('meta.'))
      console.warn(`vuer-rtc: ${name} has no effect on a graph without history`);
  }
}

/** Own copies of the node objects: the mirror's must not change with the caller's. */
function copyNodes(graph: SceneGraph): SceneGraph {
  const nodes = Object.create(null) as SceneGraph['nodes'];
  for (const key of Object.keys(graph.nodes)) nodes[key] = { ...(graph.nodes[key] as SceneNode) };
  return { ...graph, nodes };
}

/** Whether the nodes that a message names still are what the last message left there. */
function isUntouched(graph: SceneGraph, bench: Bench, msg: CRDTMessage): boolean {
  if (
    bench.mirror.rootKey !== graph.rootKey ||
    bench.mirror.size !== Object.keys(graph.nodes).length
  )
    return false;
  return namedKeys(msg).every((key) => {
    const ours = bench.mirror.node(key === '.' ? graph.rootKey : key);
    const theirs = hasOwn(graph.nodes, key) ? graph.nodes[key] : undefined;
    return (
      key === '.' ||
      (ours === undefined
        ? theirs === undefined
        : theirs !== undefined && sameMembers(ours, theirs))
    );
  });
}

function namedKeys(msg: CRDTMessage): string[] {
  const keys: string[] = [];
  for (const op of msg.ops as readonly { key?: unknown; value?: unknown }[]) {
    const { key, value } = op;
    const inner =
      typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
    for (const each of [key, value, inner['key'], inner['nodeKey'], inner['newParent']]) {
      if (typeof each === 'string') keys.push(each);
    }
  }
  return keys;
}

function sameMembers(a: SceneNode, b: SceneNode): boolean {
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length &&
    keys.every((key) => hasOwn(b, key) && a[key] === b[key])
  );
}

/** Brings the caller's node object up to date, in place where it allows that. */
function writeNode(graph: SceneGraph, key: string, node: SceneNode | undefined): void {
  const held = hasOwn(graph.nodes, key) ? graph.nodes[key] : undefined;
  if (node === undefined) {
    delete graph.nodes[key];
  } else if (held === undefined || Object.isFrozen(held)) {
    put(graph.nodes, key, { ...node });
  } else {
    for (const path of Object.keys(held))
      if (!hasOwn(node, path)) delete (held as Record<string, unknown>)[path];
    for (const path of Object.keys(node)) put(held, path, node[path]);
  }
}
