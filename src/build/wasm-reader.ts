/** Just enough of the Wasm binary format to walk sections and instructions. Input is trusted: it comes from asc, clang or Binaryen. */

export const SECTION = {
  custom: 0,
  type: 1,
  import: 2,
  function: 3,
  table: 4,
  memory: 5,
  global: 6,
  export: 7,
  start: 8,
  element: 9,
  code: 10,
  data: 11,
  dataCount: 12,
} as const;

export const TYPE = { i32: 0x7f, i64: 0x7e, f32: 0x7d, f64: 0x7c } as const;

/** The opcodes that passes name. */
export const OP = {
  unreachable: 0x00,
  block: 0x02,
  loop: 0x03,
  if: 0x04,
  else: 0x05,
  end: 0x0b,
  br: 0x0c,
  brIf: 0x0d,
  brTable: 0x0e,
  return: 0x0f,
  call: 0x10,
  callIndirect: 0x11,
  drop: 0x1a,
  localGet: 0x20,
  localSet: 0x21,
  localTee: 0x22,
  globalGet: 0x23,
  globalSet: 0x24,
  i32Load: 0x28,
  i32Store: 0x36,
  i32Store8: 0x3a,
  memorySize: 0x3f,
  memoryGrow: 0x40,
  i32Const: 0x41,
  i64Const: 0x42,
  f32Const: 0x43,
  f64Const: 0x44,
  i32Eqz: 0x45,
  i32Eq: 0x46,
  i32Ne: 0x47,
  i32LtS: 0x48,
  i32LtU: 0x49,
  i32GtS: 0x4a,
  i32Add: 0x6a,
  i32Sub: 0x6b,
  i32Or: 0x72,
  i32Shl: 0x74,
  refFunc: 0xd2,
  misc: 0xfc,
  simd: 0xfd,
  atomic: 0xfe,
} as const;

/** Indexing that treats a hole as our own mistake. */
export function at<T>(list: readonly T[], index: number): T {
  const value = list[index];
  if (value === undefined) throw new Error(`internal: index ${index} of ${list.length}`);
  return value;
}

const UTF8 = new TextDecoder();

export class Reader {
  constructor(
    readonly bytes: Uint8Array,
    public position = 0,
    readonly end = bytes.length,
  ) {}

  get done(): boolean {
    return this.position >= this.end;
  }

  byte(): number {
    const value = this.bytes[this.position++];
    if (value === undefined) throw new Error('internal: the module is cut off');
    return value;
  }

  u32(): number {
    let result = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = this.byte();
      result += (byte & 127) * factor;
      if (byte < 128) return result;
    }
  }

  s32(): number {
    let result = 0;
    for (let shift = 0; ; ) {
      const byte = this.byte();
      result |= (byte & 127) << shift;
      shift += 7;
      if (byte < 128) return shift < 32 && byte & 64 ? result | (-1 << shift) : result;
    }
  }

  s64(): bigint {
    let result = 0n;
    for (let shift = 0n; ; ) {
      const byte = this.byte();
      result |= BigInt(byte & 127) << shift;
      shift += 7n;
      if (byte < 128) return byte & 64 ? result - (1n << shift) : result;
    }
  }

  name(): string {
    const length = this.u32();
    const start = this.position;
    this.position += length;
    return UTF8.decode(this.bytes.subarray(start, this.position));
  }

  skip(count: number): void {
    this.position += count;
  }

  skipLeb(): void {
    while (this.byte() & 128);
  }

  /** Calls `read` as often as the vector's length says. */
  each(read: () => void): void {
    for (let n = this.u32(); n > 0; n--) read();
  }

  slice(start: number, end = this.position): number[] {
    return Array.from(this.bytes.subarray(start, end));
  }
}

export interface Section {
  readonly id: number;
  readonly start: number;
  readonly end: number;
}

export function sections(bytes: Uint8Array): Section[] {
  const reader = new Reader(bytes, 8);
  const list: Section[] = [];
  while (!reader.done) {
    const id = reader.byte();
    const size = reader.u32();
    list.push({ id, start: reader.position, end: reader.position + size });
    reader.skip(size);
  }
  return list;
}

/** One instruction. `a` and `b` are its immediates where passes need them: index, depth, constant; alignment and offset. */
export interface Instruction {
  readonly op: number;
  /** Second part of a prefixed opcode. */
  readonly sub: number;
  readonly start: number;
  readonly end: number;
  readonly a: number;
  readonly b: number;
}

export function readInstruction(reader: Reader): Instruction {
  const start = reader.position;
  const op = reader.byte();
  let sub = 0;
  let a = 0;
  let b = 0;
  if (op >= OP.misc) sub = skipPrefixed(reader, op);
  else if (op === OP.block || op === OP.loop || op === OP.if) a = reader.s32();
  else if (op === OP.br || op === OP.brIf || op === OP.call || op === OP.refFunc) a = reader.u32();
  else if (op === OP.brTable) {
    reader.each(() => reader.skipLeb());
    reader.skipLeb();
  } else if (op === OP.callIndirect) {
    a = reader.u32();
    b = reader.u32();
  } else if (op === 0x1c) reader.skip(reader.u32());
  else if (op >= OP.localGet && op <= 0x26) a = reader.u32();
  else if (op >= OP.i32Load && op <= 0x3e) {
    a = reader.u32();
    b = reader.u32();
  } else if (op === OP.memorySize || op === OP.memoryGrow || op === 0xd0) reader.skipLeb();
  else if (op === OP.i32Const) a = reader.s32();
  else if (op === OP.i64Const) reader.skipLeb();
  else if (op === OP.f32Const) reader.skip(4);
  else if (op === OP.f64Const) reader.skip(8);
  else if (op === 0x12 || op === 0x13 || (op > 0xc4 && op !== 0xd1)) {
    throw new Error(`opcode 0x${op.toString(16)} is not supported`);
  }
  return { op, sub, start, end: reader.position, a, b };
}

const MISC_IMMEDIATES = [0, 0, 0, 0, 0, 0, 0, 0, 2, 1, 2, 1, 2, 1, 2, 1, 1, 1];

function skipPrefixed(reader: Reader, op: number): number {
  const sub = reader.u32();
  const lebs = (n: number): void => {
    for (; n > 0; n--) reader.skipLeb();
  };
  if (op === OP.misc) lebs(at(MISC_IMMEDIATES, sub));
  else if (op === OP.atomic) lebs(sub === 3 ? 1 : 2);
  else if (sub <= 11 || sub === 92 || sub === 93) lebs(2);
  else if (sub === 12 || sub === 13) reader.skip(16);
  else if (sub >= 21 && sub <= 34) reader.skip(1);
  else if (sub >= 84 && sub <= 91) {
    lebs(2);
    reader.skip(1);
  }
  return sub;
}

/** All instructions of a range, the function's last `end` included. */
export function readInstructions(bytes: Uint8Array, start: number, end: number): Instruction[] {
  const reader = new Reader(bytes, start, end);
  const list: Instruction[] = [];
  while (!reader.done) list.push(readInstruction(reader));
  return list;
}

/** The branch depths of a `br_table`, the default last. */
export function branchTable(bytes: Uint8Array, instruction: Instruction): number[] {
  const reader = new Reader(bytes, instruction.start + 1, instruction.end);
  const depths: number[] = [];
  reader.each(() => depths.push(reader.u32()));
  depths.push(reader.u32());
  return depths;
}
