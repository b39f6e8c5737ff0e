// Every published type, used as what it is.
import type {
  ActionResult,
  ApplyFn,
  ClientState,
  CRDTEnvelope,
  CRDTMessage,
  CreateGraphOptions,
  EditBuffer,
  GraphStore,
  JournalEntry,
  Operation,
  OperationType,
  OpMeta,
  Quat,
  RtcErrorCode,
  RtcWarning,
  SceneGraph,
  SceneNode,
  Snapshot,
  StoreStatus,
  ValueWithMeta,
  VectorClock,
  WireMessage,
} from '@vuer-ai/vuer-rtc';
import { ConflictResolver, DType, NumberSet, rope, VectorClockManager } from '@vuer-ai/vuer-rtc';
import * as client from '@vuer-ai/vuer-rtc/client';
import {
  create,
  GraphTextCRDT,
  insert,
  RangeTree,
  type DeleteOp,
  type InsertOp,
  type ItemId,
  type MoveOp,
  type RawTextRope,
  type ReplaceOp,
  type TextItem,
  type TextRope,
} from '@vuer-ai/vuer-rtc/crdt';
import { bindCodeMirror } from '@vuer-ai/vuer-rtc/codemirror';
import { createTree, StringRope, type BTree } from '@vuer-ai/vuer-rtc/datastructures';
import { openDevtools, type Devtools } from '@vuer-ai/vuer-rtc/devtools';
import type { NumberAddOp, Vector3 } from '@vuer-ai/vuer-rtc/operations';
import type { Presence, Room, RoomStatus } from '@vuer-ai/vuer-rtc/provider';
import { RoomProvider, useNode, useProperty } from '@vuer-ai/vuer-rtc/react';
import { serialize } from '@vuer-ai/vuer-rtc/serdes';
import { startServer, type RunningServer } from '@vuer-ai/vuer-rtc/server';
import { init, initSync, createGraph } from '@vuer-ai/vuer-rtc/slim';
import { createGraph as createWithoutWasm } from '@vuer-ai/vuer-rtc/js';

export const apply: ApplyFn = NumberSet;
export const clock: VectorClock = VectorClockManager.create('a');
export const state: ClientState = client.createInitialState('a');
export const committed: ActionResult = client.commitEdits(state, 'why');
export const [next, message]: [ClientState, CRDTMessage | null] = committed;
export const same: CRDTMessage | null = committed.msg;
export const entry: JournalEntry | undefined = state.journal[0];
export const buffer: EditBuffer = state.edits;
export const snapshot: Snapshot = state.snapshot;
export const graph: SceneGraph = state.graph;
export const node: SceneNode | undefined = graph.nodes['n'];
export const envelope: CRDTEnvelope | undefined = node?._crdt;
export const origin: OpMeta = { client: 'a', clock, lt: 1, ts: 1 };
export const options: CreateGraphOptions = { client: 'a', onWarning: (_: RtcWarning) => {} };
export const store: GraphStore = createGraph(options);
export const other: GraphStore = createWithoutWasm(options);
export const status: StoreStatus = store.status();
export const op: NumberAddOp = { ot: 'number.add', key: 'n', path: 'p', value: 1 };
export const any: Operation = op;
export const ot: OperationType = any.ot;
export const code: RtcErrorCode = 'bad_operation';
export const quaternion: Quat = [0, 0, 0, 1];
export const vector: Vector3 = [0, 0, 0];
export const value: ValueWithMeta<number> = { value: 1, lt: 1, client: 'a' };
export const sum: number = DType.number.add([value]);
export const merged: unknown = ConflictResolver.mergeProperty('number.add', [value]);
export const frame: WireMessage = { mtype: 'crdt', msg: message };
export const bytes: Uint8Array = serialize(frame);
export const text: TextRope = create('a');
export const inserted: InsertOp = insert(text, 0, 'x');
export const removed: DeleteOp = rope.remove(text, 0, 1);
export const replaced: ReplaceOp = rope.replace(text, 0, 0, 'x');
export const moved: MoveOp = rope.move(text, 0, 1, 1);
export const items: readonly TextItem[] = rope.getItems(text);
export const raw: RawTextRope = rope.toRaw(text);
export const id: ItemId = inserted.id;
export const texts = new GraphTextCRDT('a');
export const ranges: number = new RangeTree().length;
export const tree: BTree<TextItem> = createTree<TextItem>();
export const letters: string = new StringRope('x').toString();
export type Rooms = [Room, RoomStatus, Presence, RunningServer, Devtools];
export const functions = [
  init,
  initSync,
  startServer,
  RoomProvider,
  useNode,
  useProperty<number>,
  openDevtools,
  bindCodeMirror,
];
