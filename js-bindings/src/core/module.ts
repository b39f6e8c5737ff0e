// The core as seen from JavaScript: an inbox that a writer fills, calls that return a code, an
// outbox that is read before the next call. Nothing that points into the heap leaves this folder.
import { errorCodes } from '../generated/errors.js';
import { RtcError, type RtcErrorCode, type Where } from './error.js';
import type { Glue, GlueBareGraph, GlueDocument, StoreExports } from './glue.js';
import { MsgReader } from './reader.js';
import { MsgWriter } from './writer.js';

const FIRST_INBOX = 1 << 16;
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

export class CoreModule {
  readonly glue: Glue;
  readonly exports: StoreExports;
  readonly writer: MsgWriter;
  readonly reader: MsgReader;
  private readonly outboxAt: number;
  private inboxAt = 0;
  private inboxSize = 0;
  private failure: RtcError | undefined;

  constructor(glue: Glue) {
    this.glue = glue;
    this.outboxAt = glue._rtc_outbox();
    this.exports = directExports(glue);
    this.writer = new MsgWriter(glue.HEAPU8, (_, needed) => this.growInbox(needed));
    this.reader = new MsgReader(glue.HEAPU8);
    this.growInbox(FIRST_INBOX);
  }

  /** A writer at the start of the inbox. */
  begin(): MsgWriter {
    const { writer, inboxAt } = this;
    writer.target(this.glue.HEAPU8, inboxAt, inboxAt, inboxAt + this.inboxSize);
    writer.mode = 'strict';
    writer.subject = undefined;
    return writer;
  }

  /** Bytes into the inbox, from its start. */
  put(...parts: Uint8Array[]): void {
    const writer = this.begin();
    for (const part of parts) writer.raw(part);
  }

  /** Text into the inbox as bare UTF-8; returns its length in bytes. */
  putText(text: string): number {
    const writer = this.begin();
    writer.need(text.length * 3);
    const { at, end } = writer;
    const { written } = encoder.encodeInto(text, writer.bytes.subarray(at, end));
    writer.at += written;
    return written;
  }

  /** Throws the error a code stands for. */
  check(code: number, where?: Where): void {
    if (code !== 0) throw this.error(code, where);
  }

  error(code: number, where?: Where): RtcError {
    return new RtcError(this.codeName(code), this.text(), where);
  }

  codeName(code: number): RtcErrorCode {
    return errorCodes[code - 1] ?? 'internal';
  }

  /** The number beside the bytes of the last answer. */
  value(): number {
    return this.glue.HEAPF64[(this.outboxAt >> 3) + 1] as number;
  }

  pointer(): number {
    return this.glue.HEAPU32[this.outboxAt >> 2] as number;
  }

  length(): number {
    return this.glue.HEAPU32[(this.outboxAt >> 2) + 1] as number;
  }

  /** A reader over the last answer, good until the next call. */
  answer(): MsgReader {
    const at = this.pointer();
    this.reader.target(this.glue.HEAPU8, at, at + this.length());
    return this.reader;
  }

  /** The last answer in memory of its own. */
  copy(): Uint8Array {
    const at = this.pointer();
    return this.glue.HEAPU8.slice(at, at + this.length());
  }

  text(): string {
    return decoder.decode(this.copy());
  }

  /** Where the inbox stands in memory now. */
  get inbox(): number {
    return this.inboxAt;
  }

  newDocument(): GlueDocument {
    return this.guard(() => new this.glue.Document());
  }

  newBareGraph(): GlueBareGraph {
    return this.guard(() => new this.glue.BareGraph());
  }

  /**
   * Runs calls into the core; one that ends it (out of memory inside a call) makes all later ones
   * errors.
   */
  guard<T>(calls: () => T): T {
    if (this.failure !== undefined) throw this.failure;
    try {
      return calls();
    } catch (fault) {
      throw this.broken(fault);
    }
  }

  /** The error to throw for something thrown out of a call. */
  broken(fault: unknown): unknown {
    if (!isTrap(fault)) return fault;
    const memory = this.glue.HEAPU8.length > MEMORY_IS_FULL || /memory|OOM/i.test(fault.message);
    this.failure = new RtcError(
      memory ? 'out_of_memory' : 'internal',
      `the core stopped: ${fault.message}`,
    );
    return this.failure;
  }

  /** Throws when an earlier call ended the core. */
  assertAlive(): void {
    if (this.failure !== undefined) throw this.failure;
  }

  get alive(): boolean {
    return this.failure === undefined;
  }

  private growInbox(needed: number): void {
    const { writer } = this;
    const used = this.inboxSize === 0 ? 0 : writer.at - writer.start;
    const size = Math.max(this.inboxSize * 2, used + needed, FIRST_INBOX);
    const at = size < MEMORY_LIMIT ? this.glue._rtc_inbox(size) : 0;
    if (at === 0) throw new RtcError('out_of_memory', 'the inbox cannot grow');
    this.inboxAt = at;
    this.inboxSize = size;
    writer.target(this.glue.HEAPU8, at, at + used, at + size);
  }
}

const encoder = new TextEncoder();
const MEMORY_LIMIT = 0x7fffffff;
const MEMORY_IS_FULL = 0xf0000000;

/** Whether a call ended inside the core; as JavaScript it ends with a plain Error. */
function isTrap(fault: unknown): fault is Error {
  if (fault instanceof RtcError || !(fault instanceof Error)) return false;
  if (typeof WebAssembly === 'object' && fault instanceof WebAssembly.RuntimeError) return true;
  return fault instanceof RangeError || /^(abort|Aborted)/.test(fault.message);
}

/**
 * Emscripten's first call of an export goes through a shim that replaces itself; what stands there
 * afterwards is the bare function. Handle 0 is no store, so these first calls do nothing.
 */
function directExports(glue: Glue): StoreExports {
  const names = Object.keys(glue).filter((name) =>
    name.startsWith('_rtc_store_'),
  ) as (keyof StoreExports)[];
  const exports = {} as Record<keyof StoreExports, unknown>;
  for (const name of names) {
    const create = name === '_rtc_store_create' || name === '_rtc_store_import';
    if (!create) (glue[name] as (handle: number) => number)(0);
    exports[name] = create ? (...args: [number]) => glue[name](...args) : glue[name];
  }
  return exports as unknown as StoreExports;
}
