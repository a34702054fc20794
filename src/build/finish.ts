/**
 * Last step, on the bytes: Asyncify's two globals, which it imports from "env", become words of the shared memory, and every import
 * comes from "heddle". The executor then switches with a plain store. Where the code asks whether a switch is under way the engine is told
 * that hardly ever one is.
 */
import { ADDRESS } from './abi.js';
import { addHints, type BranchHint } from './branch-hints.js';
import { parseModule, replaceSections } from './parse-module.js';
import type { Module } from './parse-module.js';
import { type Instruction, OP, readInstructions, SECTION } from './wasm-reader.js';
import { append, assemble, loadWord, sized, str, u32, vec } from './wasm-writer.js';

const WORDS: ReadonlyMap<string, number> = new Map([
  ['__asyncify_state', ADDRESS.asyncifyState],
  ['__asyncify_data', ADDRESS.asyncifyData],
]);

export function finish(bytes: Uint8Array): Uint8Array {
  const module = parseModule(bytes);
  const words = new Map<number, number>();
  const newIndex = new Map<number, number>();
  module.globalImports.forEach((g, i) => {
    const word = WORDS.get(g.name);
    if (word === undefined) newIndex.set(i, newIndex.size);
    else words.set(i, word);
  });
  const global = (index: number): number => newIndex.get(index) ?? index - words.size;
  const state = [...words].find(([, word]) => word === ADDRESS.asyncifyState)?.[0] ?? -1;
  const code = u32(module.bodies.length);
  const hints = new Map<number, BranchHint[]>();
  for (const [n, body] of module.bodies.entries()) {
    const out = Array.from(bytes.subarray(body.start, body.code));
    const list: BranchHint[] = [];
    const instructions = readInstructions(bytes, body.code, body.end);
    for (const [i, c] of instructions.entries()) {
      const word = words.get(c.a);
      const isNormal = c.op === OP.if || c.op === OP.brIf ? asksForNormal(instructions, i, state) : null;
      if (isNormal !== null) list.push({ offset: out.length, taken: isNormal });
      if (c.op !== OP.globalGet && c.op !== OP.globalSet) append(out, bytes.subarray(c.start, c.end));
      else if (word === undefined) out.push(c.op, ...u32(global(c.a)));
      else if (c.op === OP.globalGet) out.push(...loadWord(word));
      else throw new Error('internal: the model writes an Asyncify global');
    }
    append(code, sized(out));
    hints.set(module.functionImports.length + n, list);
  }
  const sections = replaceSections(
    module,
    new Map<number, number[]>([
      [SECTION.import, imports(module)],
      [SECTION.code, code],
    ]),
  );
  return assemble(addHints(sections, hints));
}

/** Whether the branch at i is taken when Asyncify's state is normal, which is 0; null if its condition is about more or something else. */
function asksForNormal(code: readonly Instruction[], i: number, state: number): boolean | null {
  const isState = (c: Instruction | undefined): boolean => c?.op === OP.globalGet && c.a === state;
  const [last, before] = [code[i - 1], code[i - 2]];
  if (isState(last)) return false;
  if (last?.op === OP.i32Eqz) return isState(before) ? true : null;
  const compares = last?.op === OP.i32Eq || last?.op === OP.i32Ne;
  if (!compares || before?.op !== OP.i32Const || before.a === 0 || !isState(code[i - 3])) return null;
  return last.op === OP.i32Ne;
}

function imports(module: Module): number[] {
  const entry = (name: string, kind: number, rest: readonly number[]): number[] => [
    ...str('heddle'),
    ...str(name),
    kind,
    ...rest,
  ];
  return vec([
    ...module.functionImports.map((f) => entry(f.name, 0, u32(f.type))),
    ...module.otherImports.map((o) => entry(o.name, o.kind, o.descriptor)),
    ...module.globalImports.filter((g) => !WORDS.has(g.name)).map((g) => entry(g.name, 3, g.descriptor)),
  ]);
}
