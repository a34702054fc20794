/**
 * Instrumentation by a linear rewriting of the binary: an access becomes "push constants, call a hook", because its operands are on
 * the stack in the right order already. Input: unoptimised code with names and a source map. What each hook means: docs/abi.md.
 */
import { HeddleError } from '../errors.js';
import { HOOK_NAMES, HOOKS, MARKS_MAX, TASK_LOCAL } from './abi.js';
import type { Hook } from './abi.js';
import { recursiveFunctions } from './call-graph.js';
import { classify } from './classify.js';
import type { DefinedFunction, FunctionKind } from './classify.js';
import type { Mark, Override, Site } from './manifest.js';
import { MarkTable } from './marks.js';
import { displayName, isClassTest, isConstructor, isStart, ownerOf, variableName } from './names.js';
import { listOverrides } from './overrides.js';
import { nameOf, parseModule } from './parse-module.js';
import type { Global, Module } from './parse-module.js';
import { rewriteFunction } from './rewrite-function.js';
import { SiteTable } from './sites.js';
import type { Place } from './source-map.js';
import { at, OP, Reader, SECTION, TYPE } from './wasm-reader.js';
import { append, assemble, i32Const, sized, str, u32, vec } from './wasm-writer.js';

export interface InstrumentOptions {
  readonly places: readonly Place[];
  readonly classNames: ReadonlyMap<number, string>;
  /** Count loop iterations. Off only in tests of the host's watchdog. */
  readonly fuel: boolean;
  /** Keys of the sites whose kit calls are left out. */
  readonly without?: readonly string[];
  /** Tell of computations with addresses (`number-guards.ts`). */
  readonly guards?: boolean;
}

export interface Cell {
  readonly name: string;
  readonly address: number;
}

export interface Instrumented {
  readonly wasm: Uint8Array;
  readonly sites: readonly (Site | null)[];
  readonly marks: readonly Mark[];
  readonly overrides: readonly Override[];
  readonly cells: readonly Cell[];
  readonly staticEnd: number;
  /** Names of the functions in the table. */
  readonly functions: Readonly<Record<number, string>>;
}

/** What the rewriting of one function needs to know of the module. */
export interface Plan {
  readonly module: Module;
  readonly kinds: ReadonlyMap<number, FunctionKind>;
  /** Functions that get the site of their caller as one more parameter. */
  readonly takesSite: ReadonlySet<number>;
  readonly recursive: ReadonlySet<number>;
  /** Module variables in memory, by global index. */
  readonly cells: ReadonlyMap<number, CellGlobal>;
  readonly classNames: ReadonlyMap<number, string>;
  readonly sites: SiteTable;
  readonly marks: MarkTable;
  readonly fuel: boolean;
  /** Keys of the sites whose kit calls are left out; what was left out is taken off. */
  readonly without: Set<string>;
  readonly guards: boolean;
  readonly newFunctionIndex: (index: number) => number;
  readonly newGlobalIndex: (index: number) => number;
  readonly hookIndex: (hook: Hook) => number;
}

export interface CellGlobal extends Cell {
  readonly global: Global;
}

export function instrument(bytes: Uint8Array, options: InstrumentOptions): Instrumented {
  const module = parseModule(bytes);
  const starts = module.sections.some(({ id }) => id === SECTION.start);
  if (starts) throw new Error('build with --exportStart: the host calls the start function itself');
  const { functions, kinds } = classify(module);
  const globals = placeGlobals(module, functions);
  const imported = module.functionImports.length;
  const plan: Plan = {
    module,
    kinds,
    takesSite: functionsWithSite(module, functions, kinds),
    recursive: recursiveFunctions(module, functions),
    cells: globals.cells,
    classNames: options.classNames,
    sites: new SiteTable(options.places),
    marks: new MarkTable(options.places, MARKS_MAX),
    fuel: options.fuel,
    without: new Set(options.without ?? []),
    guards: options.guards ?? false,
    newFunctionIndex: (index) => (index < imported ? index : index + HOOK_NAMES.length),
    newGlobalIndex: (index) => globals.newIndex.get(index) ?? index,
    hookIndex: (hook) => imported + HOOK_NAMES.indexOf(hook),
  };
  const code = functions.map((f) => sized(rewriteFunction(plan, f)));
  for (const key of plan.without) {
    throw new HeddleError(
      'HDL_USAGE',
      `the model calls no operation of the kit at “${key}”, so it cannot be left out`,
      {
        hint: 'heddle mutate lists what can be left out',
      },
    );
  }
  return {
    wasm: encode(plan, globals, functions, code),
    sites: plan.sites.sites,
    marks: plan.marks.marks,
    overrides: listOverrides(module, functions),
    cells: [...globals.cells.values()].map(({ name, address }) => ({ name, address })),
    staticEnd: globals.staticEnd,
    functions: tableNames(module),
  };
}

function tableNames(module: Module): Record<number, string> {
  const result: Record<number, string> = {};
  for (const { offset, functions } of module.elements) {
    const base = new Reader(Uint8Array.from(offset), 1).s32();
    functions.forEach((f, i) => {
      result[base + i] = displayName(nameOf(module, f));
    });
  }
  return result;
}

/**
 * The library's functions, so that `array[i]` is a site of the function that says it; the model's constructors, so that an allocation's
 * site is the `new`; and the helpers of virtual calls and `instanceof`, so that a null object is a finding of the call. Not those that are called through the table, whose type must stay.
 */
function functionsWithSite(
  module: Module,
  functions: readonly DefinedFunction[],
  kinds: ReadonlyMap<number, FunctionKind>,
): Set<number> {
  const fixed = new Set(module.elements.flatMap((e) => e.functions));
  for (const e of module.exports) if (e.kind === 0) fixed.add(e.index);
  const result = new Set<number>();
  for (const f of functions) {
    if (fixed.has(f.index) || isStart(f.name) || kinds.get(f.index)?.kind !== 'plain') continue;
    const owner = ownerOf(f.name);
    if (owner === 'library' || (owner === 'model' && (isConstructor(f.name) || isClassTest(f.name))))
      result.add(f.index);
  }
  return result;
}

interface PlacedGlobals {
  readonly cells: Map<number, CellGlobal>;
  readonly taskLocal: Global[];
  readonly kept: Global[];
  readonly newIndex: Map<number, number>;
  readonly staticEnd: number;
}

/**
 * Constants and what only the start function writes stay globals; the language's own task-local ones are imported; the model's and
 * the kit's other variables become cells in memory, where tasks share them and a restore finds them.
 */
function placeGlobals(module: Module, functions: readonly DefinedFunction[]): PlacedGlobals {
  const imported = module.globalImports.length;
  const written = new Set<number>();
  for (const f of functions) {
    if (isStart(f.name) || ownerOf(f.name) === 'runtime') continue;
    for (const { op, a } of f.code) if (op === OP.globalSet) written.add(a);
  }
  const named = module.globals.map((g, i) => ({ ...g, name: module.globalNames[imported + i] ?? `global ${i}` }));
  const heapBase = named.find((g) => g.name === '~lib/memory/__heap_base' || g.name === '__heap_base');
  const base = heapBase ? new Reader(Uint8Array.from(heapBase.init), 1).s32() : 0;
  let address = (Math.max(base, module.dataEnd) + 7) & ~7;
  const cells = new Map<number, CellGlobal>();
  const taskLocal: (Global & { old: number })[] = [];
  const kept: (Global & { old: number })[] = [];
  named.forEach((global, i) => {
    const old = imported + i;
    const owner = ownerOf(global.name);
    const shared = owner === 'kit' || (owner === 'model' && !global.name.startsWith('~'));
    if (TASK_LOCAL.has(global.name)) taskLocal.push({ ...global, old });
    else if (global.mutable && written.has(old) && shared) {
      cells.set(old, { global, name: variableName(global.name), address });
      address += 8;
    } else kept.push({ ...global, old });
  });
  const newIndex = new Map<number, number>();
  for (const g of [...taskLocal, ...kept]) newIndex.set(g.old, imported + newIndex.size);
  return { cells, taskLocal, kept, newIndex, staticEnd: address };
}

const EXPORTS = new Set(['_start', 'register']);

function encode(
  plan: Plan,
  globals: PlacedGlobals,
  functions: readonly DefinedFunction[],
  code: number[][],
): Uint8Array {
  const { module } = plan;
  const types = module.types.map(({ params, results }) => typeBytes(params, results));
  const keys = types.map(String);
  const typeIndex = (params: readonly number[], results: readonly number[]): number => {
    const bytes = typeBytes(params, results);
    const found = keys.indexOf(String(bytes));
    if (found >= 0) return found;
    keys.push(String(bytes));
    return types.push(bytes) - 1;
  };
  const grown = (type: number): number => {
    const { params, results } = at(module.types, type);
    return typeIndex([...params, TYPE.i32], results);
  };
  const entry = (name: string, kind: number, rest: readonly number[]): number[] => [
    ...str('heddle'),
    ...str(name),
    kind,
    ...rest,
  ];
  const imports = [
    ...module.functionImports.map((f) => entry(f.name, 0, u32(grown(f.type)))),
    ...HOOK_NAMES.map((h) => entry(h, 0, u32(typeIndex(HOOKS[h][0], HOOKS[h][1])))),
    ...module.otherImports.map((o) => entry(o.name, o.kind, o.descriptor)),
    ...module.globalImports.map((g) => entry(g.name, 3, g.descriptor)),
    ...globals.taskLocal.map((g) => entry(TASK_LOCAL.get(g.name) ?? g.name, 3, [g.type, 1])),
  ];
  const functionTypes = functions.map((f, i) => {
    const type = at(module.functionTypes, i);
    return u32(plan.takesSite.has(f.index) ? grown(type) : type);
  });
  const parts = new Map<number, ArrayLike<number>>();
  for (const { id, start, end } of module.sections)
    if (id !== SECTION.custom) parts.set(id, module.bytes.subarray(start, end));
  parts.set(SECTION.type, vec(types));
  parts.set(SECTION.import, vec(imports));
  parts.set(SECTION.function, vec(functionTypes));
  parts.set(SECTION.global, vec(globals.kept.map((g) => [g.type, g.mutable ? 1 : 0, ...g.init])));
  const exported = module.exports.filter((e) => e.kind === 0 && EXPORTS.has(e.name));
  parts.set(SECTION.export, vec(exported.map((e) => [...str(e.name), 0, ...u32(plan.newFunctionIndex(e.index))])));
  if (module.elements.length > 0) {
    const segment = (functions: readonly number[]): number[] =>
      vec(functions.map((f) => u32(plan.newFunctionIndex(f))));
    parts.set(SECTION.element, vec(module.elements.map((e) => [0, ...e.offset, ...segment(e.functions)])));
  }
  parts.set(SECTION.code, vec(code));
  addCellData(parts, [...globals.cells.values()]);
  const order = [1, 2, 3, 4, 5, 6, 7, 9, 12, 10, 11];
  return assemble(order.flatMap((id) => (parts.has(id) ? [[id, parts.get(id) ?? []] as const] : [])));
}

const typeBytes = (params: readonly number[], results: readonly number[]): number[] => [
  0x60,
  ...sized(params),
  ...sized(results),
];

/** First values of the cells, as data segments. */
function addCellData(parts: Map<number, ArrayLike<number>>, cells: readonly CellGlobal[]): void {
  if (cells.length === 0) return;
  const old = Uint8Array.from(parts.get(SECTION.data) ?? [0]);
  const reader = new Reader(old);
  const count = reader.u32() + cells.length;
  const data = u32(count);
  append(data, old.subarray(reader.position));
  for (const c of cells) data.push(0, ...i32Const(c.address), OP.end, 8, ...initialValue(c));
  parts.set(SECTION.data, data);
  if (parts.has(SECTION.dataCount)) parts.set(SECTION.dataCount, u32(count));
}

function initialValue({ global, name }: CellGlobal): Uint8Array {
  const bytes = new Uint8Array(8);
  const view = new DataView(bytes.buffer);
  const reader = new Reader(Uint8Array.from(global.init));
  const op = reader.byte();
  if (op === OP.i32Const) view.setInt32(0, reader.s32(), true);
  else if (op === OP.i64Const) view.setBigInt64(0, reader.s64(), true);
  else if (op === OP.f32Const || op === OP.f64Const) bytes.set(global.init.slice(1, -1));
  else throw new Error(`internal: initial value of ${name}`);
  return bytes;
}
