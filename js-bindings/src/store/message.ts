// Messages between bytes and objects: today's field names in today's order, older names read.
import { messageAt, readPlainMessage } from '../core/plain_message.js';
import { MsgReader } from '../core/reader.js';
import type { CRDTMessage, Operation, VectorClock } from './types.js';

/** A message object with today's names; fields it does not know are dropped. */
export function normalMessage(raw: Record<string, unknown>): CRDTMessage {
  const message: Record<string, unknown> = {
    id: raw['id'] ?? undefined,
    client: raw['client'] ?? raw['sessionId'] ?? '',
    clock: (raw['clock'] ?? {}) as VectorClock,
    lt: raw['lt'] ?? raw['lamportTime'] ?? 0,
    ts: raw['ts'] ?? raw['timestamp'] ?? 0,
    ops: (raw['ops'] ?? []) as Operation[],
  };
  if (typeof raw['serverSeq'] === 'number') message['serverSeq'] = raw['serverSeq'];
  if (typeof raw['stable'] === 'number') message['stable'] = raw['stable'];
  return message as unknown as CRDTMessage;
}

/** The next message, whoever wrote it. */
export function readOne(reader: MsgReader): CRDTMessage {
  const plain = readPlainMessage(reader) as CRDTMessage | undefined;
  return plain ?? normalMessage(reader.value() as Record<string, unknown>);
}

function readOwn(reader: MsgReader): CRDTMessage {
  return (readPlainMessage(reader) ?? reader.value()) as CRDTMessage;
}

/** Messages that the core wrote, one after the other, frozen: it knows today's names only. */
export function readMessages(reader: MsgReader): CRDTMessage[] {
  const messages: CRDTMessage[] = [];
  reader.handsOut = true;
  while (!reader.done) messages.push(readOwn(reader));
  return messages;
}

/** The text of a field under its own or its older name. */
export function textField(raw: object, name: 'id' | 'client'): string {
  const record = raw as Record<string, unknown>;
  const value = record[name] ?? (name === 'client' ? record['sessionId'] : undefined);
  return typeof value === 'string' ? value : '';
}

/** The id of a message, or of its bytes or those of its frame; '' where there is none. */
export function idOf(msg: object): string {
  if (!(msg instanceof Uint8Array)) return textField(msg, 'id');
  try {
    return textField(readOne(new MsgReader(msg, messageAt(msg))), 'id');
  } catch {
    return '';
  }
}
