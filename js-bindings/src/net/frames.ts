// Frames of the wire protocol (its section 2), read and written as MessagePack or JSON.
import { decodeFrame, encodeFrame, messageAt } from '../core/plain_message.js';
import type { CRDTMessage, Snapshot } from '../store/types.js';

export type Format = 'msgpack' | 'json';

/** A frame of the server: the fields of all kinds, as they may come. */
export interface ServerFrame {
  readonly mtype: string;
  readonly msg?: CRDTMessage;
  readonly msgId?: string;
  readonly serverSeq?: number;
  readonly stable?: number;
  readonly lt?: number;
  readonly snapshot?: Snapshot;
  readonly journal?: readonly CRDTMessage[];
  readonly epoch?: string;
  readonly resumed?: boolean;
  readonly reason?: string;
  readonly error?: string;
  readonly code?: string;
  readonly final?: boolean;
  readonly retryAfter?: number;
  readonly expected?: number;
  readonly ids?: readonly string[];
  readonly requestId?: string;
  readonly status?: { readonly checksum?: string; readonly serverSeq?: number } | null;
  readonly client?: string;
  readonly state?: unknown;
}

export function writeFrame(
  frame: Readonly<Record<string, unknown>>,
  format: Format,
): string | Uint8Array {
  return format === 'json' ? JSON.stringify(frame) : encodeFrame(frame);
}

/** Undefined when it is no frame. */
export function readFrame(data: unknown): ServerFrame | undefined {
  const value = parse(data);
  if (typeof value !== 'object' || value === null) return undefined;
  return typeof (value as ServerFrame).mtype === 'string' ? (value as ServerFrame) : undefined;
}

/** The message of a frame as it came, where that can be told; a store takes it sooner. */
export function rawMessage(frame: ServerFrame, data: unknown): Uint8Array | undefined {
  const bytes = bytesOf(data);
  if (bytes === undefined || Object.keys(frame).length !== 2) return undefined;
  const at = messageAt(bytes);
  return at === 0 ? undefined : bytes.subarray(at);
}

function bytesOf(data: unknown): Uint8Array | undefined {
  if (data instanceof Uint8Array) return data;
  return data instanceof ArrayBuffer ? new Uint8Array(data) : undefined;
}

function parse(data: unknown): unknown {
  try {
    if (typeof data === 'string') return JSON.parse(data);
    const bytes = bytesOf(data);
    if (bytes !== undefined) return decodeFrame(bytes);
  } catch {
    // told by the caller: no frame
  }
  return undefined;
}
