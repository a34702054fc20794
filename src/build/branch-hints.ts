/**
 * Which way conditional branches rarely go, for the engine (WebAssembly's branch hints, in a custom section). V8 moves the rare code
 * out of the way and keeps values in registers on the other path. Hints change the speed and nothing else.
 */
import { parseModule } from './parse-module.js';
import type { Module } from './parse-module.js';
import { at, OP, Reader, readInstructions, SECTION, TYPE } from './wasm-reader.js';
import { append, assemble, call, i32Const, sized, str, u32, vec } from './wasm-writer.js';

const HINTS = 'metadata.code.branch_hint';

/** Of an `if` or `br_if` at an offset from the start of its function's body, locals included. */
export interface BranchHint {
  readonly offset: number;
  /** True: it is nearly always taken; false: hardly ever. */
  readonly taken: boolean;
}

/** How often a branch's condition was false and true. */
export interface BranchCount {
  readonly not: number;
  readonly taken: number;
}

/** Two 32-bit words, not and taken. */
export const COUNTER_BYTES = 8;

/** What copies of one module (`countBranches`) have counted, each in a memory of its own. */
export class BranchCounts {
  private readonly counts: { not: number; taken: number }[];

  constructor(
    branches: number,
    private readonly counters: number,
  ) {
    this.counts = Array.from({ length: branches }, () => ({ not: 0, taken: 0 }));
  }

  add(memory: { u32(address: number): number }): void {
    this.counts.forEach((count, i) => {
      count.not += memory.u32(this.counters + COUNTER_BYTES * i);
      count.taken += memory.u32(this.counters + COUNTER_BYTES * i + 4);
    });
  }

  of(branch: number): BranchCount {
    return at(this.counts, branch);
  }
}

/** A branch that goes one way in at most this part of its executions gets a hint. */
const RARE = 0.05;

export type Sections = readonly (readonly [id: number, body: ArrayLike<number>])[];

/** The sections with one of hints before the code, if there are any. `hints`: by function index, imports counted, in order. */
export function addHints(sections: Sections, hints: ReadonlyMap<number, readonly BranchHint[]>): Sections {
  const functions = [...hints]
    .filter(([, list]) => list.length > 0)
    .map(([index, list]) => [
      ...u32(index),
      ...vec(list.map(({ offset, taken }) => [...u32(offset), 1, taken ? 1 : 0])),
    ]);
  if (functions.length === 0) return sections;
  const body = [...str(HINTS), ...vec(functions)];
  return sections.flatMap((one) => (one[0] === SECTION.code ? [[SECTION.custom, body] as const, one] : [one]));
}

/** The module with hints by counts in the order in which `countBranches` numbers branches. What was not counted keeps the hint that it had. */
export function withHints(bytes: Uint8Array, countOf: (branch: number) => BranchCount): Uint8Array {
  const module = parseModule(bytes);
  const before = readHints(module);
  const hints = new Map<number, BranchHint[]>();
  let branch = 0;
  for (const [i, body] of module.bodies.entries()) {
    const index = module.functionImports.length + i;
    const had = before.get(index) ?? [];
    const list = branchesOf(module, i).flatMap((start): BranchHint[] => {
      const offset = start - body.start;
      const { not, taken } = countOf(branch++);
      if (not + taken === 0) return had.filter((hint) => hint.offset === offset);
      const rare = RARE * (not + taken);
      if (taken <= rare) return [{ offset, taken: false }];
      return not <= rare ? [{ offset, taken: true }] : [];
    });
    hints.set(index, list);
  }
  return assemble(addHints(sectionsWithoutHints(module), hints));
}

/** The module as it was before it had hints. */
export const withoutHints = (bytes: Uint8Array): Uint8Array => assemble(sectionsWithoutHints(parseModule(bytes)));

/** By function index, imports counted. */
export function readHints(module: Module): Map<number, readonly BranchHint[]> {
  const hints = new Map<number, readonly BranchHint[]>();
  for (const section of module.sections) {
    const reader = hintsIn(module, section);
    if (!reader) continue;
    reader.each(() => {
      const list: BranchHint[] = [];
      hints.set(reader.u32(), list);
      reader.each(() => {
        const offset = reader.u32();
        reader.u32(); // bytes of the hint: always 1
        list.push({ offset, taken: reader.byte() === 1 });
      });
    });
  }
  return hints;
}

/**
 * The module with a counter before each `if` and `br_if`: two 32-bit words in its memory, at `counters` and 8 bytes for each branch before it, false
 * and true. What it does is the same, and slower.
 */
export function countBranches(
  bytes: Uint8Array,
  counters: number,
): { readonly bytes: Uint8Array; readonly branches: number } {
  const module = parseModule(bytes);
  const counter = module.functionImports.length + module.bodies.length;
  let branches = 0;
  const bodies = module.bodies.map((body, i) => {
    const out: number[] = [];
    let from = body.start;
    for (const start of branchesOf(module, i)) {
      append(out, bytes.subarray(from, start));
      append(out, [...i32Const(counters + COUNTER_BYTES * branches++), ...call(counter)]);
      from = start;
    }
    append(out, bytes.subarray(from, body.end));
    return sized(out);
  });
  const type = [0x60, ...vec([[TYPE.i32], [TYPE.i32]]), ...vec([[TYPE.i32]])];
  const replaced = new Map<number, number[]>([
    [SECTION.type, grown(module, SECTION.type, type)],
    [SECTION.function, grown(module, SECTION.function, u32(module.types.length))],
    [SECTION.code, vec([...bodies, sized(COUNTER)])],
  ]);
  const sections = module.sections.map(
    ({ id, start, end }) => [id, replaced.get(id) ?? bytes.subarray(start, end)] as const,
  );
  return { bytes: assemble(sections), branches };
}

/** (condition, address) → condition: one more at address, 4 bytes further if it holds. */
const COUNTER = [
  ...[0, OP.localGet, 1, OP.localGet, 0, OP.i32Eqz, OP.i32Eqz, ...i32Const(2), OP.i32Shl, OP.i32Add, OP.localTee, 1],
  ...[OP.localGet, 1, OP.i32Load, 2, 0, ...i32Const(1), OP.i32Add, OP.i32Store, 2, 0, OP.localGet, 0, OP.end],
];

/** Where the `if` and `br_if` of a body begin. */
function branchesOf(module: Module, i: number): number[] {
  const { code, end } = at(module.bodies, i);
  return readInstructions(module.bytes, code, end)
    .filter(({ op }) => op === OP.if || op === OP.brIf)
    .map(({ start }) => start);
}

/** A section that is a vector, with one item more. */
function grown({ bytes, sections }: Module, id: number, item: readonly number[]): number[] {
  const section = sections.find((s) => s.id === id);
  if (!section) throw new Error(`internal: the module has no section ${id}`);
  const reader = new Reader(bytes, section.start, section.end);
  const out = u32(reader.u32() + 1);
  append(out, bytes.subarray(reader.position, section.end));
  append(out, item);
  return out;
}

/** A reader behind the section's name; null: it is another section. */
function hintsIn({ bytes }: Module, { id, start, end }: Module['sections'][number]): Reader | null {
  if (id !== SECTION.custom) return null;
  const reader = new Reader(bytes, start, end);
  return reader.name() === HINTS ? reader : null;
}

/** All sections but the one of hints. */
function sectionsWithoutHints(module: Module): Sections {
  return module.sections
    .filter((section) => !hintsIn(module, section))
    .map(({ id, start, end }) => [id, module.bytes.subarray(start, end)]);
}
