/** Invariants at the end are judged one by one: what one hides would count as proved by an exhaustive search. */
import { describe, expect, it } from 'vitest';
import { Executor } from '../../src/executor/executor.js';
import { verify } from '../../src/verify/verify.js';
import { modelOf } from '../support/models.js';

const SOURCE = `
import { event, invariant, scene } from 'heddle';
class Cell {
  value: i32 = 0;
  next: Cell | null = null;
}
const cell = new Cell();
function add(): void {
  cell.value += 1;
}
export function register(): void {
  event('add', add);
  scene('two').with('add').with('add');
  invariant('it ends in a fault of its own', () => cell.value == 2 || cell.next!.value == 0);
  invariant('none is lost', () => cell.value == 2);
  invariant('something is added', () => cell.value > 0);
  invariant('not one', () => cell.value != 1);
}
`;

describe('invariants at the end', () => {
  it('are all reported by the run that breaks them', async () => {
    const artefact = await modelOf(SOURCE, 'invariants');
    const executor = Executor.create({ artefact });
    executor.strategy('random');
    executor.seed(1n);
    executor.batch(1000);
    while (executor.result().findings.length === 0) executor.batch(1000);
    const { recorded, findings } = executor.result();
    const names = findings.map(({ kind, message }) => (kind === 'invariant' ? message : kind));
    expect(names).toEqual(['null-dereference', 'none is lost', 'not one']);
    expect(executor.run(recorded).findings.map(({ kind }) => kind)).toEqual(findings.map(({ kind }) => kind));
  });

  it('are all told by an exhaustive search', async () => {
    const options = {
      fast: await modelOf(SOURCE, 'invariants'),
      exact: await modelOf(SOURCE, 'invariants', 'exact'),
      design: 'default',
      scene: 'two',
      options: {},
      oracles: null,
      reduce: true,
      all: true,
      memoryBytes: 32 << 20,
      stepLimit: 20_000,
      fuelLimit: 1 << 20,
    };
    const { records, exhausted } = await verify(options, () => {}, new AbortController().signal);
    expect(exhausted).toBe(true);
    expect(records.map(({ kind, message }) => message || kind).sort()).toEqual([
      'none is lost',
      'not one',
      'null-dereference',
    ]);
  });
});
