/** Events that nobody else cares about go along with the one before them; nothing is missed by that, and nothing else is shifted. */
import { describe, expect, it } from 'vitest';
import type { StrategyName } from '../../src/executor/layout.js';
import { executorOf } from '../support/models.js';
import { chiSquare, critical, frequencies, interleaving } from './statistics.js';

const MODEL = 'test/models/visibility.ts';
const SAMPLERS: readonly (readonly [StrategyName, number])[] = [
  ['pos', 0],
  ['surw', 0],
  ['surw', 4],
  ['reads-from', 0],
];
const EXECUTIONS = 400;

describe.each(SAMPLERS)('%s %i', (strategy, parameter) => {
  it.each(['learnt late', 'freed', 'written by the kit', 'copied'])(
    'finds a bug that needs a decision before what looked invisible: %s',
    async (scene) => {
      const findings = async (design: string): Promise<number> => {
        const executor = await executorOf(MODEL, { design, scene }, { visibleOnly: true });
        executor.setEvents(executor.sceneSchedule());
        executor.strategy(strategy, parameter, 20);
        executor.seed(1n);
        let found = 0;
        for (let i = 0; i < EXECUTIONS; i++) {
          executor.batch(1);
          found += executor.result().findings.length;
        }
        return found;
      };
      expect(await findings('broken')).toBeGreaterThan(0);
      expect(await findings('fixed')).toBe(0);
    },
  );

  it('lets others run where a task polls what nobody was seen to write', async () => {
    const executor = await executorOf(MODEL, { design: 'broken', scene: 'waited for' }, { visibleOnly: true });
    executor.setEvents(executor.sceneSchedule());
    executor.seed(1n);
    const kinds = new Set<string>();
    // In the first execution the last task ends all before the others have begun.
    for (const [name, executions] of [
      ['last-first', 1],
      [strategy, 50],
    ] as const) {
      executor.strategy(name, parameter, 20);
      for (let i = 0; i < executions; i++) {
        executor.batch(1);
        for (const { kind } of executor.result().findings) kinds.add(kind);
      }
    }
    expect([...kinds]).toEqual(['assertion']);
  });
});

describe('a task with twelve events of its own before those at the shared cell', () => {
  const SCENE = { scene: 'uneven' };
  const [even, uneven] = [
    [1 / 2, 1 / 2],
    [1 / 14, 13 / 14],
  ];
  const orders = async (visibleOnly: boolean, name: StrategyName, parameter: number): Promise<Map<string, number>> => {
    const executor = await executorOf('test/models/orders.ts', SCENE, { visibleOnly });
    const traced = await executorOf('test/models/orders.ts', SCENE);
    const accesses = traced.trace(traced.sceneSchedule()).trace.filter(({ kind }) => kind === 'access');
    const shared = accesses.at(-1)?.address;
    return frequencies(executor, [name, parameter], 6_000, ({ recorded }) => {
      const first = traced.trace(recorded).trace.find(({ kind, address }) => kind === 'access' && address === shared);
      return `${first?.task}`;
    });
  };
  const expected = ([zero = 0, one = 0]: readonly number[]) =>
    new Map([
      ['0', zero],
      ['1', one],
    ]);

  it('is as likely to be first there as the other for POS, and one in fourteen if it decides before each event', async () => {
    expect(chiSquare(await orders(true, 'pos', 0), expected(even ?? []))).toBeLessThan(critical(1));
    expect(chiSquare(await orders(false, 'pos', 0), expected(uneven ?? []))).toBeLessThan(critical(1));
  });

  it('is as likely to be first there for SURW in either way', async () => {
    for (const visibly of [true, false])
      expect(chiSquare(await orders(visibly, 'surw', 1), expected(even ?? []))).toBeLessThan(critical(1));
  });
});

it('SURW does not wait long where the task that it intends polls for one that is held', async () => {
  const executor = await executorOf(MODEL, { scene: 'polled' }, { visibleOnly: true });
  executor.setEvents(executor.sceneSchedule());
  executor.strategy('surw', 1);
  executor.seed(3n);
  for (let i = 0; i < EXECUTIONS; i++) executor.batch(1);
  // 52; without a limit of its own it goes on until the rule for spinning ends it: 120.
  expect(executor.totals().points / EXECUTIONS).toBeLessThan(80);
});

it('has no preemption but before visible events, and records what replays', async () => {
  const executor = await executorOf('test/models/orders.ts', { scene: 'uneven' }, { visibleOnly: true });
  const traced = await executorOf('test/models/orders.ts', { scene: 'uneven' });
  const words = frequencies(executor, ['pos', 0], 500, (result) => {
    expect(traced.run(result.recorded).hash).toBe(result.hash);
    return interleaving(result);
  });
  // Task 0 has 12 events of its own: behind the first execution it is preempted only at its start or before the last two.
  const steps = [...words.keys()].flatMap((word) => [...word.matchAll(/0@(\d+)/g)].map(([, step]) => Number(step)));
  expect(steps.length).toBeGreaterThan(0);
  expect(steps.filter((step) => step > 0 && step < 12)).toEqual([]);
});
