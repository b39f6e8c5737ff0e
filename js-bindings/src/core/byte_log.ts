// Bytes that are kept for long, one run after the other in few large blocks: a Uint8Array for each
// would cost more than what it holds.

const BLOCK = 1 << 16;

/** A run of bytes; `bytes` holds others before and behind it. */
export interface ByteRun {
  readonly bytes: Uint8Array;
  readonly from: number;
  readonly to: number;
}

export class ByteLog {
  private block = new Uint8Array(0);
  private end = 0;

  /** Copies bytes[from, to). */
  append(bytes: Uint8Array, from: number, to: number): ByteRun {
    const size = to - from;
    if (size > this.block.length - this.end) this.open(size);
    const { block, end } = this;
    block.set(bytes.subarray(from, to), end);
    this.end = end + size;
    return { bytes: block, from: end, to: end + size };
  }

  private open(size: number): void {
    const length = Math.min(BLOCK, Math.max(1024, this.block.length * 2));
    this.block = new Uint8Array(Math.max(size, length));
    this.end = 0;
  }
}
