/** Exhaustive search over scenes of the kit: reduced and unreduced runs agree. */
import { describe, expect, it } from 'vitest';
import type { VerifyResult } from '../../src/verify/verify.js';
import { modelAt } from '../support/models.js';
import { searched } from '../support/searched.js';

/** Model, scene, states without reduction, kinds of violation. */
const SCENES = [
  ['locks', 'semaphore', 200, []],
  ['locks', 'semaphore-timeout', 20, []],
  ['locks', 'rwlock', 236, []],
  ['locks', 'seqcount', 59, []],
  ['locks', 'once', 48, []],
  ['locks', 'module', 23, []],
  ['rcu', 'rcu', 40, []],
  ['rcu', 'rcu-two-waiters', 233, []],
  ['rcu', 'rcu-call', 95, []],
  ['rcu', 'rcu-barrier', 122, []],
  ['rcu', 'rcu-free', 63, []],
  ['rcu', 'rcu-free-unlocked', 40, ['use-after-free']],
  ['rcu', 'srcu', 54, []],
  ['klist', 'klist', 48, []],
  ['klist', 'klist-remove', 66, []],
  ['timers', 'timer-cancel', 72, []],
  ['timers', 'timer-two', 215, []],
  ['timers', 'timer-periodic', 46, []],
  ['timers', 'delayed-cancel', 51, []],
  ['timers', 'delayed-flush', 67, []],
  ['timers', 'timeout-condition', 32, []],
  ['notifier', 'register', 35, []],
  ['notifier', 'unregister', 32, []],
  ['basics', 'atomic-last', 12, []],
  ['basics', 'refcount', 41, []],
  ['basics', 'list', 32, []],
  ['basics', 'list-walk', 62, []],
  ['basics', 'list-delete', 33, ['invalid-access']],
  ['basics', 'complete-all', 77, []],
  ['basics', 'wake-one', 50, ['deadlock']],
  ['basics', 'rwsem-try-read', 33, []],
  ['basics', 'work-cancel-sync', 33, []],
  ['basics', 'work-drain', 20, []],
  ['basics', 'work-again', 24, ['assertion']],
  ['basics', 'work-again-sync', 27, []],
  ['basics', 'work-again-twice', 316, []],
  ['irq', 'plain', 54, ['deadlock']],
  ['irq', 'safe', 40, []],
  ['irq', 'saving', 47, []],
  ['irq', 'elsewhere', 70, []],
  ['irq', 'line', 34, []],
] as const;

async function run(model: string, scene: string, reduce: boolean): Promise<VerifyResult> {
  const path = `test/models/kit-${model}.ts`;
  return searched((flavour) => modelAt(path, flavour), { scene, reduce });
}

describe('verify', () => {
  it.each(SCENES)('%s, %s: all of its %i states, and the same violations with reduction', async (...row) => {
    const [model, scene, states, kinds] = row;
    const plain = await run(model, scene, false);
    expect([plain.exhausted, plain.states]).toEqual([true, states]);
    expect([...new Set(plain.records.map((r) => r.kind))]).toEqual(kinds);
    const reduced = await run(model, scene, true);
    expect([reduced.exhausted, reduced.verdict]).toEqual([true, plain.verdict]);
    expect(reduced.records.map((r) => r.signature).sort()).toEqual(plain.records.map((r) => r.signature).sort());
  });
});
