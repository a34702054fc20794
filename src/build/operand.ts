/** Names what a method is called on, from the instructions before the call: a variable and the fields read from it. */
import type { DefinedFunction } from './classify.js';
import type { Plan } from './instrument.js';
import { displayName, variableName } from './names.js';
import { nameOf, typeOf } from './parse-module.js';
import { OP } from './wasm-reader.js';

/** `mutex`, `local 0.lock`; empty if the operand is anything but a variable or fields read one from the other. */
export function operandBefore({ module }: Plan, f: DefinedFunction, index: number): string {
  let fields = '';
  for (let k = index - 1; k >= 0; k--) {
    const i = f.code[k];
    if (i?.op === OP.localGet) return `local ${i.a}${fields}`;
    if (i?.op === OP.globalGet) return `${globalName(module.globalNames, i.a)}${fields}`;
    if (i?.op === OP.i32Load) fields = `.+${i.b}${fields}`;
    else if (i?.op === OP.call && typeOf(module, i.a).params.length === 1) {
      fields = `.${displayName(nameOf(module, i.a)).replace(/^.*\./, '')}${fields}`;
    } else return '';
  }
  return '';
}

const globalName = (names: Readonly<Record<number, string>>, index: number): string =>
  variableName(names[index] ?? `global ${index}`);
