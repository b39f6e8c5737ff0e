// A store of the core with calls that ask and change nothing, and the one way to make a call.
import { RtcError } from '../core/error.js';
import type { StoreExports } from '../core/glue.js';
import { hex, type CoreStore } from '../core/handles.js';
import type { CoreModule } from '../core/module.js';

const EMPTY = new Uint8Array(0);
const NO_CLOCK = new Uint8Array([0x80]);

export class CoreCalls {
  protected readonly core: CoreStore;
  protected readonly module: CoreModule;
  protected readonly exports: StoreExports;
  private lastLt = 0;

  protected constructor(core: CoreStore) {
    this.core = core;
    this.module = core.module;
    this.exports = core.module.exports;
  }

  get disposed(): boolean {
    return this.core.disposed;
  }

  dispose(): void {
    this.core.dispose();
  }

  digest(): string {
    this.run((handle) => this.exports._rtc_store_digest(handle));
    return hex(this.module.copy());
  }

  exportBytes(): Uint8Array {
    this.run((handle) => this.exports._rtc_store_export(handle));
    return this.module.copy();
  }

  /** Bit 1: can undo, bit 2: can redo. */
  can(): number {
    this.run((handle) => this.exports._rtc_store_can(handle));
    return this.module.value();
  }

  stable(): number {
    this.run((handle) => this.exports._rtc_store_stable(handle));
    return this.module.value();
  }

  lt(): number {
    if (!this.module.alive) return this.lastLt;
    this.run((handle) => this.exports._rtc_store_lt(handle));
    this.lastLt = this.module.value();
    return this.lastLt;
  }

  pendingCount(): number {
    this.run((handle) => this.exports._rtc_store_pending_count(handle));
    return this.module.value();
  }

  /** The pending ops as one MessagePack array, or no bytes. */
  pendingBytes(): Uint8Array {
    if (!this.module.alive) return EMPTY;
    this.run((handle) => this.exports._rtc_store_pending(handle));
    return this.module.value() === 0 ? EMPTY : this.module.copy();
  }

  /** What lies below the line, in the published form. */
  snapshotBytes(): Uint8Array {
    this.run((handle) => this.exports._rtc_store_snapshot(handle, 1));
    return this.module.copy();
  }

  clockBytes(): Uint8Array {
    if (!this.module.alive) return NO_CLOCK;
    this.run((handle) => this.exports._rtc_store_clock(handle));
    return this.module.copy();
  }

  protected run(call: (handle: number) => number): void {
    const { module } = this;
    module.assertAlive();
    let code: number;
    try {
      code = call(this.core.handle);
    } catch (fault) {
      throw module.broken(fault);
    }
    if (code !== 0) throw module.error(code);
  }

  protected assertUsable(): void {
    if (this.core.disposed) throw new RtcError('disposed', 'the store was disposed');
  }
}
