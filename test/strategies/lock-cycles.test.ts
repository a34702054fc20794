/** POS that aims at deadlocks: at those which the dependencies of locks make possible, and at no other. */
import { describe, expect, it } from 'vitest';
import type { ExecutionResult } from '../../src/executor/types.js';
import { executorOf } from '../support/models.js';

const MODEL = 'test/models/lock-cycles.ts';
const SCENES = ['table', 'gate', 'readers', 'polled'];
const SEEDS = 12;
const LIMIT = 2_000;

/** What POS runs with a parameter until it finds something, or `executions`. */
async function* runs(
  configuration: { readonly design: string; readonly scene: string },
  parameter: number,
  seed: number,
  executions: number,
): AsyncGenerator<ExecutionResult> {
  const executor = await executorOf(MODEL, configuration, { visibleOnly: true });
  executor.setEvents(executor.sceneSchedule());
  executor.strategy('pos', parameter);
  executor.seed(BigInt(seed));
  for (let i = 0; i < executions; i++) {
    executor.batch(1);
    yield executor.result();
  }
}

/** Executions until the first deadlock. */
async function untilDeadlock(scene: string, parameter: number, seed: number): Promise<number> {
  let n = 0;
  for await (const { findings } of runs({ design: 'crossed', scene }, parameter, seed, LIMIT)) {
    n++;
    if (findings.some(({ kind }) => kind === 'deadlock')) return n;
  }
  return LIMIT;
}
async function meanUntilDeadlock(scene: string, parameter: number): Promise<number> {
  let sum = 0;
  for (let seed = 1; seed <= SEEDS; seed++) sum += await untilDeadlock(scene, parameter, seed);
  return sum / SEEDS;
}

it('finds a deadlock of four tasks several times as soon as priorities alone', async () => {
  expect(await meanUntilDeadlock('table', 1)).toBeLessThan((await meanUntilDeadlock('table', 0)) / 2);
});

it.each(SCENES)('finds the deadlock of %s soon after an execution has shown the dependencies', async (scene) => {
  for (let seed = 1; seed <= SEEDS; seed++) expect(await untilDeadlock(scene, 1, seed)).toBeLessThan(LIMIT / 10);
});

it.each(['gate', 'readers'])(
  'of %s every second execution ends in the deadlock, and the others as they come',
  async (scene) => {
    const deadlocked: boolean[] = [];
    for await (const { findings } of runs({ design: 'crossed', scene }, 1, 1, 100)) {
      deadlocked.push(findings.some(({ kind }) => kind === 'deadlock'));
    }
    // The first one has nothing to aim at.
    const [aimed, free] = [0, 1].map((rest) => deadlocked.filter((_, i) => i > 0 && i % 2 === rest));
    expect(aimed).not.toContain(false);
    expect(free).toContain(false);
  },
);

describe.each(SCENES)('%s, where no cycle can close', (scene) => {
  it('runs as POS does: a lock around it, one order or readers only are no cycle', async () => {
    const configuration = { design: 'ordered', scene };
    const plain = runs(configuration, 0, 1, 100);
    for await (const result of runs(configuration, 1, 1, 100)) {
      expect(result.findings).toEqual([]);
      expect(result).toEqual((await plain.next()).value);
    }
  });
});

it('does not hold back for ever a task for which another polls: there is no deadlock, and no limit is met', async () => {
  let points = 0;
  for await (const result of runs({ design: 'crossed', scene: 'in turn' }, 1, 1, 100)) {
    expect(result.findings).toEqual([]);
    points += result.points;
  }
  expect(points / 100).toBeLessThan(2_000);
});
