/** Reads and writes the executor's memory. Shared memory cannot be handed to text decoders, so strings are copied out first. */
import { MEMORY, PAGES } from './layout.js';

const BYTES = PAGES * 65536;
/** No string of a model is longer; a wild pointer gives an empty one. */
const STRING_BYTES_MAX = 0x4000;

export class MemoryView {
  readonly bytes: Uint8Array;
  private readonly data: DataView;

  constructor(readonly buffer: ArrayBufferLike) {
    this.bytes = new Uint8Array(buffer);
    this.data = new DataView(buffer);
  }

  i32(at: number): number {
    return this.data.getInt32(at, true);
  }
  u32(at: number): number {
    return this.data.getUint32(at, true);
  }
  u16(at: number): number {
    return this.data.getUint16(at, true);
  }
  u64(at: number): bigint {
    return this.data.getBigUint64(at, true);
  }
  setI32(at: number, value: number): void {
    this.data.setInt32(at, value, true);
  }
  setU16(at: number, value: number): void {
    this.data.setUint16(at, value, true);
  }
  setU64(at: number, value: bigint): void {
    this.data.setBigUint64(at, value, true);
  }

  /** An AssemblyScript string of the model; empty if the pointer is none. */
  string(pointer: number): string {
    if (pointer < MEMORY.MODEL || pointer >= BYTES) return '';
    const size = this.u32(pointer - 4);
    if (size > STRING_BYTES_MAX || pointer + size > BYTES) return '';
    return Buffer.from(this.bytes.slice(pointer, pointer + size)).toString('utf16le');
  }
}
