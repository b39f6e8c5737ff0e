// Every published name exists where it was published, and is of the published kind.
import { describe, expect, it } from 'vitest';
import * as main from '../src/entrypoints/index.js';
import * as client from '../src/entrypoints/client.js';
import * as crdt from '../src/entrypoints/crdt.js';
import * as datastructures from '../src/entrypoints/datastructures.js';
import * as operations from '../src/entrypoints/operations.js';
import * as provider from '../src/entrypoints/provider.js';
import * as react from '../src/entrypoints/react.js';
import * as serdes from '../src/entrypoints/serdes.js';
import * as devtools from '../src/entrypoints/devtools.js';
import * as codemirror from '../src/entrypoints/codemirror.js';
import * as server from '../src/entrypoints/server.js';
import * as slim from '../src/entrypoints/slim.js';
import * as state from '../src/entrypoints/state.js';
import * as three from '../src/entrypoints/three.js';
import { operationTypes } from '../src/generated/operations.js';
import { documented } from './examples.js';

const words = (text: string): string[] => text.trim().split(/\s+/);

const APPLY = words(`NumberSet NumberAdd NumberMultiply NumberMin NumberMax StringSet StringConcat
  BooleanSet BooleanOr BooleanAnd Vector3Set Vector3Add Vector3Multiply Vector3ApplyEuler
  Vector3ApplyQuaternion EulerSet EulerAdd QuaternionSet QuaternionMultiply ColorSet ColorBlend
  ArraySet ArrayPush ArrayUnion ArrayRemove ArrayMove ObjectSet ObjectMerge NodeInsert NodeUpsert
  NodeInset NodeRemove NodeMove TextInit TextInsert TextDelete TextReplace`);

const FUNCTIONS: Readonly<Record<string, readonly [object, string[]]>> = {
  client: [
    client,
    words(`createGraph createGraphFromServer createInitialState initFromServer rebuildGraph onEdit
      commitEdits cancelEdits onServerAck onRemoteMessage undo redo compact getUnackedMessages
      hasPendingMessages getPendingCount hydrateTextSnapshot isAdditiveOp mergeValues GraphStore`),
  ],
  operations: [
    operations,
    words(`applyOperation applyMessage applyMessageMut applyMessages applyMessagesMut
      createEmptyGraph`).concat(APPLY),
  ],
  state: [state, words('parseOtype multiplyQuaternions hexToRgb rgbToHex')],
  serdes: [serdes, words('serialize deserialize msgToWire msg_to_wire wireToMsg wire_to_msg')],
  crdt: [
    crdt,
    words(`create getText getLength getItems findItemById getStats insert insertWithSplit apply
      applyInsert remove applyDelete replace applyReplace move applyMove merge snapshot compact
      toRaw fromRaw fromSnapshot isSerializedRope hydrateRope itemIdEquals itemIdCompare parseItemId
      createItemId TextRope GraphTextCRDT RangeTree`),
  ],
  datastructures: [
    datastructures,
    words(`StringRope createTree bulkLoad insertAt splitAtOrdinal recalcCountsFor getAt
      totalVisChars totalItems findByVisiblePos computeOrdinal iterateAll iterateFrom
      flattenItems`),
  ],
};

const METHODS: readonly (readonly [object, string[]])[] = [
  [
    client.GraphStore.prototype,
    words(`edit commit cancel cancelEdits receive ack undo redo compact getState subscribe getNode
      subscribeNode subscribePath batch transact digest toJSON exportBytes textOf dispose status`),
  ],
  [client.GraphStore, words('fromServer fromBytes')],
  [state.VectorClockManager, words('create increment merge compare areConcurrent')],
  [state.ConflictResolver, words('mergeProperty mergeProperties')],
  [
    crdt.GraphTextCRDT.prototype,
    words(`getOrCreate get init insertLocal applyInsert deleteLocal applyDelete replaceLocal
      applyReplace getText getStringRope deleteNode deleteProperty`),
  ],
  [
    crdt.RangeTree.prototype,
    words('insert findByPosition findById delete getContent items recalcAllCounts'),
  ],
  [datastructures.StringRope.prototype, words('insert delete slice charAt toString toJSON')],
  [datastructures.StringRope, words('fromString isStringRope')],
];

const MERGES: Readonly<Record<string, string>> = {
  number: 'set add multiply min max',
  string: 'set concat',
  boolean: 'set or and',
  vector3: 'set add multiply',
  euler: 'set add',
  quaternion: 'set multiply',
  color: 'set blend',
  array: 'set union append',
  object: 'set lwwPerKey',
  immutable: 'set',
};

const member = (object: object, name: string): unknown => (object as Record<string, unknown>)[name];

describe('published names', () => {
  for (const [entry, [exports, names]] of Object.entries(FUNCTIONS)) {
    it(`the_entry_${entry}_has_them_all`, () => {
      for (const name of names)
        expect([name, typeof member(exports, name)]).toEqual([name, 'function']);
    });

    it(`the_main_entry_has_those_of_${entry}`, () => {
      const within = entry === 'crdt' ? main.rope : main;
      for (const name of names) {
        const found = member(within, name) ?? member(main, name);
        expect([name, found]).toEqual([name, member(exports, name)]);
      }
    });
  }

  it('classes_and_tables_have_their_functions', () => {
    for (const [object, names] of METHODS)
      for (const name of names)
        expect([name, typeof member(object, name)]).toEqual([name, 'function']);
    for (const [type, names] of Object.entries(MERGES)) {
      const table = member(state.DType, type) as object;
      for (const name of words(names)) expect(typeof member(table, name)).toBe('function');
    }
  });

  it('every_operation_has_its_function', () => {
    const pascal = (ot: string): string =>
      ot.replace(/(^|\.)(\w)/g, (_, __, letter: string) => letter.toUpperCase());
    const names = operationTypes.filter((ot) => !ot.startsWith('meta.')).map(pascal);
    expect([...names].sort()).toEqual([...APPLY].sort());
  });

  it('constants_and_getters_are_what_was_published', () => {
    expect([datastructures.MAX_LEAF, datastructures.MAX_INTERNAL]).toEqual([32, 16]);
    const store = main.createGraph({ client: 'a' });
    expect([store.canUndo, store.canRedo]).toEqual([false, false]);
    const rope = main.rope.create('a');
    expect({ ...rope }).toMatchObject({ agentId: 'a', clock: 0, maxSeq: 0, lastInsertId: null });
    expect(new crdt.RangeTree()).toMatchObject({ length: 0, itemCount: 0 });
  });

  it('every_one_has_a_comment_with_an_example', () => {
    const aliases = words('rope version applyInsert msg_to_wire wire_to_msg');
    const entries = [main, crdt, provider, react, three, codemirror, devtools, server, slim];
    const names = new Set(entries.flatMap((entry) => Object.keys(entry)));
    const shown = documented().flatMap(({ name, example }) => (example === undefined ? [] : name));
    const silent = [...names].filter((name) => !shown.includes(name) && !aliases.includes(name));
    expect(silent).toEqual([]);
  });
});
