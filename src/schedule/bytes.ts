/**
 * Canonical variable-length integers over a byte string: every number has exactly one encoding, and the reader accepts
 * no other. Used by the binary codec only.
 */
import { HeddleError } from '../errors.js';

const UINT32_MAX = 0xffffffff;

/** Throws the one error of hostile or truncated bytes. */
export function failBytes(message: string, at: number): never {
  throw new HeddleError('HDL_SCHEDULE_BINARY', `not a schedule: ${message} (byte ${at})`, {
    hint: 'The file may be truncated, or is no Heddle schedule.',
  });
}

export class ByteWriter {
  private readonly bytes: number[] = [];

  /** 0 … 2^32 − 1, least significant seven bits first. */
  uint(value: number): void {
    let rest = value;
    while (rest > 0x7f) {
      this.bytes.push((rest & 0x7f) | 0x80);
      rest = Math.floor(rest / 0x80);
    }
    this.bytes.push(rest);
  }

  /** A signed 32-bit integer; small magnitudes are short (zigzag). */
  int(value: number): void {
    this.uint(((value << 1) ^ (value >> 31)) >>> 0);
  }

  raw(bytes: Iterable<number>): void {
    for (const byte of bytes) this.bytes.push(byte);
  }

  finish(): Uint8Array {
    return Uint8Array.from(this.bytes);
  }
}

export class ByteReader {
  private at = 0;

  constructor(private readonly bytes: Uint8Array) {}

  get position(): number {
    return this.at;
  }

  uint(what: string, max = UINT32_MAX): number {
    const start = this.at;
    let value = 0;
    let scale = 1;
    for (;;) {
      const byte = this.byte(what);
      value += (byte & 0x7f) * scale;
      if (value > max) failBytes(`${what} is above ${max}`, start);
      if (byte < 0x80) {
        if (byte === 0 && scale > 1) failBytes(`${what} is written longer than needed`, start);
        return value;
      }
      scale *= 0x80;
      if (scale > UINT32_MAX) failBytes(`${what} is longer than five bytes`, start);
    }
  }

  int(what: string): number {
    const value = this.uint(what);
    return (value >>> 1) ^ -(value & 1);
  }

  /** A view of the next bytes, not a copy. */
  raw(length: number, what: string): Uint8Array {
    if (length > this.bytes.length - this.at) failBytes(`${what} is cut off`, this.at);
    this.at += length;
    return this.bytes.subarray(this.at - length, this.at);
  }

  end(): void {
    if (this.at !== this.bytes.length) failBytes('bytes after the end', this.at);
  }

  private byte(what: string): number {
    const byte = this.bytes[this.at];
    if (byte === undefined) failBytes(`${what} is cut off`, this.at);
    this.at += 1;
    return byte;
  }
}
