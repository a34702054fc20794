/** Virtual methods that a class of the model overrides, as the compiler's dispatchers tell: `Base#go@override` compares class ids. */
import type { DefinedFunction } from './classify.js';
import type { Override } from './manifest.js';
import { displayName, ownerOf } from './names.js';
import { nameOf } from './parse-module.js';
import type { Module } from './parse-module.js';
import { OP } from './wasm-reader.js';

/** In the order of the code; an override that several classes inherit is one. */
export function listOverrides(module: Module, functions: readonly DefinedFunction[]): Override[] {
  return functions
    .filter((f) => f.name.endsWith('@override'))
    .flatMap((f) =>
      dispatched(f).map(({ target, classes }) => ({ base: f.name, name: nameOf(module, target), classes })),
    )
    .filter(({ name }) => ownerOf(name) === 'model')
    .map(({ base, name, classes }) => ({ function: displayName(name), base: displayName(base), classes }));
}

/** Case n of a dispatcher is its n-th block and its n-th call: `i32.const id; i32.eq; br_if n`. */
function dispatched({ code }: DefinedFunction): { target: number; classes: number[] }[] {
  const calls = code.filter((i) => i.op === OP.call).map((i) => i.a);
  const ids = new Map<number, number[]>();
  code.forEach((i, at) => {
    const id = code[at - 2];
    if (i.op !== OP.brIf || code[at - 1]?.op !== OP.i32Eq || id?.op !== OP.i32Const) return;
    ids.set(i.a, [...(ids.get(i.a) ?? []), id.a]);
  });
  return calls.flatMap((target, n) => {
    const classes = ids.get(n);
    return classes ? [{ target, classes }] : [];
  });
}
