/**
 * Reads-from steers: its abstract schedules lie in the executor's memory, so a test reads there what was aimed at, and compares it with what
 * was shown and with the power schedule that decides what is aimed at next.
 */
import { beforeAll, describe, expect, it } from 'vitest';
import { Executor } from '../../src/executor/executor.js';
import type { ModelArtefact } from '../../src/executor/instance.js';
import type { TraceStep } from '../../src/executor/types.js';
import { modelAt } from '../support/models.js';

/** As in assembly/strategies/layout.ts. */
const PAIRS = 0x102d000;
const COMBINATIONS = 0x1038000;
const COMBINATIONS_MAX = 0x4000;
const ABSTRACT = 0x1058000;
const ABSTRACT_SIZE = 64;
const CONSTRAINTS = 16;
const STAGE_MAX = 16;

let artefact: ModelArtefact;
beforeAll(async () => {
  artefact = await modelAt('bench/sctbench/programs/reorder.ts');
});

function executorOf(scene: string, seed: bigint): Executor {
  const executor = Executor.create({ artefact, configuration: { design: 'buggy', scene } });
  executor.setEvents(executor.sceneSchedule());
  executor.strategy('reads-from', 0, 50);
  executor.seed(seed);
  return executor;
}

interface Kept {
  /** How often its combination was seen. */
  readonly seen: number;
  readonly chosen: number;
  /** By number of the pair: whether it is wanted. */
  readonly constraints: ReadonlyMap<number, boolean>;
}

/** The first n kept abstract schedules. */
function keptOf({ view }: Executor, n: number): Kept[] {
  return Array.from({ length: n }, (_, i) => {
    const at = ABSTRACT + i * ABSTRACT_SIZE;
    const codes = Array.from(
      { length: view.i32(at + 8) },
      (_, k) => (view.i32(at + CONSTRAINTS + 4 * (k >> 1)) >>> (16 * (k & 1))) & 0xffff,
    );
    return {
      seen: view.i32(COMBINATIONS + 8 * view.i32(at) + 4),
      chosen: view.i32(at + 4),
      constraints: new Map(codes.map((code) => [code >> 1, (code & 1) === 1])),
    };
  });
}
const isKept = ({ view }: Executor, i: number): boolean => view.i32(ABSTRACT + i * ABSTRACT_SIZE) !== 0;

function combinationsOf({ view }: Executor): number {
  let n = 0;
  for (let i = 0; i < COMBINATIONS_MAX; i++) if (view.i32(COMBINATIONS + 8 * i) !== 0) n += 1;
  return n;
}

/** Whether the pair was seen in the latest of so many executions. */
const isShown = ({ view }: Executor, pair: number, executions: number): boolean =>
  view.i32(PAIRS + 16 * pair + 12) === executions;
const isPair = ({ view }: Executor, pair: number): boolean => view.i32(PAIRS + 16 * pair + 4) !== 0;

it('finds the bug of reorder_5 with a main thread within some hundred executions, where POS needs a thousand', () => {
  const needed = Array.from({ length: 20 }, (_, i) => {
    const executor = executorOf('5, C', BigInt(i + 1) * 77n);
    let n = 0;
    while (n < 300) {
      n += executor.batch(300 - n);
      if (executor.interest() & 4) return n;
    }
    return Number.POSITIVE_INFINITY;
  });
  expect(Math.max(...needed)).toBeLessThan(300);
});

/** Executions that a kept schedule deserves: the cut-off exponential of AFLFast. */
function energy({ seen, chosen }: Kept, mean: number): number {
  if (seen > mean + 1) return 0;
  const factor = 2 ** Math.min(Math.floor(chosen / STAGE_MAX), 10);
  return Math.min(Math.max(Math.floor(factor / Math.max(mean, 1)), 1), STAGE_MAX);
}

it('mutates each kept schedule in turn whose combination is not seen more often than the mean, as long as it deserves', () => {
  const executor = executorOf('3, A', 5n);
  let parent = -1;
  let stage = 0;
  let kept = 0;
  const stages = new Set<number>();
  let passedOver = 0;
  for (let executions = 0; executions < 1_000; executions++) {
    const before = keptOf(executor, kept);
    const mean = Math.floor(executions / Math.max(combinationsOf(executor), 1));
    if (kept > 0) {
      for (let tries = 0; stage === 0 && tries < kept; tries++) {
        parent = (parent + 1) % kept;
        const one = before[parent];
        stage = one ? energy(one, mean) : 0;
        if (stage === 0) passedOver += 1;
        stages.add(stage);
      }
      stage = Math.max(stage, 1) - 1;
    }
    executor.batch(1);
    const chosen = keptOf(executor, kept).flatMap((one, i) => (one.chosen > (before[i]?.chosen ?? 0) ? [i] : []));
    expect(chosen, `execution ${executions}`).toEqual(kept > 0 ? [parent] : []);
    if (isKept(executor, kept)) kept += 1;
  }
  expect(kept).toBeGreaterThan(3);
  expect(passedOver).toBeGreaterThan(100);
  expect(Math.max(...stages)).toBeGreaterThan(1);
});

it('aims away from most of the pairs that it mentions, and those are seen less often', () => {
  const executor = executorOf('5, C', 5n);
  const pairs: { readonly free: Tally; readonly unwanted: Tally }[] = [];
  let kept = 0;
  for (let executions = 1; executions <= 2_000; executions++) {
    const before = keptOf(executor, kept);
    executor.batch(1);
    const parent = keptOf(executor, kept).find((one, i) => one.chosen > (before[i]?.chosen ?? 0));
    if (isKept(executor, kept)) kept += 1;
    for (let pair = 0; parent && isPair(executor, pair); pair++) {
      const tallies = pairs[pair] ?? { free: { shown: 0, n: 0 }, unwanted: { shown: 0, n: 0 } };
      pairs[pair] = tallies;
      const wanted = parent.constraints.get(pair);
      if (wanted === true) continue;
      const tally = tallies[wanted === undefined ? 'free' : 'unwanted'];
      tally.n += 1;
      if (isShown(executor, pair, executions)) tally.shown += 1;
    }
  }
  const told = pairs.filter(({ free }) => free.n > 100);
  const shown = told.reduce((sum, { unwanted }) => sum + unwanted.shown, 0);
  const otherwise = told.reduce((sum, { free, unwanted }) => sum + (unwanted.n * free.shown) / free.n, 0);
  expect(otherwise).toBeGreaterThan(500);
  // The constraints are the parent's: of its one to three mutations some take one away or turn it round.
  expect(shown / otherwise).toBeLessThan(0.85);
  const signs = keptOf(executor, kept).flatMap(({ constraints }) => [...constraints.values()]);
  // One insertion in nine is of a wanted pair, but what is there is turned round as often as something is inserted.
  expect(signs.filter((wanted) => wanted).length / signs.length).toBeLessThan(0.45);
});

interface Tally {
  shown: number;
  n: number;
}

describe('where all that is kept mentions one pair, and nothing else', () => {
  const RUNS = 400;
  /** In which part of RUNS executions the pair is shown; null: without constraints. */
  function rateOf(executor: Executor, pair: number, wanted: boolean | null): number {
    const { view } = executor;
    const code = (pair << 1) | (wanted ? 1 : 0);
    // Of so many the one to three mutations change few.
    const constraints = wanted === null ? 0 : 20;
    let shown = 0;
    for (let i = 0; i < RUNS; i++) {
      for (let k = 0; isKept(executor, k); k++) {
        const at = ABSTRACT + k * ABSTRACT_SIZE;
        view.setI32(at + 8, constraints);
        for (let c = 0; c < constraints / 2; c++) view.setI32(at + CONSTRAINTS + 4 * c, code | (code << 16));
      }
      executor.batch(1);
      if (isShown(executor, pair, executor.totals().executions)) shown += 1;
    }
    return shown / RUNS;
  }

  it.each([
    // A reader that wants what was there at the start goes first, and who would overwrite it goes last; that it must not see it holds it back.
    { read: 0, write: null, least: 0.85, most: 0.35 },
    // A reader that wants a store waits for it.
    { read: 0, write: 0, least: 0.9, most: 0.9 },
    // The whole window: the second load of a has come, and nobody has stored b.
    { read: 2, write: null, least: 0.35, most: 0.2 },
  ])('event $read of the reader sees event $write of a writer: %o', ({ read, write, least, most }) => {
    const executor = executorOf('3, A', 5n);
    for (let i = 0; i < 300; i++) executor.batch(1);
    const other = Executor.create({ artefact, configuration: { design: 'buggy', scene: '3, A' } });
    const { trace } = other.trace(other.sceneSchedule());
    const eventOf = (task: number, n: number): TraceStep | undefined =>
      trace.filter((step) => step.kind === 'access' && step.task === task)[n];
    const reader = eventOf(2, read);
    const writer = write === null ? 0 : eventOf(0, write)?.site;
    const { view } = executor;
    let pair = 0;
    for (; isPair(executor, pair); pair++) {
      const at = PAIRS + 16 * pair;
      if (view.i32(at) === writer && view.i32(at + 4) === reader?.site && view.i32(at + 8) === reader?.address) break;
    }
    expect(isPair(executor, pair)).toBe(true);
    const [free, wanted, unwanted] = [null, true, false].map((sign) => rateOf(executor, pair, sign));
    expect(wanted).toBeGreaterThan(Math.max(least, free ?? 1));
    expect(unwanted).toBeLessThan(most);
  });
});
