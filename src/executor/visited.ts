/** The set of visited states (`assembly/visited/`): a memory that the searches of several threads share, and this thread's functions on it. */
import { compiledModule } from './instance.js';

const PAGE = 65536;
/** Bytes before the table. */
const HEADER = 64;
const PAGES_MAX = 65536;
/** Keys that threads may have added and not counted yet. */
const UNTOLD = 64 * 128;

interface VisitedExports {
  start(log2: number, bitstate: number, used: number): void;
  count(): bigint;
  add(key: bigint): number;
  tableEnd(): number;
  pack(to: number): number;
  spread(n: number, log2: number): void;
}

const pagesFor = (bytes: number): number => Math.min(PAGES_MAX, Math.ceil((HEADER + bytes) / PAGE));

export class Visited {
  private readonly x: VisitedExports;

  /** The functions of this thread on a memory made by `Visited.create`, perhaps in another. */
  constructor(readonly memory: WebAssembly.Memory) {
    const instance = new WebAssembly.Instance(compiledModule('visited.wasm'), { env: { memory } });
    this.x = instance.exports as unknown as VisitedExports;
  }

  /** An empty set of 2^log2 entries of 8 bytes, or with `bitstate` a filter of 2^log2 × 64 bits. */
  static create(log2: number, bitstate: boolean): Visited {
    const memory = new WebAssembly.Memory({ initial: pagesFor(8 * 2 ** log2), maximum: PAGES_MAX, shared: true });
    const visited = new Visited(memory);
    visited.x.start(log2, bitstate ? 1 : 0, 0);
    return visited;
  }

  /** What the search build of the executor imports. */
  get imports(): WebAssembly.ModuleImports {
    return this.x as unknown as WebAssembly.ModuleImports;
  }

  /** States so far; what other threads have added last may be missing. */
  get count(): number {
    return Number(this.x.count());
  }

  /** Empties it; no other thread may use it meanwhile. */
  clear(log2: number, bitstate: boolean): void {
    this.x.start(log2, bitstate ? 1 : 0, 1);
  }

  /** Gives the table 2^log2 entries and keeps what is in it; no other thread may use it meanwhile. */
  grow(log2: number): void {
    const n = this.x.pack(HEADER);
    this.reserve(8 * 2 ** log2 + 8 * n);
    this.x.spread(n, log2);
  }

  /** A copy of the keys, for a checkpoint; no other thread may add any meanwhile. */
  keys(): Uint8Array {
    const end = this.x.tableEnd() >>> 0;
    this.reserve(end + 8 * (this.count + UNTOLD));
    const n = this.x.pack(end) >>> 0;
    return new Uint8Array(this.memory.buffer, end, 8 * n).slice();
  }

  /** Fills an emptied set with the keys of a checkpoint. */
  load(keys: Uint8Array, log2: number): void {
    this.reserve(8 * 2 ** log2 + keys.length);
    new Uint8Array(this.memory.buffer, HEADER, keys.length).set(keys);
    this.x.spread(keys.length / 8, log2);
  }

  private reserve(bytes: number): void {
    const missing = pagesFor(bytes) - this.memory.buffer.byteLength / PAGE;
    if (missing > 0) this.memory.grow(missing);
  }
}
