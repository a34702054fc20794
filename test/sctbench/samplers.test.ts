/**
 * The samplers fail as often as they should: beside a simulator that was written from their definitions, and beside the figures that another
 * simulator had given before. Executions of a sampler are independent, so the mean of the executions to the first bug is 1 ÷ the share that
 * fails, and shares are compared.
 */
import { describe, expect, it } from 'vitest';
import { Executor } from '../../src/executor/executor.js';
import type { StrategyName } from '../../src/executor/layout.js';
import { createRandom } from '../../src/schedule/prng.js';
import { modelAt } from '../support/models.js';
import { size } from '../support/size.js';
import { type Granularity, PROGRAMS } from './programs.js';
import { SIM_PROGRAMS } from './sim-programs.js';
import { Profile, surw } from './sim-surw.js';
import {
  type Body,
  inOrder,
  mainOf,
  pct,
  pos,
  type Random,
  randomWalk,
  type Sampler,
  type SimProgram,
  simulate,
} from './simulator.js';

/** Far apart by chance once in 15,000 comparisons; seeds are fixed. */
const SIGMAS = 4;
/** By default the two that other tests have built already. */
const NAMES = {
  default: ['reorder_3', 'reorder_5'],
  ci: Object.keys(SIM_PROGRAMS).filter((name) => name !== 'reorder_20'),
  soak: Object.keys(SIM_PROGRAMS),
}[size().name];
const EXECUTIONS = size().name === 'soak' ? 200_000 : 20_000;
const SIMULATED: Readonly<Record<Granularity, number>> = { A: size().name === 'soak' ? 50_000 : 10_000, C: 5_000 };
const GRANULARITIES: readonly Granularity[] = size().name === 'default' ? ['A'] : ['A', 'C'];
/** With locks an attempt at one that is taken is a step here and none there, which PCT counts. */
const LOCKLESS: Readonly<Record<Granularity, readonly string[]>> = {
  A: NAMES.filter((name) => name.startsWith('reorder')),
  C: ['reorder_3'], // the others fail too rarely
};

interface Share {
  readonly hits: number;
  readonly n: number;
}

async function executed(
  name: string,
  granularity: Granularity,
  strategy: StrategyName,
  parameter: number,
  executions = EXECUTIONS,
): Promise<Share> {
  const executor = await executorOf(name, granularity);
  const { points } = executor.run(executor.sceneSchedule());
  executor.setEvents(executor.sceneSchedule());
  // SURW's counts are those of the first execution: here one without preemptions, as in the simulator.
  executor.strategy('bounded');
  executor.batch(1);
  for (const finding of executor.result().findings) executor.acknowledge(finding);
  executor.strategy(strategy, parameter, points);
  executor.seed(0x9e3779b97f4a7c15n);
  const before = executor.totals().knownFindings;
  let hits = 0;
  for (let done = 0; done < executions; ) {
    done += executor.batch(executions - done);
    if (executor.interest() & 4) hits += 1;
    for (const finding of executor.result().findings) executor.acknowledge(finding);
  }
  return { hits: hits + executor.totals().knownFindings - before, n: executions };
}

async function executorOf(name: string, granularity: Granularity): Promise<Executor> {
  const program = PROGRAMS.find((p) => p.name === name);
  if (!program) throw new Error(`no program ${name}`);
  return Executor.create({
    artefact: await modelAt(program.model),
    configuration: { design: 'buggy', scene: program.scenes[granularity] },
  });
}

/** The threads of a program, or the one that starts them. */
function threadsOf(name: string, granularity: Granularity, starts = false): readonly Body[] {
  const program = simProgram(name);
  if (granularity === 'C') return [mainOf(starts ? program.threads.map(withStart) : program.threads)];
  return program.threads.map((body, i) => (starts && i > 0 ? withStart(body) : body));
}

function simProgram(name: string): SimProgram {
  const program = SIM_PROGRAMS[name];
  if (!program) throw new Error(`no simulated program ${name}`);
  return program;
}

function simulated(
  name: string,
  threads: readonly Body[],
  sampler: (random: Random) => Sampler,
  executions: number,
): Share {
  const source = createRandom(1, 2);
  const random: Random = () => source.below(1 << 30) / (1 << 30);
  let hits = 0;
  for (let i = 0; i < executions; i++) if (simulate(threads, simProgram(name), sampler(random)).failed) hits += 1;
  return { hits, n: executions };
}

/** The random walk also decides where a task that was chosen to start stands at its first event, but for the first task of a run. */
function withStart(body: Body): Body {
  return function* started(world) {
    yield { kind: 'own' };
    yield* body(world);
  };
}

/** Difference of two shares in standard deviations; 0 if nothing failed anywhere. */
function sigmas(a: Share, b: Share): number {
  const pooled = (a.hits + b.hits) / (a.n + b.n);
  if (pooled === 0) return 0;
  return Math.abs(a.hits / a.n - b.hits / b.n) / Math.sqrt(pooled * (1 - pooled) * (1 / a.n + 1 / b.n));
}

/** Ratio of two shares. */
const ratio = (a: Share, b: Share): number => a.hits / a.n / (b.hits / b.n);

interface Recorded {
  readonly name: string;
  readonly strategy: StrategyName;
  readonly parameter: number;
  readonly mean: number;
  readonly executions?: number;
}
const recorded = (strategy: StrategyName, parameter: number, means: Readonly<Record<string, number>>): Recorded[] =>
  Object.entries(means).map(([name, mean]) => ({ name, strategy, parameter, mean }));

/** Executions to the first bug in so many trials of the other simulator each, at C; only cells where all of them found it. */
const TRIALS = 20;
const RECORDED: readonly Recorded[] = [
  ...recorded('random', 1, { twostage: 684, deadlock01: 94, carter01: 17 }),
  ...recorded('pct', 3, { reorder_3: 196, reorder_5: 819, twostage: 17, bluetooth_driver: 163, lazy01: 11 }),
  ...recorded('pct', 3, { deadlock01: 32 }),
  ...recorded('pct', 10, { reorder_3: 98, bluetooth_driver: 216, deadlock01: 19 }),
  ...recorded('pos', 0, { reorder_3: 67, twostage: 20, bluetooth_driver: 90, lazy01: 14, account: 8.7 }),
  ...recorded('pos', 0, { deadlock01: 23, carter01: 8.6 }),
  ...recorded('surw', 1, { reorder_3: 5.8, reorder_5: 7.2, reorder_20: 5.3, twostage: 6.9, bluetooth_driver: 31 }),
  ...recorded('surw', 1, { lazy01: 3.5, account: 4, deadlock01: 4.6, carter01: 2.5 }),
  { name: 'reorder_100', strategy: 'surw', parameter: 1, mean: 206, executions: 4_000 },
];
/** By default those of one model, and none that takes seconds. */
const QUICK = ['reorder_3', 'reorder_5', 'reorder_20'];

describe.each(GRANULARITIES)('beside a simulator, granularity %s', (granularity) => {
  // Twenty threads with events of their own take the simulator minutes.
  const names = granularity === 'A' ? NAMES : NAMES.filter((name) => name !== 'reorder_20');
  const runs = SIMULATED[granularity];
  it.each(names)('the random walk on %s', async (name) => {
    const ours = await executed(name, granularity, 'random', 1);
    if (granularity === 'A') expect(ours.hits).toBeGreaterThan(100);
    expect(sigmas(ours, simulated(name, threadsOf(name, granularity, true), randomWalk, runs))).toBeLessThan(SIGMAS);
  });

  it.each(names)('POS on %s', async (name) => {
    const ours = await executed(name, granularity, 'pos', 0);
    expect(sigmas(ours, simulated(name, threadsOf(name, granularity), pos, runs))).toBeLessThan(SIGMAS);
  });

  it.each(names)('SURW at one object on %s', async (name) => {
    const threads = threadsOf(name, granularity);
    const profile = new Profile(threads, simProgram(name));
    const ours = await executed(name, granularity, 'surw', 1);
    expect(ours.hits).toBeGreaterThan(100);
    expect(
      sigmas(
        ours,
        simulated(name, threads, (random) => surw(random, profile), runs),
      ),
    ).toBeLessThan(SIGMAS);
  });

  it.each(LOCKLESS[granularity])('PCT of depth 3 on %s', async (name) => {
    const executor = await executorOf(name, granularity);
    const k = executor.run(executor.sceneSchedule()).points - 1;
    const ours = await executed(name, granularity, 'pct', 3, 80_000);
    const theirs = simulated(name, threadsOf(name, granularity), (random) => pct(random, 3, k), 40_000);
    expect(ratio(ours, theirs)).toBeGreaterThan(0.8);
    expect(ratio(ours, theirs)).toBeLessThan(1.25);
  });
});

describe('beside recorded figures, granularity C', () => {
  it.each(RECORDED.filter(({ name }) => size().name !== 'default' || QUICK.includes(name)))(
    '$name by $strategy, parameter $parameter',
    async ({ name, strategy, parameter, mean, executions }) => {
      const { hits, n } = await executed(name, 'C', strategy, parameter, executions);
      // Both are estimates: of so many trials each with as large a deviation as its mean, and of `hits`.
      const deviation = Math.sqrt(1 / TRIALS + 1 / hits);
      expect(Math.abs(Math.log(n / hits / mean))).toBeLessThan(3 * deviation);
    },
  );
});

it('at C main has ten events of its own before it starts a thread, and a thread three before and after its body', async () => {
  const executor = await executorOf('reorder_3', 'C');
  const { trace, points } = executor.trace(executor.sceneSchedule());
  const accesses = trace.filter(({ kind }) => kind === 'access');
  expect(accesses.map(({ task }) => task).join('')).toBe(
    `${'0'.repeat(3 * 11 + 1)}${'1'.repeat(8)}0${'2'.repeat(8)}0${'3'.repeat(9)}`,
  );
  const { steps } = simulate(threadsOf('reorder_3', 'C'), simProgram('reorder_3'), inOrder());
  expect(accesses).toHaveLength(steps);
  // Three joins that wait, and four ends.
  expect(points).toBe(steps + 3 + 4);
  for (const thread of [1, 2, 3]) {
    const cells = accesses.filter(({ task }) => task === thread).map(({ address }) => address);
    const own = cells.map((cell) => cell === cells[0]);
    expect(own.indexOf(false)).toBe(3);
    expect(own.length - 1 - own.lastIndexOf(false)).toBe(3);
  }
});
