// What the WebAssembly module looks like from here: direct exports (wasm/exports.cpp) and embind
// classes (wasm/bindings.cpp). Every number that a call returns is 0 or an error code + 1, unless
// said otherwise.

export interface GlueOptions {
  wasmBinary?: Uint8Array;
  instantiateWasm?: (
    imports: WebAssembly.Imports,
    receive: (instance: WebAssembly.Instance) => void,
  ) => WebAssembly.Exports;
  print?: (text: string) => void;
  printErr?: (text: string) => void;
}

/** The glue's one function. */
export type CreateCore = (options: GlueOptions) => Glue;

/** The core speaks through codes, never to the console. */
export const quiet: Pick<GlueOptions, 'print' | 'printErr'> = { print() {}, printErr() {} };

/** An embind object; delete() frees it. */
export interface GlueObject {
  delete(): void;
}

export interface GlueDocument extends GlueObject {
  receive(length: number): number;
  receiveAll(length: number): number;
  load(length: number): number;
  snapshot(published: boolean): number;
  raiseLine(line: number): number;
  digest(): number;
  graph(): number;
  texts(): number;
  journal(): number;
  property(keyLength: number, pathLength: number): number;
  stable(): number;
  lt(): number;
  journalIndex(): number;
  nodeCount(): number;
}

export interface GlueBareGraph extends GlueObject {
  load(length: number): number;
  apply(length: number): number;
  graph(): number;
  takeChanges(): number;
}

/** Direct exports of one store; the first argument is its handle. */
export interface StoreExports {
  _rtc_store_create(clientLength: number): number;
  _rtc_store_import(length: number): number;
  _rtc_store_destroy(handle: number): number;
  _rtc_store_edit(handle: number, length: number, now: number): number;
  _rtc_store_commit(handle: number, now: number): number;
  _rtc_store_cancel(handle: number): number;
  _rtc_store_undo(handle: number, now: number): number;
  _rtc_store_redo(handle: number, now: number): number;
  _rtc_store_receive(handle: number, length: number): number;
  _rtc_store_receive_all(handle: number, length: number): number;
  _rtc_store_ack(
    handle: number,
    idLength: number,
    lt: number,
    serverSeq: number,
    stable: number,
  ): number;
  _rtc_store_learn(handle: number, serverSeq: number, stable: number): number;
  _rtc_store_reject(handle: number, idLength: number): number;
  _rtc_store_recommit(handle: number, idLength: number, nextNumber: number): number;
  _rtc_store_compact(handle: number): number;
  _rtc_store_load(
    handle: number,
    snapshot: number,
    journal: number,
    serverSeq: number,
    stable: number,
  ): number;
  _rtc_store_take_changes(handle: number): number;
  _rtc_store_all_changes(handle: number): number;
  _rtc_store_digest(handle: number): number;
  _rtc_store_pending(handle: number): number;
  _rtc_store_pending_count(handle: number): number;
  _rtc_store_unacked(handle: number): number;
  _rtc_store_can(handle: number): number;
  _rtc_store_lt(handle: number): number;
  _rtc_store_clock(handle: number): number;
  _rtc_store_stable(handle: number): number;
  _rtc_store_export(handle: number): number;
  _rtc_store_journal(handle: number): number;
  _rtc_store_snapshot(handle: number, form: number): number;
  _rtc_store_graph(handle: number): number;
  _rtc_store_texts(handle: number): number;
}

export interface Glue extends StoreExports {
  HEAPU8: Uint8Array;
  HEAPU32: Uint32Array;
  HEAPF64: Float64Array;
  _rtc_inbox(size: number): number;
  _rtc_outbox(): number;
  _rtc_heap_in_use(): number;
  Document: new () => GlueDocument;
  BareGraph: new () => GlueBareGraph;
  checkMessage(length: number): number;
  messageHash(length: number): number;
  errorName(code: number): string;
  version(): string;
}
