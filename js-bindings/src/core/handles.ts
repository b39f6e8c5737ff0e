// One class per object of the core. dispose() frees it now; the registry frees it when the wrapper
// is garbage.
import { makeDisposable } from './disposable.js';
import { RtcError } from './error.js';
import type { GlueBareGraph, GlueDocument, GlueObject } from './glue.js';
import { core } from './loader.js';
import type { CoreModule } from './module.js';

/** Frees what a wrapper held. `free` must not keep the wrapper alive. */
const registry =
  typeof FinalizationRegistry === 'function'
    ? new FinalizationRegistry<() => void>((free) => free())
    : undefined;

abstract class Handle {
  private free: (() => void) | undefined;

  protected own(free: () => void): void {
    this.free = free;
    registry?.register(this, free, this);
  }

  get disposed(): boolean {
    return this.free === undefined;
  }

  dispose(): void {
    const { free } = this;
    if (free === undefined) return;
    this.free = undefined;
    registry?.unregister(this);
    free();
  }

  protected assertUsable(): void {
    if (this.free === undefined) throw new RtcError('disposed', 'it was disposed');
  }
}
makeDisposable(Handle.prototype);

/** A Store of the core by its handle. Callers use module and handle directly for hot calls. */
export class CoreStore extends Handle {
  readonly module: CoreModule;
  handle: number;

  private constructor(module: CoreModule, handle: number) {
    super();
    this.module = module;
    this.handle = handle;
    const { exports } = module;
    this.own(() => {
      if (module.alive) exports._rtc_store_destroy(handle);
    });
  }

  static create(client: string): CoreStore {
    const module = core();
    module.assertAlive();
    const length = module.putText(client);
    module.check(module.exports._rtc_store_create(length));
    return new CoreStore(module, module.value());
  }

  static fromBytes(bytes: Uint8Array): CoreStore {
    const module = core();
    module.assertAlive();
    module.put(bytes);
    module.check(module.exports._rtc_store_import(bytes.length));
    return new CoreStore(module, module.value());
  }

  override dispose(): void {
    super.dispose();
    this.handle = 0;
  }
}

abstract class GlueHandle<T extends GlueObject> extends Handle {
  readonly module: CoreModule;
  readonly glue: T;

  protected constructor(module: CoreModule, glue: T) {
    super();
    this.module = module;
    this.glue = glue;
    this.own(() => {
      if (module.alive) glue.delete();
    });
  }

  /** A call whose arguments are one run of bytes. */
  protected send(bytes: Uint8Array, call: (glue: T, length: number) => number): void {
    this.run((glue) => {
      this.module.put(bytes);
      return call(glue, bytes.length);
    });
  }

  protected run(call: (glue: T) => number): void {
    this.assertUsable();
    const { module } = this;
    module.check(module.guard(() => call(this.glue)));
  }
}

/** A Document: a fold without an author. */
export class CoreDocument extends GlueHandle<GlueDocument> {
  constructor() {
    const module = core();
    super(module, module.newDocument());
  }

  load(snapshot: Uint8Array): void {
    this.send(snapshot, (glue, length) => glue.load(length));
  }

  receive(message: Uint8Array): number {
    this.send(message, (glue, length) => glue.receive(length));
    return this.module.value();
  }

  raiseLine(line: number): void {
    this.run((glue) => glue.raiseLine(line));
  }

  /** The part below the line; `published` for other clients' form. */
  snapshot(published: boolean): unknown {
    this.run((glue) => glue.snapshot(published));
    return this.module.answer().value();
  }

  graph(): unknown {
    this.run((glue) => glue.graph());
    return this.module.answer().value();
  }

  texts(): unknown {
    this.run((glue) => glue.texts());
    return this.module.answer().value();
  }

  digest(): string {
    this.run((glue) => glue.digest());
    return hex(this.module.copy());
  }
}

/** A BareGraph: a graph value without history. */
export class CoreBareGraph extends GlueHandle<GlueBareGraph> {
  constructor() {
    const module = core();
    super(module, module.newBareGraph());
  }

  load(graph: Uint8Array): void {
    this.send(graph, (glue, length) => glue.load(length));
  }

  apply(message: Uint8Array): void {
    this.send(message, (glue, length) => glue.apply(length));
  }

  /** Puts the change feed into the outbox. */
  takeChanges(): void {
    this.run((glue) => glue.takeChanges());
  }
}

/** Lower-case hex. */
export function hex(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += byte.toString(16).padStart(2, '0');
  return text;
}
