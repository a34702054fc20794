/** What can repeat for ever under a fair scheduler: the search against brute force, canaries and twins. */
import { describe, expect, it } from 'vitest';
import { Executor } from '../../src/executor/executor.js';
import type { ModelArtefact } from '../../src/executor/instance.js';
import type { FindingKind } from '../../src/executor/types.js';
import { type VerifyOptions, type VerifyResult, verify } from '../../src/verify/verify.js';
import { modelAt } from '../support/models.js';
import { stateText, unfinished } from '../support/states.js';

const KINDS: readonly FindingKind[] = ['livelock', 'starvation'];
const LIMITS = { stepLimit: 4_000, fuelLimit: 1 << 16 };

async function run(path: string, more: Partial<VerifyOptions> = {}): Promise<VerifyResult> {
  const base = { design: '', scene: '', options: {}, oracles: KINDS, reduce: true, all: true };
  const artefacts = { exact: await modelAt(path, 'exact'), fast: await modelAt(path) };
  const options = { ...artefacts, ...base, ...LIMITS, costly: true, liveness: true, memoryBytes: 128 << 20, ...more };
  return verify(options, () => {}, new AbortController().signal);
}

interface Edge {
  readonly from: number;
  readonly to: number;
  readonly task: bigint;
}
interface Graph {
  readonly ready: bigint[];
  readonly unfinished: bigint[];
  readonly edges: Edge[];
}

/** All states and steps, by walking every interleaving until a state repeats. */
function walk(executor: Executor): Graph {
  const seen = new Map<string, number>();
  const graph: Graph = { ready: [], unfinished: [], edges: [] };
  const visit = (): number => {
    const text = stateText(executor, true);
    const known = seen.get(text);
    if (known !== undefined) return known;
    const here = seen.size;
    seen.set(text, here);
    const tasks = executor.ready();
    graph.ready.push(tasks.reduce((set, t) => set | (1n << BigInt(t)), 0n));
    graph.unfinished.push(unfinished(executor));
    const saved = executor.save();
    for (const task of tasks) {
      executor.restore(saved);
      if (executor.proceed(task)) graph.edges.push({ from: here, to: visit(), task: 1n << BigInt(task) });
    }
    return here;
  };
  if (executor.begin(executor.sceneSchedule())) visit();
  return graph;
}

/**
 * By definition: for each set of tasks, is there a cycle on which exactly they take steps and nobody else can? No components, no refinement:
 * states that reach each other, by marking.
 */
function repeatsByDefinition({ ready, unfinished, edges }: Graph): Set<FindingKind> {
  const kinds = new Set<FindingKind>();
  const tasks = edges.reduce((set, { task }) => set | task, 0n);
  for (let set = tasks; set > 0n; set = (set - 1n) & tasks) {
    const allowed = (s: number): boolean => ((ready[s] ?? 0n) & ~set) === 0n;
    const inside = edges.filter(({ from, to, task }) => task & set && allowed(from) && allowed(to));
    const next = new Map<number, number[]>();
    for (const { from, to } of inside) next.set(from, [...(next.get(from) ?? []), to]);
    const reach = (start: number): Set<number> => {
      const found = new Set<number>();
      const todo = [start];
      for (let s = todo.pop(); s !== undefined; s = todo.pop()) {
        for (const to of next.get(s) ?? []) {
          if (found.has(to)) continue;
          found.add(to);
          todo.push(to);
        }
      }
      return found;
    };
    const from = new Map<number, Set<number>>();
    for (const s of next.keys()) from.set(s, reach(s));
    for (const s of next.keys()) {
      const together = (o: number): boolean => from.get(s)?.has(o) === true && from.get(o)?.has(s) === true;
      const stepping = inside.reduce((all, e) => (together(e.from) && together(e.to) ? all | e.task : all), 0n);
      if (stepping === set) kinds.add(set === unfinished[s] ? 'livelock' : 'starvation');
    }
  }
  return kinds;
}

const kindsOf = (result: VerifyResult): string[] => [...new Set(result.records.map((r) => r.kind))].sort();
const ORACLES = 'test/models/oracles.ts';
const LIVENESS = 'test/models/liveness.ts';

function scenesOf(artefact: ModelArtefact, wanted: RegExp): string[] {
  return Executor.describe(artefact)
    .scenes.map((s) => s.name)
    .filter((name) => wanted.test(name));
}

describe.each([
  [LIVENESS, /./],
  [ORACLES, /^(livelock|starvation)(?!.*step-limit)/],
  ['test/models/waiting.ts', /^(wait|lost|completion|starved)$/],
  ['test/models/locks.ts', /^(two|spin|try|readers)$/],
])('%s', (path, wanted) => {
  it('what can repeat for ever is what brute force says, and a replay shows it', async () => {
    const artefact = await modelAt(path, 'exact');
    for (const scene of scenesOf(artefact, wanted)) {
      const brute = repeatsByDefinition(walk(Executor.create({ artefact, configuration: { scene }, eager: true })));
      for (const reduce of [true, false]) {
        const result = await run(path, { scene, reduce });
        expect([scene, reduce, result.cut]).toEqual([scene, reduce, '']);
        expect([scene, reduce, kindsOf(result)]).toEqual([scene, reduce, [...brute].sort()]);
        if (/twin/.test(scene)) expect([scene, result.verdict]).toEqual([scene, 'verified']);
        const named = /^(livelock|starvation)/.exec(scene)?.[1];
        if (named && !/twin/.test(scene)) expect(kindsOf(result), scene).toContain(named);
      }
    }
  }, 120_000);
});

describe('a run that is only long', () => {
  it('is neither, and nothing is proved', async () => {
    const result = await run(ORACLES, { scene: 'livelock-step-limit' });
    expect([result.verdict, result.cut]).toEqual([
      'incomplete',
      'a run reached the step limit, and whether it repeats is not known',
    ]);
  });
});

describe('the graph of states', () => {
  it('is part of the memory', async () => {
    const result = await run('test/models/toy.ts', { scene: 'three', reduce: false, memoryBytes: 1 << 20 });
    expect([result.verdict, result.exhausted]).toEqual(['incomplete', false]);
  });

  it('is the same for several threads', async () => {
    const result = await run(LIVENESS, { scene: 'livelock-back-off', jobs: 2, helpersAfterMs: 0 });
    expect(kindsOf(result)).toEqual(['livelock']);
  });
});
