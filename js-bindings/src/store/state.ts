// ClientState values: plain immutable objects whose members are made when they are read. Each knows
// the replica it came from, so that a pure action on the newest state of a replica costs no
// rebuild.
import { decode } from '../core/reader.js';
import { deepFreeze, FREEZE, hasOwn, put } from '../core/records.js';
import { entriesOf, type JournalVersion } from './journal.js';
import type { GraphVersion } from './graph_versions.js';
import type { Replica } from './replica.js';
import type { SnapshotBase } from './snapshot.js';
import type { ClientState, EditBuffer, Operation, SceneGraph, VectorClock } from './types.js';

const sources = new WeakMap<ClientState, StateSource>();

/** What a state is made of. */
export class StateSource {
  readonly replica: Replica;
  readonly revision: number;
  readonly lt: number;
  private readonly graphVersion: GraphVersion;
  private readonly journalVersion: JournalVersion;
  private readonly base: SnapshotBase;
  private pendingBytes: Uint8Array | undefined;
  private clockBytes: Uint8Array | undefined;
  private edits: EditBuffer | undefined;
  private clock: VectorClock | undefined;

  constructor(replica: Replica) {
    this.replica = replica;
    this.revision = replica.revision;
    this.lt = replica.lt();
    this.graphVersion = replica.mirror.version();
    this.journalVersion = replica.journal.version();
    this.base = replica.base.settle();
  }

  /** Takes what the core will not know any more after the next change. */
  capture(): void {
    this.pendingBytes ??= this.replica.pendingBytes();
    this.clockBytes ??= this.replica.clockBytes();
  }

  graph(): SceneGraph {
    return this.replica.mirror.graphOf(this.graphVersion);
  }

  journal() {
    return entriesOf(this.journalVersion);
  }

  snapshot() {
    return this.base.get();
  }

  vectorClock(): VectorClock {
    if (this.clock === undefined) {
      this.clockBytes ??= this.replica.clockBytes();
      const clock = decode(this.clockBytes) as VectorClock;
      if (!hasOwn(clock, this.replica.client)) put(clock, this.replica.client, 0);
      this.clock = deepFreeze(clock);
    }
    return this.clock;
  }

  editBuffer(rebuild: () => SceneGraph): EditBuffer {
    if (this.edits === undefined) {
      this.pendingBytes ??= this.replica.pendingBytes();
      const ops = this.pendingBytes.length === 0 ? [] : (decode(this.pendingBytes) as Operation[]);
      this.edits = ops.length === 0 ? NO_EDITS : new Buffered(deepFreeze(ops), rebuild);
    }
    return this.edits;
  }
}

const NO_EDITS: EditBuffer = Object.freeze({
  ops: Object.freeze([]),
  baseGraph: null,
  startGraph: null,
});

/** A buffer with edits; the graph below them is computed when somebody reads it. */
class Buffered implements EditBuffer {
  readonly ops: readonly Operation[];
  declare readonly baseGraph: SceneGraph;
  declare readonly startGraph: SceneGraph;

  constructor(ops: readonly Operation[], rebuild: () => SceneGraph) {
    this.ops = ops;
    let graph: SceneGraph | undefined;
    const get = (): SceneGraph => (graph ??= rebuild());
    Object.defineProperty(this, 'baseGraph', { get, enumerable: true });
    Object.defineProperty(this, 'startGraph', { get, enumerable: true });
    if (FREEZE) Object.freeze(this);
  }
}

/** Older names of two members. */
const aliases = {
  get lamportTime(): number {
    return (this as unknown as ClientState).lt;
  },
  get sessionId(): string {
    return (this as unknown as ClientState).client;
  },
};

export function makeState(
  source: StateSource,
  rebuild: (state: ClientState) => SceneGraph,
): ClientState {
  const state: ClientState = {
    get graph() {
      return source.graph();
    },
    get journal() {
      return source.journal();
    },
    get edits() {
      return source.editBuffer(() => rebuild(state));
    },
    get snapshot() {
      return source.snapshot();
    },
    lt: source.lt,
    get vectorClock() {
      return source.vectorClock();
    },
    client: source.replica.client,
  };
  Object.setPrototypeOf(state, aliases);
  if (FREEZE) Object.freeze(state);
  sources.set(state, source);
  return state;
}

export function sourceOf(state: ClientState): StateSource | undefined {
  return sources.get(state);
}
