/**
 * Where a fair run can stay for ever: cycles in which every task that can run again and again also takes a step again and again (strong
 * fairness). Strongly connected components, and the refinement for Streett conditions (Emerson and Lei, 1987): a component in which some
 * task can run but takes no step is looked at again without the states where that task can run.
 */
import type { StateGraph } from './graph.js';

export interface FairCycle {
  /** livelock: every task that has not ended takes steps; starvation: some never do. */
  readonly kind: 'livelock' | 'starvation';
  /** A fair run can visit all of them again and again. */
  readonly states: readonly number[];
}

/** All components with a livelock, and for each task one component at least where it starves, if there is any. */
export function fairCycles(graph: StateGraph): FairCycle[] {
  const cycles: FairCycle[] = [];
  for (const { states, edges } of components(graph, null)) {
    const unfinished = graph.unfinishedAt(states[0] ?? 0);
    if (stepping(graph, edges) === unfinished) cycles.push({ kind: 'livelock', states });
    for (let task = 1n; task <= unfinished; task <<= 1n) {
      if (!(unfinished & task)) continue;
      const without = edges.filter((e) => !(graph.ranOn(e) & task) && !avoids(graph, e, task));
      for (const found of fairWithin(graph, without)) cycles.push({ kind: 'starvation', states: found });
    }
  }
  return cycles;
}

interface Component {
  readonly states: readonly number[];
  readonly edges: readonly number[];
}

/** Can one of these tasks run at an end of the edge? */
function avoids(graph: StateGraph, edge: number, tasks: bigint): boolean {
  return ((graph.readyAt(graph.from.at(edge)) | graph.readyAt(graph.to.at(edge))) & tasks) !== 0n;
}

function stepping(graph: StateGraph, edges: readonly number[]): bigint {
  let mask = 0n;
  for (const e of edges) mask |= graph.ranOn(e);
  return mask;
}

/** Sets of states that a fair run along these edges can stay in. */
function fairWithin(graph: StateGraph, edges: readonly number[]): (readonly number[])[] {
  const found: (readonly number[])[] = [];
  const todo = [edges];
  for (let next = todo.pop(); next; next = todo.pop()) {
    for (const { states, edges: inner } of components(graph, next)) {
      let enabled = 0n;
      for (const s of states) enabled |= graph.readyAt(s);
      const unfair = enabled & ~stepping(graph, inner);
      if (unfair === 0n) found.push(states);
      else todo.push(inner.filter((e) => !avoids(graph, e, unfair)));
    }
  }
  return found;
}

/** Strongly connected components that have an edge, of the whole graph or of the graph of these edges. */
function components(graph: StateGraph, some: readonly number[] | null): Component[] {
  if (some) return componentsOf(graph, some);
  const from = Uint32Array.from({ length: graph.edges }, (_, e) => graph.from.at(e));
  const to = Uint32Array.from({ length: graph.edges }, (_, e) => graph.to.at(e));
  const member = tarjan(graph.states, from, to);
  // As a rule nearly nothing is left of it.
  const inner: number[] = [];
  from.forEach((f, e) => {
    if (member[f] === member[to[e] ?? 0]) inner.push(e);
  });
  return componentsOf(graph, inner);
}

function componentsOf(graph: StateGraph, edges: readonly number[]): Component[] {
  const numbers = new Map<number, number>();
  const states: number[] = [];
  const local = (state: number): number => {
    let n = numbers.get(state);
    if (n === undefined) {
      n = states.length;
      numbers.set(state, n);
      states.push(state);
    }
    return n;
  };
  const from = Uint32Array.from(edges, (e) => local(graph.from.at(e)));
  const to = Uint32Array.from(edges, (e) => local(graph.to.at(e)));
  const member = tarjan(states.length, from, to);
  const inner = new Map<number, { states: number[]; edges: number[] }>();
  edges.forEach((e, i) => {
    const c = member[from[i] ?? 0] ?? 0;
    if (c !== member[to[i] ?? 0]) return;
    const entry = inner.get(c) ?? { states: [], edges: [] };
    entry.edges.push(e);
    inner.set(c, entry);
  });
  states.forEach((state, n) => {
    inner.get(member[n] ?? 0)?.states.push(state);
  });
  return [...inner.values()];
}

/** The number of each node's component (Tarjan 1972, without recursion). */
function tarjan(n: number, from: Uint32Array, to: Uint32Array): Uint32Array {
  const start = new Uint32Array(n + 1);
  for (const f of from) start[f + 1] = (start[f + 1] ?? 0) + 1;
  for (let i = 0; i < n; i++) start[i + 1] = (start[i + 1] ?? 0) + (start[i] ?? 0);
  const next = start.slice(0, n);
  const target = new Uint32Array(to.length);
  const fill = start.slice(0, n);
  from.forEach((f, e) => {
    const at = fill[f] ?? 0;
    target[at] = to[e] ?? 0;
    fill[f] = at + 1;
  });
  const index = new Uint32Array(n);
  const low = new Uint32Array(n);
  const component = new Uint32Array(n);
  const onStack = new Uint8Array(n);
  const stack: number[] = [];
  const path: number[] = [];
  let count = 0;
  let found = 0;
  const enter = (v: number): void => {
    index[v] = low[v] = ++count;
    onStack[v] = 1;
    stack.push(v);
    path.push(v);
  };
  for (let root = 0; root < n; root++) {
    if (index[root]) continue;
    enter(root);
    for (let v = path.at(-1); v !== undefined; v = path.at(-1)) {
      const e = next[v] ?? 0;
      if (e < (start[v + 1] ?? 0)) {
        next[v] = e + 1;
        const w = target[e] ?? 0;
        if (!index[w]) enter(w);
        else if (onStack[w]) low[v] = Math.min(low[v] ?? 0, index[w] ?? 0);
        continue;
      }
      path.pop();
      const below = path.at(-1);
      if (below !== undefined) low[below] = Math.min(low[below] ?? 0, low[v] ?? 0);
      if (low[v] !== index[v]) continue;
      found++;
      for (let w = stack.pop(); w !== undefined; w = stack.pop()) {
        onStack[w] = 0;
        component[w] = found;
        if (w === v) break;
      }
    }
  }
  return component;
}
