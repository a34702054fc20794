/** A module as lists. Every pass over bytes starts here. */
import { at, Reader, readInstruction, SECTION, sections, OP } from './wasm-reader.js';
import type { Section } from './wasm-reader.js';

export interface FunctionType {
  readonly params: readonly number[];
  readonly results: readonly number[];
}

export interface FunctionImport {
  readonly module: string;
  readonly name: string;
  readonly type: number;
}

/** An imported table, memory or global: `descriptor` is kept as it is. */
export interface OtherImport {
  readonly kind: number;
  readonly name: string;
  readonly descriptor: readonly number[];
}

export interface Global {
  readonly name: string;
  readonly type: number;
  readonly mutable: boolean;
  /** Bytes of the initial value, `end` included. */
  readonly init: readonly number[];
}

export interface Body {
  readonly start: number;
  /** First instruction. */
  readonly code: number;
  readonly end: number;
  /** Types of the declared locals, without the parameters. */
  readonly locals: readonly number[];
}

export interface ElementSegment {
  readonly offset: readonly number[];
  readonly functions: readonly number[];
}

export interface Module {
  readonly bytes: Uint8Array;
  readonly sections: readonly Section[];
  readonly types: FunctionType[];
  readonly functionImports: FunctionImport[];
  readonly globalImports: OtherImport[];
  /** Memories and tables. */
  readonly otherImports: OtherImport[];
  /** Type of each defined function. */
  readonly functionTypes: number[];
  readonly globals: Global[];
  readonly exports: { readonly name: string; readonly kind: number; readonly index: number }[];
  readonly elements: ElementSegment[];
  readonly bodies: Body[];
  /** By function index, imports included; from the name section. */
  readonly names: string[];
  readonly globalNames: string[];
  /** End of the highest data segment. */
  readonly dataEnd: number;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

export function parseModule(bytes: Uint8Array): Module {
  const module: Mutable<Module> = {
    bytes,
    sections: sections(bytes),
    types: [],
    functionImports: [],
    globalImports: [],
    otherImports: [],
    functionTypes: [],
    globals: [],
    exports: [],
    elements: [],
    bodies: [],
    names: [],
    globalNames: [],
    dataEnd: 0,
  };
  for (const { id, start, end } of module.sections) {
    const reader = new Reader(bytes, start, end);
    if (id === SECTION.type) reader.each(() => module.types.push(readType(reader)));
    else if (id === SECTION.import) reader.each(() => readImport(reader, module));
    else if (id === SECTION.function) reader.each(() => module.functionTypes.push(reader.u32()));
    else if (id === SECTION.global) reader.each(() => module.globals.push(readGlobal(reader)));
    else if (id === SECTION.export) {
      reader.each(() => module.exports.push({ name: reader.name(), kind: reader.byte(), index: reader.u32() }));
    } else if (id === SECTION.element) reader.each(() => module.elements.push(readElements(reader)));
    else if (id === SECTION.code) reader.each(() => module.bodies.push(readBody(reader)));
    else if (id === SECTION.data) {
      reader.each(() => {
        module.dataEnd = Math.max(module.dataEnd, readDataEnd(reader));
      });
    } else if (id === SECTION.custom && reader.name() === 'name') readNames(reader, module);
  }
  nameImports(module);
  return module;
}

/** asc names defined functions only; what it calls an import in messages is built from the import itself. */
function nameImports(module: Module): void {
  module.functionImports.forEach((f, i) => {
    const folder = f.module === 'heddle' ? '~lib/heddle/abi/' : f.module === 'env' ? '~lib/env/' : `${f.module}/`;
    module.names[i] ??= folder + f.name;
  });
}

function readType(reader: Reader): FunctionType {
  reader.byte();
  const params: number[] = [];
  const results: number[] = [];
  reader.each(() => params.push(reader.byte()));
  reader.each(() => results.push(reader.byte()));
  return { params, results };
}

function readImport(reader: Reader, into: Module): void {
  const module = reader.name();
  const name = reader.name();
  const kind = reader.byte();
  if (kind === 0) {
    into.functionImports.push({ module, name, type: reader.u32() });
    return;
  }
  const start = reader.position;
  if (kind === 3) reader.skip(2);
  else {
    if (kind === 1) reader.skip(1);
    const flags = reader.byte();
    reader.skipLeb();
    if (flags & 1) reader.skipLeb();
  }
  (kind === 3 ? into.globalImports : into.otherImports).push({ kind, name, descriptor: reader.slice(start) });
}

function readGlobal(reader: Reader): Global {
  const type = reader.byte();
  const mutable = reader.byte() === 1;
  return { name: '', type, mutable, init: readExpression(reader) };
}

function readExpression(reader: Reader): number[] {
  const start = reader.position;
  while (readInstruction(reader).op !== OP.end);
  return reader.slice(start);
}

function readElements(reader: Reader): ElementSegment {
  if (reader.u32() !== 0) throw new Error('only active function element segments are supported');
  const offset = readExpression(reader);
  const functions: number[] = [];
  reader.each(() => functions.push(reader.u32()));
  return { offset, functions };
}

function readBody(reader: Reader): Body {
  const size = reader.u32();
  const start = reader.position;
  const locals: number[] = [];
  reader.each(() => {
    const count = reader.u32();
    const type = reader.byte();
    for (let i = 0; i < count; i++) locals.push(type);
  });
  const code = reader.position;
  reader.position = start + size;
  return { start, code, end: start + size, locals };
}

function readDataEnd(reader: Reader): number {
  if (reader.u32() !== 0) throw new Error('only active data segments are supported');
  reader.byte();
  const address = reader.s32();
  reader.byte();
  const size = reader.u32();
  reader.skip(size);
  return address + size;
}

function readNames(reader: Reader, module: Module): void {
  while (!reader.done) {
    const id = reader.byte();
    const end = reader.u32() + reader.position;
    const into = id === 1 ? module.names : id === 7 ? module.globalNames : undefined;
    if (into) {
      reader.each(() => {
        into[reader.u32()] = reader.name();
      });
    }
    reader.position = end;
  }
}

/** Type of any function, imported or defined. */
export function typeOf(module: Module, index: number): FunctionType {
  const imported = module.functionImports.length;
  const type = index < imported ? at(module.functionImports, index).type : at(module.functionTypes, index - imported);
  return at(module.types, type);
}

export const nameOf = (module: Module, index: number): string => module.names[index] ?? `function ${index}`;

/** The module with some sections' bodies replaced and the custom ones dropped. */
export function replaceSections(
  module: Module,
  replaced: ReadonlyMap<number, ArrayLike<number>>,
): [number, ArrayLike<number>][] {
  return module.sections
    .filter((s) => s.id !== SECTION.custom)
    .map((s) => [s.id, replaced.get(s.id) ?? module.bytes.subarray(s.start, s.end)]);
}
