// Pure actions on state values: a new state comes back, the old one stays what it was.
//
// A state made here knows its replica. The newest state of a replica is acted on in place; any
// other state (an older one, one of a GraphStore, one out of JSON) is rebuilt from its snapshot,
// journal and edits first.
import { hasOwn } from '../core/records.js';
import { checkMessages } from './checks.js';
import { Replica, setRebuild } from './replica.js';
import { hydrateTextSnapshot, normalSnapshot } from './snapshot.js';
import { sourceOf } from './state.js';
import type {
  ClientState,
  CRDTMessage,
  JournalEntry,
  Operation,
  SceneGraph,
  Snapshot,
} from './types.js';

/** [state, message] that can also be read as {state, msg}. */
export type ActionResult = [ClientState, CRDTMessage | null] & {
  readonly state: ClientState;
  readonly msg: CRDTMessage | null;
};

/** Replicas that a GraphStore owns: their states are never acted on in place. */
const owned = new WeakSet<Replica>();

export function ownReplica(replica: Replica): void {
  owned.add(replica);
}

/**
 * The state of a client that has done nothing, or of one that starts from a snapshot.
 *
 * @example
 * const first = createInitialState('alice');
 * console.log(first.lt, first.journal.length);
 */
export function createInitialState(client: string, initialSnapshot?: Snapshot): ClientState {
  return initFromServer(client, initialSnapshot, []);
}

/**
 * The state out of a server's snapshot and the messages after it, which count as acknowledged.
 *
 * @example
 * const joined = initFromServer('alice', snapshot, [msg]);
 * console.log(joined.graph.nodes);
 */
export function initFromServer(
  client: string,
  snapshot: Snapshot | undefined,
  journal: readonly CRDTMessage[],
): ClientState {
  return replicaFrom(client, snapshot, journal).current();
}

/** A replica that starts from what a server sent. */
export function replicaFrom(
  client: string,
  snapshot: Snapshot | undefined,
  journal: readonly CRDTMessage[],
): Replica {
  const replica = new Replica(client);
  if (snapshot === undefined && journal.length === 0) return replica;
  checkMessages(journal);
  const given = snapshot === undefined ? undefined : readable(snapshot);
  replica.load(given, journal, 0, given?.stable ?? -1);
  return replica;
}

/** The compact form goes to the core as it is; the published one shows its texts. */
function readable(snapshot: Snapshot): Snapshot {
  return hasOwn(snapshot, 'parents') ? snapshot : hydrateTextSnapshot(normalSnapshot(snapshot));
}

/**
 * The state with an operation on top of its edits; the given state stays as it is. Throws as
 * `GraphStore.edit` does.
 *
 * @example
 * const edited = onEdit(state, { ot: 'number.add', key: 'box', path: 'size', value: 1 });
 * console.log(edited.edits.ops.length);
 */
export function onEdit(state: ClientState, op: Operation): ClientState {
  return act(state, (replica) => replica.edit(op, Date.now()));
}

/**
 * The state with its edits as a message, and that message; null when there are no edits.
 *
 * @example
 * const [committed, message] = commitEdits(state);
 * console.log(committed.journal.length, message?.id);
 */
export function commitEdits(state: ClientState, _description?: string): ActionResult {
  return actForMessage(state, (replica) => replica.commit(Date.now()));
}

/**
 * The state without its edits.
 *
 * @example
 * console.log(cancelEdits(state).edits.ops.length === 0);
 */
export function cancelEdits(state: ClientState): ClientState {
  return act(state, (replica) => replica.cancel());
}

/**
 * The state in which the server has this message; unknown ids change nothing.
 *
 * @example
 * const acknowledged = onServerAck(state, 'alice:1');
 * console.log(hasPendingMessages(acknowledged));
 */
export function onServerAck(state: ClientState, msgId: string): ClientState {
  return act(state, (replica) => replica.ack(msgId));
}

/**
 * The state with a message of somebody else; what is known or malformed changes nothing.
 *
 * @example
 * const received = onRemoteMessage(state, msg);
 * console.log(received.graph === state.graph);
 */
export function onRemoteMessage(state: ClientState, msg: CRDTMessage): ClientState {
  return act(state, (replica) => replica.receive(msg));
}

/**
 * The state without the own message done last, and the message that says so; null when there is
 * none.
 *
 * @example
 * const { state: before, msg: undoing } = undo(state);
 * console.log(before.graph, undoing?.id);
 */
export function undo(state: ClientState): ActionResult {
  return actForMessage(state, (replica) => replica.undo(Date.now()).at(-1) ?? null);
}

/**
 * The state with what undo took back last, and the message that says so; null when there is none.
 *
 * @example
 * const { msg: redoing } = redo(undo(state).state);
 * console.log(redoing?.id);
 */
export function redo(state: ClientState): ActionResult {
  return actForMessage(
    state,
    (replica) => replica.redo(Date.now()).at(-1) ?? redoFromJournal(replica, state),
  );
}

/**
 * The state with its acknowledged messages folded into the snapshot.
 *
 * @example
 * console.log(compact(state).journal.length);
 */
export function compact(state: ClientState): ClientState {
  return act(state, (replica) => replica.compact());
}

/**
 * Own messages that the server has not acknowledged, in order.
 *
 * @example
 * for (const message of getUnackedMessages(state)) console.log(message.id);
 */
export function getUnackedMessages(state: ClientState): CRDTMessage[] {
  return state.journal.filter((entry) => !entry.ack).map((entry) => entry.msg);
}

/**
 * Whether there are own messages without an ack.
 *
 * @example
 * console.log(hasPendingMessages(state));
 */
export function hasPendingMessages(state: ClientState): boolean {
  return state.journal.some((entry) => !entry.ack);
}

/**
 * How many own messages have no ack.
 *
 * @example
 * console.log(getPendingCount(state));
 */
export function getPendingCount(state: ClientState): number {
  return getUnackedMessages(state).length;
}

/**
 * The graph of a snapshot, the entries of a journal that are not undone, and edits on top.
 *
 * @example
 * const graphNow = rebuildGraph(snapshot, state.journal, []);
 * console.log(Object.keys(graphNow.nodes));
 */
export function rebuildGraph(
  snapshot: Snapshot,
  journal: readonly JournalEntry[],
  pendingOps: readonly Operation[],
): SceneGraph {
  const replica = new Replica('local');
  try {
    const given = normalSnapshot(snapshot);
    const messages = journal.filter((entry) => entry.deletedAt == null).map((entry) => entry.msg);
    replica.load(given, messages, 0, given.stable ?? -1);
    for (const op of pendingOps) replica.edit(op, Date.now());
    return replica.current().graph;
  } finally {
    replica.dispose();
  }
}

setRebuild((state) => rebuildGraph(state.snapshot, state.journal, []));

function act(state: ClientState, action: (replica: Replica) => unknown): ClientState {
  const replica = replicaOf(state);
  action(replica);
  return replica.current();
}

function actForMessage(
  state: ClientState,
  action: (replica: Replica) => CRDTMessage | null,
): ActionResult {
  const replica = replicaOf(state);
  const msg = action(replica);
  const next = replica.current();
  return Object.assign([next, msg], { state: next, msg }) as unknown as ActionResult;
}

/** A replica whose present state is this one. */
function replicaOf(state: ClientState): Replica {
  if (!isState(state))
    throw new TypeError('a state of createInitialState or of a store is expected');
  const source = sourceOf(state);
  if (source !== undefined) {
    const { replica } = source;
    if (replica.revision === source.revision && !replica.disposed && !owned.has(replica))
      return replica;
  }
  return rebuilt(state);
}

function rebuilt(state: ClientState): Replica {
  const replica = new Replica(state.client);
  replica.adopt(state);
  for (const op of state.edits.ops) replica.edit(op, Date.now());
  return replica;
}

function isState(state: unknown): state is ClientState {
  return typeof state === 'object' && state !== null && 'journal' in state && 'snapshot' in state;
}

/**
 * What redo does on a rebuilt state, whose core has not seen who undid what: the message undone
 * last.
 */
function redoFromJournal(replica: Replica, state: ClientState): CRDTMessage | null {
  const undone = new Set(
    state.journal
      .filter((entry) => entry.deletedAt != null && entry.msg.client === state.client)
      .map((e) => e.msg.id),
  );
  for (const entry of [...state.journal].reverse()) {
    if (entry.msg.client !== state.client) continue;
    const meta = entry.msg.ops.find((op) => op.ot === 'meta.undo' || op.ot === 'meta.redo');
    if (meta === undefined) return null; // a commit after the undo
    const targetMsgId = (meta as { targetMsgId?: string }).targetMsgId ?? '';
    if (meta.ot === 'meta.undo' && undone.has(targetMsgId)) {
      replica.edit(
        { ot: 'meta.redo', key: '_meta', path: '_meta', targetMsgId } as Operation,
        Date.now(),
      );
      return replica.commit(Date.now());
    }
  }
  return null;
}
