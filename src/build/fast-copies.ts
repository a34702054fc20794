/**
 * Asyncify guards every statement with "is the state normal?", although a rewind is rare. This pass gives each asyncified function a
 * second body for normal execution: there the state is known to be 0 except right after a call. The old body starts with "not
 * rewinding? then go there". Both save the same frames, as both come from one body.
 */
import { parseModule, replaceSections, typeOf } from './parse-module.js';
import type { Body, Module } from './parse-module.js';
import { at, OP, readInstructions, SECTION } from './wasm-reader.js';
import type { Instruction } from './wasm-reader.js';
import { append, assemble, call, i32Const, sized, u32 } from './wasm-writer.js';

const REWINDING = 2;
const VOID = 0x40;

export function addFastCopies(bytes: Uint8Array): Uint8Array {
  const module = parseModule(bytes);
  const state = stateGlobal(module);
  const imported = module.functionImports.length;
  const codes = module.bodies.map((body) => readInstructions(bytes, body.code, body.end));
  const copies = new Map<number, number>();
  codes.forEach((code, i) => {
    const uses = code.some((c) => c.op === OP.globalGet && c.a === state);
    const sets = code.some((c) => c.op === OP.globalSet && c.a === state);
    if (uses && !sets) copies.set(imported + i, imported + codes.length + copies.size);
  });
  const code = u32(codes.length + copies.size);
  module.bodies.forEach((body, i) => {
    const index = imported + i;
    const copy = copies.get(index);
    const out = Array.from(bytes.subarray(body.start, body.code));
    if (copy !== undefined) {
      out.push(OP.globalGet, ...u32(state), ...i32Const(REWINDING), OP.i32Ne, OP.if, VOID);
      for (let k = 0; k < typeOf(module, index).params.length; k++) out.push(OP.localGet, ...u32(k));
      out.push(...call(copy), OP.return, OP.end);
    }
    append(out, bytes.subarray(body.code, body.end));
    append(code, sized(out));
  });
  const functions = [...module.functionTypes];
  for (const index of copies.keys()) {
    const i = index - imported;
    append(code, sized(fastBody(module, at(module.bodies, i), at(codes, i), state, copies)));
    functions.push(at(module.functionTypes, i));
  }
  const types = [...u32(functions.length), ...functions.flatMap(u32)];
  return assemble(
    replaceSections(
      module,
      new Map<number, number[]>([
        [SECTION.function, types],
        [SECTION.code, code],
      ]),
    ),
  );
}

/** The global that holds Asyncify's state. Without suspending calls there is none. */
export const stateGlobal = (module: Module): number =>
  module.globalImports.findIndex((g) => g.name === '__asyncify_state');

function fastBody(
  module: Module,
  body: Body,
  code: readonly Instruction[],
  state: number,
  copies: ReadonlyMap<number, number>,
): number[] {
  const out = Array.from(module.bytes.subarray(body.start, body.code));
  code.forEach((c, i) => {
    if (c.op === OP.globalGet && c.a === state) {
      // "state == 1" is the check after a call, the only place where it can have changed.
      const afterCall = code[i + 1]?.op === OP.i32Const && code[i + 1]?.a === 1 && code[i + 2]?.op === OP.i32Eq;
      if (!afterCall) {
        out.push(...i32Const(0));
        return;
      }
    }
    if (c.op === OP.call) out.push(...call(copies.get(c.a) ?? c.a));
    else append(out, module.bytes.subarray(c.start, c.end));
  });
  return out;
}
