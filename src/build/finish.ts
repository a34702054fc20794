/**
 * Last step, on the bytes: Asyncify's two globals, which it imports from "env", become words of the shared memory, and every import
 * comes from "heddle". The executor then switches with a plain store.
 */
import { ADDRESS } from './abi.js';
import { parseModule, replaceSections } from './parse-module.js';
import type { Module } from './parse-module.js';
import { OP, readInstructions, SECTION } from './wasm-reader.js';
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
  const code = u32(module.bodies.length);
  for (const body of module.bodies) {
    const out = Array.from(bytes.subarray(body.start, body.code));
    for (const c of readInstructions(bytes, body.code, body.end)) {
      const word = words.get(c.a);
      if (c.op !== OP.globalGet && c.op !== OP.globalSet) append(out, bytes.subarray(c.start, c.end));
      else if (word === undefined) out.push(c.op, ...u32(global(c.a)));
      else if (c.op === OP.globalGet) out.push(...loadWord(word));
      else throw new Error('internal: the model writes an Asyncify global');
    }
    append(code, sized(out));
  }
  return assemble(
    replaceSections(
      module,
      new Map<number, number[]>([
        [SECTION.import, imports(module)],
        [SECTION.code, code],
      ]),
    ),
  );
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
