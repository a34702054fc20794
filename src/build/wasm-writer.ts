/** The counterpart of `wasm-reader.ts`: numbers, strings and sections as bytes. */
import { OP } from './wasm-reader.js';

export function u32(value: number): number[] {
  const out: number[] = [];
  for (;;) {
    const low = value & 127;
    value = Math.floor(value / 128);
    if (value === 0) {
      out.push(low);
      return out;
    }
    out.push(low | 128);
  }
}

export function s32(value: number): number[] {
  const out: number[] = [];
  for (;;) {
    const low = value & 127;
    value >>= 7;
    if ((value === 0 && !(low & 64)) || (value === -1 && low & 64)) {
      out.push(low);
      return out;
    }
    out.push(low | 128);
  }
}

export function str(text: string): number[] {
  const bytes = new TextEncoder().encode(text);
  return [...u32(bytes.length), ...bytes];
}

export function vec(items: readonly (readonly number[])[]): number[] {
  const out = u32(items.length);
  for (const item of items) append(out, item);
  return out;
}

/** Push without the argument limit of a spread call. */
export function append(out: number[], bytes: ArrayLike<number>): void {
  for (let i = 0; i < bytes.length; i++) out.push(bytes[i] ?? 0);
}

/** The bytes with their length before them. */
export function sized(bytes: readonly number[]): number[] {
  const out = u32(bytes.length);
  append(out, bytes);
  return out;
}

export const i32Const = (value: number): number[] => [OP.i32Const, ...s32(value)];
export const call = (index: number): number[] => [OP.call, ...u32(index)];
/** A word at a constant address: `base; load` with the address as the offset, as Asyncify's state is read too. */
export const loadWord = (address: number): number[] => [OP.i32Const, 0, OP.i32Load, 2, ...u32(address)];
/** With `i32.const 0` and the value on the stack. */
export const storeWord = (address: number): number[] => [OP.i32Store, 2, ...u32(address)];

/** Stores 1 to the byte at a constant address. */
export const setByte = (address: number): number[] => [
  ...i32Const(0),
  ...i32Const(1),
  OP.i32Store8,
  0,
  ...u32(address),
];

/** A module from its sections in the given order. */
export function assemble(parts: Iterable<readonly [id: number, body: ArrayLike<number>]>): Uint8Array {
  const out = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0];
  for (const [id, body] of parts) {
    out.push(id, ...u32(body.length));
    append(out, body);
  }
  return Uint8Array.from(out);
}

/** A function's locals, as its body begins: those of one type that follow each other are one entry. */
export function localTypes(types: readonly number[]): number[] {
  const groups: [count: number, type: number][] = [];
  for (const type of types) {
    const last = groups.at(-1);
    if (last?.[1] === type) last[0]++;
    else groups.push([1, type]);
  }
  return [...u32(groups.length), ...groups.flatMap(([count, type]) => [...u32(count), type])];
}
