/** Which functions can be entered again before they return: only these count their depth. */
import type { DefinedFunction } from './classify.js';
import type { Module } from './parse-module.js';
import { typeOf } from './parse-module.js';
import { OP } from './wasm-reader.js';

/** Indices of the functions on a cycle of the call graph. An indirect call may reach each table function of its type. */
export function recursiveFunctions(module: Module, functions: readonly DefinedFunction[]): Set<number> {
  const inTable = [...new Set(module.elements.flatMap((e) => e.functions))];
  const key = (type: { params: readonly number[]; results: readonly number[] }): string =>
    `${type.params}>${type.results}`;
  const byType = new Map<string, number[]>();
  for (const f of inTable) {
    const k = key(typeOf(module, f));
    byType.set(k, [...(byType.get(k) ?? []), f]);
  }
  const edges = new Map<number, Set<number>>();
  for (const f of functions) {
    const out = new Set<number>();
    for (const { op, a } of f.code) {
      if (op === OP.call) out.add(a);
      else if (op === OP.callIndirect) {
        const type = module.types[a];
        for (const target of type ? (byType.get(key(type)) ?? []) : []) out.add(target);
      }
    }
    edges.set(f.index, out);
  }
  return onCycles(edges);
}

/** Tarjan's strongly connected components, iterative: generated call chains may be long. */
function onCycles(edges: ReadonlyMap<number, ReadonlySet<number>>): Set<number> {
  const index = new Map<number, number>();
  const low = new Map<number, number>();
  const open: number[] = [];
  const isOpen = new Set<number>();
  const result = new Set<number>();
  for (const root of edges.keys()) {
    if (index.has(root)) continue;
    const work: { node: number; next: Iterator<number> }[] = [];
    const enter = (node: number): void => {
      index.set(node, index.size);
      low.set(node, index.size - 1);
      open.push(node);
      isOpen.add(node);
      work.push({ node, next: (edges.get(node) ?? new Set<number>()).values() });
    };
    const lower = (node: number, value: number): void => {
      low.set(node, Math.min(low.get(node) ?? value, value));
    };
    enter(root);
    for (let top = work.at(-1); top; top = work.at(-1)) {
      const step = top.next.next();
      if (!step.done) {
        if (!index.has(step.value)) enter(step.value);
        else if (isOpen.has(step.value)) lower(top.node, index.get(step.value) ?? 0);
        continue;
      }
      work.pop();
      const parent = work.at(-1);
      if (parent) lower(parent.node, low.get(top.node) ?? 0);
      if (low.get(top.node) !== index.get(top.node)) continue;
      const component = open.splice(open.lastIndexOf(top.node));
      for (const node of component) {
        isOpen.delete(node);
        if (component.length > 1 || edges.get(node)?.has(node)) result.add(node);
      }
    }
  }
  return result;
}
