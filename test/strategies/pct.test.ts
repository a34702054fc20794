/** PCT's change points: each step of an execution is as likely to be one, however long it was thought to be; and who polls gives way. */
import { describe, expect, it } from 'vitest';
import { Executor } from '../../src/executor/executor.js';
import { executorOf, modelOf } from '../support/models.js';
import { chiSquare, chiSquareUniform, critical } from './statistics.js';

const N = 20_000;
/** Of scene `window`: 12 events and two ends. */
const LENGTH = 14;

describe('a change point', () => {
  it.each([2, LENGTH])('is at each step equally often if the estimate of the length is %i', async (estimate) => {
    const executor = await executorOf('test/models/orders.ts', { scene: 'window' });
    executor.setEvents(executor.sceneSchedule());
    executor.strategy('pct', 2, estimate);
    executor.seed(5n);
    const outcomes = new Map<string, number>();
    for (let i = 0; i < N; i++) {
      executor.batch(1);
      const key = `${executor.result().hash}`;
      outcomes.set(key, (outcomes.get(key) ?? 0) + 1);
    }
    // What `look` sees: 0 if it ranks higher, 1 to 9 after so many stores if the change point is there, 10 if it is later.
    expect(outcomes.size).toBe(11);
    const sorted = [...outcomes].sort(([, a], [, b]) => a - b);
    const between = sorted.slice(0, 9);
    expect(chiSquareUniform(new Map(between), 9)).toBeLessThan(critical(8));
    const [last = 0, first = 0] = sorted.slice(9).map(([, n]) => n);
    const counts = new Map([
      ['first', first],
      ['between', between.reduce((sum, [, n]) => sum + n, 0)],
      ['last', last],
    ]);
    const expected = new Map([
      ['first', 1 / 2],
      ['between', 9 / (2 * LENGTH)],
      ['last', 5 / (2 * LENGTH)],
    ]);
    expect(chiSquare(counts, expected)).toBeLessThan(critical(2));
  });
});

const POLLING = `import { event, READ_ONCE, scene, WRITE_ONCE, yieldNow } from 'heddle';
class Words { came: i32 = 0; }
const words = new Words();
function yields(): void { while (READ_ONCE(words.came) == 0) yieldNow(); }
function spins(): void { while (READ_ONCE(words.came) == 0) {} }
function comes(): void { words.came = WRITE_ONCE(1); }
export function register(): void {
  event('yields', yields);
  event('spins', spins);
  event('comes', comes);
  scene('yields').with('yields').with('comes');
  scene('spins').with('spins').with('comes');
}`;

describe('a task that ranks highest and polls', () => {
  it.each([
    ['yields', 10],
    ['spins', 2_000],
  ])('drops below the others as soon as it %s', async (scene, most) => {
    const executor = Executor.create({ artefact: await modelOf(POLLING, 'polls'), configuration: { scene } });
    executor.setEvents(executor.sceneSchedule());
    executor.strategy('pct', 1, 10);
    executor.seed(5n);
    const lengths = new Set<number>();
    for (let i = 0; i < 50; i++) {
      executor.batch(1);
      expect(executor.result().findings).toEqual([]);
      lengths.add(executor.result().points);
    }
    // Either order.
    expect(lengths.size).toBe(2);
    expect(Math.max(...lengths)).toBeLessThan(most);
  });
});
