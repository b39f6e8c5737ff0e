// Messages between bytes and objects: today's field names in today's order, older names read.
import { decode, MsgReader } from '../core/reader.js';
import type { CRDTMessage, Operation, VectorClock } from './types.js';

/** A message object with today's names; fields it does not know are dropped. */
export function normalMessage(raw: Record<string, unknown>): CRDTMessage {
  const field = (name: string, older?: string): unknown =>
    raw[name] ?? (older === undefined ? undefined : raw[older]);
  const message: Record<string, unknown> = {
    id: field('id'),
    client: field('client', 'sessionId') ?? '',
    clock: (field('clock') ?? {}) as VectorClock,
    lt: field('lt', 'lamportTime') ?? 0,
    ts: field('ts', 'timestamp') ?? 0,
    ops: (field('ops') ?? []) as Operation[],
  };
  if (typeof raw['serverSeq'] === 'number') message['serverSeq'] = raw['serverSeq'];
  if (typeof raw['stable'] === 'number') message['stable'] = raw['stable'];
  return message as unknown as CRDTMessage;
}

export function readMessage(bytes: Uint8Array): CRDTMessage {
  return normalMessage(decode(bytes) as Record<string, unknown>);
}

/** Messages that stand one after the other. */
export function readMessages(reader: MsgReader): CRDTMessage[] {
  const messages: CRDTMessage[] = [];
  while (!reader.done) messages.push(normalMessage(reader.value() as Record<string, unknown>));
  return messages;
}

/** The text of a field under its own or its older name. */
export function textField(raw: object, name: 'id' | 'client'): string {
  const record = raw as Record<string, unknown>;
  const value = record[name] ?? (name === 'client' ? record['sessionId'] : undefined);
  return typeof value === 'string' ? value : '';
}

/** The number of a field under its own or its older name. */
export function numberField(raw: object, name: 'lt' | 'ts'): number {
  const record = raw as Record<string, unknown>;
  const value = record[name] ?? record[name === 'lt' ? 'lamportTime' : 'timestamp'];
  return typeof value === 'number' ? value : 0;
}
