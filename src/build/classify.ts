/** Recognises functions whose calls are replaced by what they do, so that the site is the use and not the function's body. */
import { ACCESSES } from './abi.js';
import { isAccessorName, ownerOf } from './names.js';
import { nameOf, typeOf } from './parse-module.js';
import type { Module } from './parse-module.js';
import { OP, readInstructions } from './wasm-reader.js';
import type { Instruction } from './wasm-reader.js';

export type FunctionKind =
  /** `Class#get:f`, `Class#set:f` with one load or store of `this` as the body. */
  | { readonly kind: 'accessor'; readonly op: number; readonly offset: number }
  /** Passes its parameters, in order, and then constants, to one import. */
  | {
      readonly kind: 'forward';
      readonly target: number;
      readonly constants: readonly number[];
      readonly drops: boolean;
    }
  /** READ_ONCE and ACQUIRE mark the load before, WRITE_ONCE and RELEASE the store after; all answer their argument. */
  | { readonly kind: 'mark'; readonly marks: 'load' | 'store'; readonly mark: Mark }
  | { readonly kind: 'plain' };

/** What a marked access promises. */
export type Mark = 'once' | 'acquire' | 'release';

const PLAIN: FunctionKind = { kind: 'plain' };
const MARK = /(?:^|\/)(READ_ONCE|ACQUIRE|WRITE_ONCE|RELEASE)</;
/** Longer bodies are none of the above. */
const LENGTH_MAX = 16;

export interface DefinedFunction {
  readonly index: number;
  readonly name: string;
  readonly code: readonly Instruction[];
}

/** Every defined function with its code; kinds by function index. */
export function classify(module: Module): { functions: DefinedFunction[]; kinds: Map<number, FunctionKind> } {
  const imported = module.functionImports.length;
  const functions = module.bodies.map((body, i) => ({
    index: imported + i,
    name: nameOf(module, imported + i),
    code: readInstructions(module.bytes, body.code, body.end),
  }));
  const kinds = new Map<number, FunctionKind>();
  for (const f of functions) kinds.set(f.index, simpleKind(module, f));
  // A forwarder may forward to another one; the kit's chains are short.
  for (let changed = true; changed; ) {
    changed = false;
    for (const f of functions) {
      if (kinds.get(f.index) !== PLAIN || ownerOf(f.name) !== 'kit') continue;
      const kind = forwarder(module, f, kinds);
      if (kind) {
        kinds.set(f.index, kind);
        changed = true;
      }
    }
  }
  return { functions, kinds };
}

function simpleKind(module: Module, f: DefinedFunction): FunctionKind {
  if (f.code.length > LENGTH_MAX || (module.bodies[f.index - module.functionImports.length]?.locals.length ?? 0) > 0)
    return PLAIN;
  const mark = ownerOf(f.name) === 'kit' ? MARK.exec(f.name)?.[1] : undefined;
  if (mark) {
    const order = mark === 'ACQUIRE' ? 'acquire' : mark === 'RELEASE' ? 'release' : 'once';
    return { kind: 'mark', marks: mark === 'READ_ONCE' || mark === 'ACQUIRE' ? 'load' : 'store', mark: order };
  }
  return (isAccessorName(f.name) && accessor(f.code)) || PLAIN;
}

const isParameter = (instruction: Instruction | undefined, index: number): boolean =>
  instruction?.op === OP.localGet && instruction.a === index;

function accessor(code: readonly Instruction[]): FunctionKind | undefined {
  if (!isParameter(code[0], 0)) return undefined;
  const load = code[1];
  if (code.length === 3 && load && ACCESSES.get(load.op)?.store === false)
    return { kind: 'accessor', op: load.op, offset: load.b };
  // A setter of a reference also calls the collector's (empty) link function.
  const store = code[2];
  const ends = code.length === 4 || (code.length === 8 && code[6]?.op === OP.call);
  if (!isParameter(code[1], 1) || !store || !ACCESSES.get(store.op)?.store || !ends) return undefined;
  return { kind: 'accessor', op: store.op, offset: store.b };
}

function forwarder(
  module: Module,
  f: DefinedFunction,
  kinds: ReadonlyMap<number, FunctionKind>,
): FunctionKind | undefined {
  let i = 0;
  for (let p = 0; p < typeOf(module, f.index).params.length; p++, i++) if (!isParameter(f.code[i], p)) return undefined;
  const constants: number[] = [];
  for (; f.code[i]?.op === OP.i32Const; i++) constants.push(f.code[i]?.a ?? 0);
  const call = f.code[i++];
  if (call?.op !== OP.call) return undefined;
  let drops = false;
  if (f.code[i]?.op === OP.drop) {
    drops = true;
    i++;
  }
  if (f.code[i]?.op === OP.return) i++;
  if (f.code[i]?.op !== OP.end) return undefined;
  if (call.a < module.functionImports.length) return { kind: 'forward', target: call.a, constants, drops };
  const inner = kinds.get(call.a);
  if (inner?.kind !== 'forward') return undefined;
  return {
    kind: 'forward',
    target: inner.target,
    constants: [...constants, ...inner.constants],
    drops: drops || inner.drops,
  };
}
