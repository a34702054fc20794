/**
 * The samplers fail as often as they should: beside a simulator that was written from their definitions, and beside the figures that another
 * simulator had given before. Executions of a sampler are independent, so the mean of the executions to the first bug is 1 ÷ the share that
 * fails, and shares are compared.
 */
import { describe, expect, it } from 'vitest';
import { Executor } from '../../src/executor/executor.js';
import { STRATEGIES, type StrategyName } from '../../src/executor/layout.js';
import { createRandom } from '../../src/schedule/prng.js';
import { modelAt } from '../support/models.js';
import { size } from '../support/size.js';
import { type Granularity, PROGRAMS } from './programs.js';
import { SIM_PROGRAMS } from './sim-programs.js';
import { type Body, mainOf, pct, pos, type Random, randomWalk, type Sampler, simulate } from './simulator.js';

/** Far apart by chance once in 15,000 comparisons; seeds are fixed. */
const SIGMAS = 4;
/** But for soaks the two programs that other tests have built already. */
const NAMES = size().name === 'soak' ? Object.keys(SIM_PROGRAMS) : ['reorder_3', 'reorder_5'];
const EXECUTIONS = size().name === 'soak' ? 200_000 : 20_000;
const SIMULATED = size().name === 'soak' ? 50_000 : 10_000;

interface Share {
  readonly hits: number;
  readonly n: number;
}

async function executed(name: string, granularity: Granularity, strategy: StrategyName, depth: number): Promise<Share> {
  const program = PROGRAMS.find((p) => p.name === name);
  if (!program) throw new Error(`no program ${name}`);
  const executor = Executor.create({
    artefact: await modelAt(program.model),
    configuration: { design: 'buggy', scene: program.scenes[granularity] },
  });
  const { points } = executor.run(executor.sceneSchedule());
  executor.strategy(strategy, depth, points);
  executor.setEvents(executor.sceneSchedule());
  executor.seed(0x9e3779b97f4a7c15n);
  let hits = 0;
  for (let done = 0; done < EXECUTIONS; ) {
    done += executor.batch(EXECUTIONS - done);
    if (executor.interest() & 4) hits += 1;
    for (const finding of executor.result().findings) executor.acknowledge(finding);
  }
  return { hits: hits + executor.totals().knownFindings, n: EXECUTIONS };
}

function simulated(
  name: string,
  granularity: Granularity,
  sampler: (random: Random) => Sampler,
  starts: boolean,
): Share {
  const program = SIM_PROGRAMS[name];
  if (!program) throw new Error(`no simulated program ${name}`);
  const threads = program.threads.map((body, i) => (starts && i > 0 ? withStart(body) : body));
  const all = granularity === 'A' ? threads : [mainOf(threads)];
  const source = createRandom(1, 2);
  const random: Random = () => source.below(1 << 30) / (1 << 30);
  let hits = 0;
  for (let i = 0; i < SIMULATED; i++) if (simulate(all, program, sampler(random)).failed) hits += 1;
  return { hits, n: SIMULATED };
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

/** Executions to the first bug in `trials` simulated trials, as recorded; granularity C, where the depth of PCT is less than the length. */
const RECORDED: readonly { name: string; depth: number; mean: number; trials: number }[] = [
  { name: 'reorder_3', depth: 3, mean: 196, trials: 20 },
  { name: 'reorder_3', depth: 10, mean: 98, trials: 20 },
  { name: 'reorder_5', depth: 3, mean: 819, trials: 20 },
  { name: 'twostage', depth: 3, mean: 17, trials: 20 },
  { name: 'bluetooth_driver', depth: 3, mean: 163, trials: 20 },
  { name: 'bluetooth_driver', depth: 10, mean: 216, trials: 20 },
  { name: 'lazy01', depth: 3, mean: 11, trials: 20 },
  { name: 'deadlock01', depth: 3, mean: 32, trials: 20 },
  { name: 'deadlock01', depth: 10, mean: 19, trials: 20 },
];

describe('beside a simulator', () => {
  it.each(NAMES)('the random walk on %s, granularity A', async (name) => {
    const ours = await executed(name, 'A', 'random', 1);
    expect(ours.hits).toBeGreaterThan(100);
    expect(sigmas(ours, simulated(name, 'A', randomWalk, true))).toBeLessThan(SIGMAS);
  });

  it.each(NAMES)('POS on %s', async (name) => {
    const strategy = STRATEGIES.find((s) => (s as string) === 'pos');
    if (!strategy) return expect(STRATEGIES.length).toBe(5); // not there yet: then nothing else is
    for (const granularity of size().name === 'default' ? (['A'] as const) : (['A', 'C'] as const)) {
      const ours = await executed(name, granularity, strategy, 0);
      expect(sigmas(ours, simulated(name, granularity, pos, false)), granularity).toBeLessThan(SIGMAS);
    }
  });

  // Attempts at a lock that is taken are steps here and none there, so only programs without locks compare so closely.
  it.each(NAMES.filter((name) => name.startsWith('reorder')))('PCT of depth 3 on %s, granularity A', async (name) => {
    const ours = await executed(name, 'A', 'pct', 3);
    const k = (await length(name)) - 1;
    const theirs = simulated(name, 'A', (random) => pct(random, 3, k), false);
    const ratio = ours.hits / ours.n / (theirs.hits / theirs.n);
    expect(ratio).toBeGreaterThan(0.8);
    expect(ratio).toBeLessThan(1.25);
  });
});

async function length(name: string): Promise<number> {
  const program = PROGRAMS.find((p) => p.name === name);
  const executor = Executor.create({
    artefact: await modelAt(program?.model ?? ''),
    configuration: { scene: program?.scenes.A ?? '' },
  });
  return executor.run(executor.sceneSchedule()).points;
}

describe('beside recorded figures', () => {
  it.each(RECORDED.filter(({ name }) => NAMES.includes(name)))(
    'PCT of depth $depth on $name, granularity C',
    async ({ name, depth, mean, trials }) => {
      const { hits, n } = await executed(name, 'C', 'pct', depth);
      // Both are estimates: of `trials` trials each with as large a deviation as its mean, and of `hits`.
      const deviation = Math.sqrt(1 / trials + 1 / hits);
      expect(Math.abs(Math.log(n / hits / mean))).toBeLessThan(3 * deviation);
    },
  );
});
