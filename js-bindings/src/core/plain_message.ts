// The message that every store writes: its fields in one order, a clock of its author's number
// only, most ops of four fields. Read straight through into objects of one shape, which costs a
// third; any other goes the long way.
import type { ByteRun } from './byte_log.js';
import { decode, MsgReader } from './reader.js';
import { FREEZE } from './records.js';
import { encode, scratchWriter } from './writer.js';

export interface PlainMessage {
  readonly id: string;
  readonly client: string;
  readonly clock: Record<string, unknown>;
  readonly lt: unknown;
  readonly ts: unknown;
  readonly ops: readonly unknown[];
  readonly serverSeq?: unknown;
  readonly stable?: unknown;
}

const letters = (text: string): Uint8Array => Uint8Array.from(text, (c) => c.charCodeAt(0));

const ID = letters('\xa2id');
const CLIENT = letters('\xa6client');
const CLOCK = letters('\xa5clock\x81');
const LT = letters('\xa2lt');
const TS = letters('\xa2ts');
const OPS = letters('\xa3ops');
const SERVER_SEQ = letters('\xa9serverSeq');
const STABLE = letters('\xa6stable');
const OT = letters('\x84\xa2ot');
const KEY = letters('\xa3key');
const PATH = letters('\xa4path');
const VALUE = letters('\xa5value');
const FIXED_MAP = 0x80;
const FIXED_ARRAY = 0x90;

/** What came last comes again as a rule. */
const seen = { client: '', ot: '', path: '' };

/** Undefined, and nothing read, where something else stands. */
export function readPlainMessage(reader: MsgReader): PlainMessage | undefined {
  const from = reader.at;
  const message = plainMessage(reader);
  if (message === undefined) reader.at = from;
  return message;
}

function plainMessage(reader: MsgReader): PlainMessage | undefined {
  const fields = (reader.bytes[reader.at] as number) ^ FIXED_MAP;
  if (fields < 6 || fields > 8) return undefined;
  ++reader.at;
  if (!reader.step(ID)) return undefined;
  const id = reader.rareText();
  if (id === undefined || !reader.step(CLIENT)) return undefined;
  const client = reader.likeText(seen.client);
  if (typeof client !== 'string') return undefined;
  seen.client = client;
  if (!reader.step(CLOCK) || reader.likeText(client) !== client) return undefined;
  const clock = frozen(reader, { [client]: reader.value() });
  if (!reader.step(LT)) return undefined;
  const lt = reader.value();
  if (!reader.step(TS)) return undefined;
  const ts = reader.value();
  if (!reader.step(OPS)) return undefined;
  const ops = readOps(reader);
  if (fields === 6) return frozen(reader, { id, client, clock, lt, ts, ops });
  if (fields === 7) {
    if (!reader.step(STABLE)) return undefined;
    return frozen(reader, { id, client, clock, lt, ts, ops, stable: reader.value() });
  }
  if (!reader.step(SERVER_SEQ)) return undefined;
  const serverSeq = reader.value();
  if (!reader.step(STABLE)) return undefined;
  return frozen(reader, { id, client, clock, lt, ts, ops, serverSeq, stable: reader.value() });
}

function readOps(reader: MsgReader): readonly unknown[] {
  const count = (reader.bytes[reader.at] as number) ^ FIXED_ARRAY;
  if (count > 0x0f) return reader.value() as unknown[];
  ++reader.at;
  if (count === 1) return frozen(reader, [readOp(reader)]);
  const ops: unknown[] = [];
  for (let i = 0; i < count; ++i) ops.push(readOp(reader));
  return frozen(reader, ops);
}

function readOp(reader: MsgReader): unknown {
  const from = reader.at;
  if (reader.step(OT)) {
    const ot = reader.likeText(seen.ot);
    if (reader.step(KEY)) {
      const key = reader.value();
      if (reader.step(PATH)) {
        const path = reader.likeText(seen.path);
        if (reader.step(VALUE)) {
          if (typeof ot === 'string') seen.ot = ot;
          if (typeof path === 'string') seen.path = path;
          return frozen(reader, { ot, key, path, value: reader.value() });
        }
      }
    }
  }
  reader.at = from;
  return reader.value();
}

function frozen<T>(reader: MsgReader, value: T): T {
  return FREEZE && reader.handsOut ? Object.freeze(value) : value;
}

// ---- frames

const MTYPE = letters('\x82\xa5mtype');
const MSG = letters('\xa3msg');
const frames = new MsgReader(new Uint8Array(0));

/** What `decode` gives, sooner for the frame of a plain message. */
export function decodeFrame(bytes: Uint8Array): unknown {
  const reader = frames;
  reader.target(bytes, 0, bytes.length);
  if (reader.step(MTYPE)) {
    const mtype = reader.value();
    const msg = reader.step(MSG) ? readPlainMessage(reader) : undefined;
    if (msg !== undefined && reader.done) return { mtype, msg };
  }
  return decode(bytes);
}

/** Where the message of a frame begins; 0 where the bytes are no frame of mtype and msg. */
export function messageAt(bytes: Uint8Array): number {
  const reader = frames;
  reader.target(bytes, 0, bytes.length);
  if (!reader.step(MTYPE)) return 0;
  reader.value();
  return reader.step(MSG) ? reader.at : 0;
}

/** The message that was written last, which is sent at once as a rule. */
let lastMessage: PlainMessage | undefined;
let lastRun: ByteRun | undefined;

export function noteWritten(message: PlainMessage, run: ByteRun): void {
  lastMessage = message;
  lastRun = run;
}

/** What `encode` gives; the message that was written last is copied. */
export function encodeFrame(frame: Readonly<Record<string, unknown>>): Uint8Array {
  const { mtype, msg } = frame as { mtype?: unknown; msg?: unknown };
  if (lastRun === undefined || !isLast(msg) || typeof mtype !== 'string' || count(frame) !== 2)
    return encode(frame);
  const { bytes, from, to } = lastRun;
  const writer = scratchWriter('binary');
  writer.raw(MTYPE);
  writer.string(mtype);
  writer.raw(MSG);
  writer.need(to - from);
  writer.bytes.set(bytes.subarray(from, to), writer.at);
  writer.at += to - from;
  return writer.bytes.slice(0, writer.at);
}

/** Messages are immutable: who has the same ops has the same message, unless it was made of it. */
function isLast(msg: unknown): boolean {
  const last = lastMessage;
  if (last === undefined || typeof msg !== 'object' || msg === null) return false;
  const { id, client, clock, lt, ts, ops } = msg as PlainMessage;
  return (
    ops === last.ops &&
    clock === last.clock &&
    id === last.id &&
    client === last.client &&
    lt === last.lt &&
    ts === last.ts &&
    count(msg) === 6
  );
}

function count(object: object): number {
  return Object.keys(object).length;
}
