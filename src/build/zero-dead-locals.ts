/**
 * Equal states must give equal bytes. Asyncify saves the same locals at every call of a function, also those that are dead at this one,
 * with whatever they last held. This pass runs on its unoptimised output, whose guards have a fixed form, and zeroes the dead ones on
 * the unwinding path only: normal execution pays nothing.
 */
import { stateGlobal } from './fast-copies.js';
import { parseModule, replaceSections } from './parse-module.js';
import type { Body, Module } from './parse-module.js';
import { at, branchTable, OP, readInstructions, SECTION, TYPE } from './wasm-reader.js';
import type { Instruction } from './wasm-reader.js';
import { append, assemble, sized, u32 } from './wasm-writer.js';

const ZERO: ReadonlyMap<number, readonly number[]> = new Map([
  [TYPE.i32, [OP.i32Const, 0]],
  [TYPE.i64, [OP.i64Const, 0]],
  [TYPE.f32, [OP.f32Const, 0, 0, 0, 0]],
  [TYPE.f64, [OP.f64Const, 0, 0, 0, 0, 0, 0, 0, 0]],
]);

export function zeroDeadLocals(bytes: Uint8Array, maySuspend: (importName: string) => boolean): Uint8Array {
  const module = parseModule(bytes);
  const code = u32(module.bodies.length);
  for (const [i, body] of module.bodies.entries()) {
    append(code, sized(new BodyPass(module, body, i, maySuspend).rewrite()));
  }
  return assemble(replaceSections(module, new Map([[SECTION.code, code]])));
}

/** Where each block's `else` and `end` are, by the index of its first instruction; an `else` knows the end too. */
interface Block {
  otherwise: number | undefined;
  end: number;
}

class BodyPass {
  private readonly code: readonly Instruction[];
  private readonly locals: readonly number[];
  private readonly state: number;

  constructor(
    private readonly module: Module,
    private readonly body: Body,
    index: number,
    private readonly maySuspend: (importName: string) => boolean,
  ) {
    this.code = readInstructions(module.bytes, body.code, body.end);
    this.locals = [...at(module.types, at(module.functionTypes, index)).params, ...body.locals];
    this.state = stateGlobal(module);
  }

  rewrite(): number[] {
    const { bytes } = this.module;
    const out = Array.from(bytes.subarray(this.body.start, this.body.code));
    const inserts = this.places();
    this.code.forEach((c, i) => {
      const live = inserts.get(i);
      if (live !== undefined) {
        this.locals.forEach((type, k) => {
          if (!((live >> BigInt(k)) & 1n)) out.push(...(ZERO.get(type) ?? []), OP.localSet, ...u32(k));
        });
      }
      append(out, bytes.subarray(c.start, c.end));
    });
    return out;
  }

  private is(i: number, op: number, value?: number): boolean {
    const c = this.code[i];
    return c?.op === op && (value === undefined || c.a === value);
  }

  /** `global.get state; i32.const value; i32.eq` from `i` on. */
  private stateIs(i: number, value: number): boolean {
    return this.is(i, OP.globalGet, this.state) && this.is(i + 1, OP.i32Const, value) && this.is(i + 2, OP.i32Eq);
  }

  /** In normal execution: is the `if` at `i` always or never taken? Undefined: sometimes. */
  private taken(i: number): boolean | undefined {
    if (this.stateIs(i - 3, 0)) return true;
    if (this.stateIs(i - 3, 1) || this.stateIs(i - 3, 2)) return false;
    if (this.is(i - 1, OP.i32Or) && this.stateIs(i - 7, 0)) return true; // state == 0 || index == k
    return undefined;
  }

  private blocks(): Map<number, Block> {
    const blocks = new Map<number, Block>();
    const open: number[] = [];
    this.code.forEach(({ op }, i) => {
      if (op === OP.block || op === OP.loop || op === OP.if) {
        open.push(i);
        blocks.set(i, { otherwise: undefined, end: 0 });
      } else if (op === OP.else) {
        const block = blocks.get(open.at(-1) ?? -1);
        if (block) block.otherwise = i;
      } else if (op === OP.end && open.length > 0) {
        const block = blocks.get(open.pop() ?? -1);
        if (!block) return;
        block.end = i;
        if (block.otherwise !== undefined) blocks.set(block.otherwise, { otherwise: undefined, end: i });
      }
    });
    return blocks;
  }

  /** Successors of each instruction in normal execution. */
  private successors(): number[][] {
    const blocks = this.blocks();
    const blockAt = (i: number): Block => blocks.get(i) ?? { otherwise: undefined, end: i };
    const stack: number[] = [];
    const target = (depth: number): number => {
      const opener = stack[stack.length - 1 - depth];
      if (opener === undefined) return this.code.length;
      return this.is(opener, OP.loop) ? opener : blockAt(opener).end;
    };
    return this.code.map((c, i) => {
      const next = i + 1;
      if (c.op === OP.block || c.op === OP.loop) {
        stack.push(i);
        return [next];
      }
      if (c.op === OP.if) {
        stack.push(i);
        const { otherwise, end } = blockAt(i);
        const skipped = otherwise === undefined ? end : otherwise + 1;
        const taken = this.taken(i);
        return taken === undefined ? [next, skipped] : [taken ? next : skipped];
      }
      if (c.op === OP.else) return [blockAt(i).end];
      if (c.op === OP.end) {
        stack.pop();
        return [next];
      }
      if (c.op === OP.br) return [target(c.a)];
      if (c.op === OP.brIf) return [next, target(c.a)];
      if (c.op === OP.brTable) return branchTable(this.module.bytes, c).map(target);
      return c.op === OP.return || c.op === OP.unreachable ? [] : [next];
    });
  }

  /** Live locals before each instruction, as bits. */
  private liveness(): bigint[] {
    const next = this.successors();
    const live: bigint[] = new Array<bigint>(this.code.length + 1).fill(0n);
    for (let changed = true; changed; ) {
      changed = false;
      for (let i = this.code.length - 1; i >= 0; i--) {
        let value = 0n;
        for (const s of at(next, i)) value |= at(live, s);
        const { op, a } = at(this.code, i);
        if (op === OP.localGet) value |= 1n << BigInt(a);
        else if (op === OP.localSet || op === OP.localTee) value &= ~(1n << BigInt(a));
        if (value === live[i]) continue;
        live[i] = value;
        changed = true;
      }
    }
    return live;
  }

  /** Index of the first instruction on an unwinding path → locals that are live where its call will be repeated. */
  private places(): Map<number, bigint> {
    const inserts = new Map<number, bigint>();
    const live = this.liveness();
    this.code.forEach((c, i) => {
      const operands = this.operands(c);
      if (operands === undefined) return;
      let q = i + 1;
      // Only the result is put away before the check; without one, the call cannot suspend.
      for (; !this.stateIs(q, 1); q++) if (!this.is(q, OP.localSet) && !this.is(q, OP.drop)) return;
      if (!this.is(q + 3, OP.if)) return;
      const first = i - operands;
      for (let p = first; p < i; p++) {
        const { op } = at(this.code, p);
        const flat = op === OP.localGet || op === OP.globalGet || (op >= OP.i32Const && op <= OP.f64Const);
        if (!flat) throw new Error('internal: an operand of a call is not flat');
      }
      inserts.set(q + 4, at(live, first));
    });
    return inserts;
  }

  private operands(c: Instruction): number | undefined {
    if (c.op === OP.callIndirect) return at(this.module.types, c.a).params.length + 1;
    if (c.op !== OP.call) return undefined;
    const imports = this.module.functionImports;
    const imported = imports[c.a];
    if (!imported) return at(this.module.types, at(this.module.functionTypes, c.a - imports.length)).params.length;
    return this.maySuspend(imported.name) ? at(this.module.types, imported.type).params.length : undefined;
  }
}
