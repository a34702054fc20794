/**
 * Exact builds tell the search of each computation that could tell one address from another (assembly/search/addresses.ts): one of its operands,
 * or its result, lies where tasks allocate. Being equal or null, passing, keeping and following an address is no such thing.
 */
import { ADDRESS } from './abi.js';
import type { AccessKind, Hook } from './abi.js';
import type { Plan } from './instrument.js';
import { OP, TYPE } from './wasm-reader.js';
import type { Instruction } from './wasm-reader.js';
import { call, i32Const, u32 } from './wasm-writer.js';

/** Locals that the guards of a function need. */
export const GUARD_LOCALS = 3;
const HEAP_SIZE = ADDRESS.arenasEnd - ADDRESS.arenas;
const VOID = 0x40;
/** What `num` is told of an addition or a subtraction. */
const MOVES: ReadonlyMap<number, number> = new Map([
  [OP.i32Add, 1],
  [OP.i32Sub, 2],
]);

const between = (op: number, first: number, last: number): boolean => op >= first && op <= last;
/** Ordered comparisons, arithmetic. */
const isBinary = (op: number): boolean => between(op, 0x48, 0x4f) || between(op, 0x6a, 0x78);
/** Takes one 32-bit number: counts of bits, extensions, conversions, a table of branches. */
const takesOne = (op: number): boolean =>
  op === OP.brTable || between(op, 0x67, 0x69) || between(op, 0xac, 0xad) || between(op, 0xc0, 0xc1);
/** The low half of a wide number. */
const WRAP = 0xa7;
/** Answers a 64-bit number. */
const isWide = (op: number): boolean => op === OP.i64Const || between(op, 0x79, 0x8a) || between(op, 0xc2, 0xc4);
/** Anything with a floating-point number, whose bytes can be any. */
const isFloat = ({ op, sub }: Instruction): boolean =>
  between(op, 0x43, 0x44) || between(op, 0x5b, 0x66) || between(op, 0x8b, 0xa6) || (op === OP.misc && sub < 8);
const converts = (op: number): boolean => between(op, 0xa8, 0xab) || between(op, 0xae, 0xbf);

/** Between numbers and floating-point numbers of the same bytes. */
const FLOAT_ACCESS = new Set([0xbc, 0xbd, 0xbe, 0xbf]);

interface Guard {
  readonly before: readonly number[];
  readonly after: readonly number[];
}
const NONE: Guard = { before: [], after: [] };

/** Of one function. `locals`: three of 32 bits, from that index on, that nothing else uses. */
export class NumberGuards {
  /** The locals are in use. */
  isUsed = false;
  private readonly x: number;
  private readonly y: number;
  private readonly r: number;

  constructor(
    private readonly plan: Plan,
    locals: number,
  ) {
    [this.x, this.y, this.r] = [locals, locals + 1, locals + 2];
  }

  /** Around an instruction that stays. */
  around(i: Instruction): Guard {
    const { op } = i;
    if (!this.plan.guards) return NONE;
    if (isBinary(op)) return this.binary(op);
    if (takesOne(op)) return { before: this.top(), after: [] };
    if (op === WRAP) return { before: [], after: this.top() };
    if (isWide(op)) return { before: [], after: this.hook('wide') };
    if (isFloat(i) || converts(op)) return { before: this.unknown(), after: [] };
    if (op === OP.i32Const && isAddress(i.a)) return { before: this.unknown(), after: [] };
    if (op === OP.globalGet) return { before: [], after: this.result(this.typeOfGlobal(i.a)) };
    return NONE;
  }

  /** Behind a number of that type that comes from elsewhere: an import, a constant of the model. */
  result(type: number | undefined): readonly number[] {
    if (!this.plan.guards || type === undefined) return [];
    return type === TYPE.i32 ? this.top() : type === TYPE.i64 ? this.hook('wide') : this.unknown();
  }

  /** Behind an access: words are looked at by the executor, and not what is made of them. */
  access(kind: AccessKind): readonly number[] {
    if (!this.plan.guards) return [];
    if (kind.convert.some((op) => FLOAT_ACCESS.has(op))) return this.unknown();
    return kind.hook === 'ld32' && kind.convert.length > 0 ? this.hook('wide') : [];
  }

  private typeOfGlobal(index: number): number | undefined {
    return this.plan.module.globals[index - this.plan.module.globalImports.length]?.type;
  }

  private hook(name: Hook): number[] {
    return call(this.plan.hookIndex(name));
  }
  private get(...locals: readonly number[]): number[] {
    return locals.flatMap((local) => [OP.localGet, ...u32(local)]);
  }
  private isInHeap(local: number): number[] {
    return [...this.get(local), ...i32Const(ADDRESS.arenas), OP.i32Sub, ...i32Const(HEAP_SIZE), OP.i32LtU];
  }
  /** The number on top of the stack, which stays there. */
  private top(): number[] {
    this.isUsed = true;
    const tell = [...this.get(this.x), ...i32Const(0), ...i32Const(0), ...i32Const(0), ...this.hook('num')];
    return [OP.localTee, ...u32(this.x), ...this.isInHeap(this.x), OP.if, VOID, ...tell, OP.end];
  }
  private binary(op: number): Guard {
    const { x, y, r } = this;
    this.isUsed = true;
    const any = [...this.isInHeap(x), ...this.isInHeap(y), OP.i32Or, ...this.isInHeap(r), OP.i32Or];
    const tell = [...this.get(x, y, r), ...i32Const(MOVES.get(op) ?? 0), ...this.hook('num')];
    return {
      before: [OP.localSet, ...u32(y), OP.localSet, ...u32(x), ...this.get(x, y)],
      after: [OP.localSet, ...u32(r), ...any, OP.if, VOID, ...tell, OP.end, ...this.get(r)],
    };
  }
  /** Tells of an address at once. */
  private unknown(): number[] {
    return [...i32Const(ADDRESS.arenas), ...i32Const(0), ...i32Const(0), ...i32Const(0), ...this.hook('num')];
  }
}

const isAddress = (value: number): boolean => value >= ADDRESS.arenas && value < ADDRESS.arenasEnd;
