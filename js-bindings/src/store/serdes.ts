// Frames as MessagePack (wire protocol, section 2).
import { RtcError } from '../core/error.js';
import { decodeFrame, encodeFrame } from '../core/plain_message.js';
import { normalMessage } from './message.js';
import type { CRDTMessage } from './types.js';

/** A frame: a map with `mtype`. */
export interface WireMessage {
  readonly mtype: string;
  readonly [field: string]: unknown;
}

/**
 * A frame as MessagePack. Throws TypeError on class instances and functions, RtcError on numbers
 * that are not finite.
 *
 * @example
 * const bytes: Uint8Array = serialize({ mtype: 'crdt', msg });
 * console.log(bytes.length);
 */
export function serialize(message: WireMessage): Uint8Array {
  return encodeFrame(message);
}

/**
 * The frame in these bytes. Throws RtcError('bad_frame') when they are not one MessagePack value.
 *
 * @example
 * const frame = deserialize(serialize({ mtype: 'ack', msgId: 'alice:1' }));
 * console.log(frame.mtype);
 */
export function deserialize(data: Uint8Array | ArrayBuffer): WireMessage {
  const bytes = data instanceof Uint8Array ? data : new Uint8Array(data);
  return decodeFrame(bytes) as WireMessage;
}

/**
 * A message in its frame.
 *
 * @example
 * console.log(msgToWire(msg).mtype);
 */
export function msgToWire(msg: CRDTMessage): { mtype: 'crdt'; msg: CRDTMessage } {
  const { id, client, clock, lt, ts, ops } = msg;
  return { mtype: 'crdt', msg: { id, client, clock, lt, ts, ops } };
}

/**
 * The message of a frame, whatever its mtype; older field names are read, the server's stamps
 * dropped. Throws RtcError('bad_message').
 *
 * @example
 * const same = wireToMsg(msgToWire(msg));
 * console.log(same.id === msg.id);
 */
export function wireToMsg(wire: { readonly msg?: unknown }): CRDTMessage {
  const { msg } = wire;
  if (typeof msg !== 'object' || msg === null)
    throw new RtcError('bad_frame', 'the frame holds no msg');
  const { id, client, clock, lt, ts, ops } = normalMessage(msg as Record<string, unknown>);
  if (typeof id !== 'string') throw new RtcError('bad_message', 'id must be a string');
  return { id, client, clock, lt, ts, ops };
}

export { msgToWire as msg_to_wire, wireToMsg as wire_to_msg };
