/** Equal tasks that one task has spawned are not interchangeable: it has their handles. */
import { expect, it } from 'vitest';
import { Executor } from '../../src/executor/executor.js';
import { enumerateExecutor } from '../support/enumerate.js';
import { modelOf } from '../support/models.js';

const MODEL = `import { check, event, join, scene, spawn } from 'heddle';
class Cells { started: i32 = 0; ready: i32 = 0; }
const cells = new Cells();
function child(): void { if (cells.started++ == 0) cells.ready = 1; }
function parent(): void {
  const first = spawn(child);
  const second = spawn(child);
  join(first);
  check(cells.ready == 1, 'ready after the first');
  join(second);
}
export function register(): void {
  event('parent', parent);
  scene('twins').with('parent');
}
`;

it.each(['bounded', 'delay'] as const)('%s runs them in each order', async (strategy) => {
  const artefact = await modelOf(MODEL, 'spawned-twins');
  const isWrong = ({ findings }: { findings: readonly { kind: string }[] }): boolean =>
    findings.some(({ kind }) => kind === 'assertion');
  let wrong = 0;
  const leaves = enumerateExecutor(Executor.create({ artefact }), (result) => {
    if (isWrong(result)) wrong++;
  });
  expect(wrong).toBeGreaterThan(0);
  const executor = Executor.create({ artefact });
  executor.setEvents(executor.sceneSchedule());
  executor.strategy(strategy);
  let executions = 0;
  let found = 0;
  while (executor.batch(1) === 1) {
    executions++;
    if (isWrong(executor.result())) found++;
  }
  expect({ executions, found }).toEqual({ executions: leaves, found: wrong });
});
