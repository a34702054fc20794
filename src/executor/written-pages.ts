/**
 * A copy of a memory's written pages. A campaign has a memory of 25 MiB for each scene and worker, of which an executor writes to a few: whoever
 * touches the others makes the system provide them.
 */
const PAGE = 4096;
const ZEROS = Buffer.alloc(PAGE);

export class WrittenPages {
  private readonly bytes: Buffer;
  /** By the page's first byte: what it holds, if it is not all zero. */
  private readonly kept = new Map<number, Buffer>();

  constructor(buffer: ArrayBufferLike) {
    this.bytes = Buffer.from(buffer);
    for (const at of this.written(0, this.bytes.length)) this.kept.set(at, Buffer.from(this.pageAt(at)));
  }

  /** Sets a part of the memory to zero. `begin` and `end`: multiples of 4096. */
  clear(begin: number, end: number): void {
    for (const at of this.written(begin, end)) this.pageAt(at).fill(0);
  }

  /** The memory is what it was when the copy was made. */
  restore(): void {
    for (const at of this.written(0, this.bytes.length)) if (!this.kept.has(at)) this.pageAt(at).fill(0);
    for (const [at, page] of this.kept) page.copy(this.bytes, at);
  }

  private pageAt(at: number): Buffer {
    return this.bytes.subarray(at, at + PAGE);
  }

  private *written(begin: number, end: number): Generator<number> {
    for (let at = begin; at < end; at += PAGE) if (!this.pageAt(at).equals(ZEROS)) yield at;
  }
}
