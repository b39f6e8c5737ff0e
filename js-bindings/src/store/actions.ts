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

export function createInitialState(client: string, initialSnapshot?: Snapshot): ClientState {
  return initFromServer(client, initialSnapshot, []);
}

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

export function onEdit(state: ClientState, op: Operation): ClientState {
  return act(state, (replica) => replica.edit(op, Date.now()));
}

export function commitEdits(state: ClientState, _description?: string): ActionResult {
  return actForMessage(state, (replica) => replica.commit(Date.now()));
}

export function cancelEdits(state: ClientState): ClientState {
  return act(state, (replica) => replica.cancel());
}

export function onServerAck(state: ClientState, msgId: string): ClientState {
  return act(state, (replica) => replica.ack(msgId));
}

export function onRemoteMessage(state: ClientState, msg: CRDTMessage): ClientState {
  return act(state, (replica) => replica.receive(msg));
}

export function undo(state: ClientState): ActionResult {
  return actForMessage(state, (replica) => replica.undo(Date.now()).at(-1) ?? null);
}

export function redo(state: ClientState): ActionResult {
  return actForMessage(
    state,
    (replica) => replica.redo(Date.now()).at(-1) ?? redoFromJournal(replica, state),
  );
}

export function compact(state: ClientState): ClientState {
  return act(state, (replica) => replica.compact());
}

export function getUnackedMessages(state: ClientState): CRDTMessage[] {
  return state.journal.filter((entry) => !entry.ack).map((entry) => entry.msg);
}

export function hasPendingMessages(state: ClientState): boolean {
  return state.journal.some((entry) => !entry.ack);
}

export function getPendingCount(state: ClientState): number {
  return getUnackedMessages(state).length;
}

/** The graph of a snapshot, the entries of a journal that are not undone, and edits on top. */
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
