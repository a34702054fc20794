/** SURW counts: how often an object is touched, and what tasks do that are not there yet. */
import { describe, expect, it } from 'vitest';
import { Executor } from '../../src/executor/executor.js';
import { enumerateExecutor } from '../support/enumerate.js';
import { modelOf } from '../support/models.js';
import { chiSquareUniform, critical, frequencies, interleaving } from './statistics.js';

const SPAWNING = `import { event, scene, spawn } from 'heddle';
class Cells { a: i32 = 0; b: i32 = 0; }
const cells = new Cells();
function child(): void { cells.a = 1; cells.a = 2; }
function parent(): void { cells.a = 5; spawn(child); cells.a = 6; cells.a = 7; }
function grand(): void { spawn(parent); cells.b = 1; }
function three(n: i32): void { for (let i = 0; i < n; i++) cells.a = i * 4 + n; }
export function register(): void {
  event('parent', parent);
  event('grand', grand);
  event('three', three).arg('n', 1, 4);
  scene('a child').with('parent').with('three', 2);
  scene('a grandchild').with('grand');
}`;

describe('URW', () => {
  it.each(['a child', 'a grandchild'])(
    'draws every interleaving equally often where tasks are spawned: %s',
    async (scene) => {
      const options = { artefact: await modelOf(SPAWNING, 'spawning-cells'), configuration: { scene } };
      const leaves = enumerateExecutor(Executor.create(options), () => {});
      const counts = frequencies(Executor.create(options), ['surw', 0], 10_000, interleaving);
      expect(counts.size).toBe(leaves);
      expect(chiSquareUniform(counts, leaves)).toBeLessThan(critical(leaves - 1));
    },
  );
});

/** Each task has one event at the rare cell: the first one before its ten at the other, the second one behind them. */
const UNEVEN = `import { event, scene } from 'heddle';
class Cells { often: i32 = 0; rare: i32 = 0; }
const cells = new Cells();
function first(): void { cells.rare = 1; for (let i = 0; i < 10; i++) cells.often = i; }
function second(): void { for (let i = 0; i < 10; i++) cells.often = i; cells.rare = 2; }
export function register(): void {
  event('first', first);
  event('second', second);
  scene('both').with('first').with('second');
}`;

describe('SURW', () => {
  it('draws an object by how often it is touched', async () => {
    const artefact = await modelOf(UNEVEN, 'uneven-cells');
    const executor = Executor.create({ artefact });
    const traced = Executor.create({ artefact });
    const [rare] = traced.trace(traced.sceneSchedule()).trace.map(({ address }) => address);
    const counts = frequencies(executor, ['surw', 1], 4_000, ({ recorded }) => {
      const { trace } = traced.trace(recorded);
      return trace.find(({ kind, address }) => kind === 'access' && address === rare)?.task === 1 ? 'late' : 'early';
    });
    // One event in eleven is at the rare cell; if that is drawn, either order of it is as likely. Else that order takes luck.
    const share = (counts.get('late') ?? 0) / 4_000;
    expect(share).toBeGreaterThan(0.03);
    expect(share).toBeLessThan(0.08);
  });
});
