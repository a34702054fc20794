/** SURW draws so many objects, or one in so many of the shared cells where these are more. */
import { expect, it } from 'vitest';
import { Executor } from '../../src/executor/executor.js';
import { modelOf } from '../support/models.js';

const MODEL = `import { event, scene } from 'heddle';
const cells = new StaticArray<i32>(48);
function touch(n: i32): void { for (let i = 0; i < n; i++) cells[i] = cells[i] * 3 + n; }
export function register(): void {
  event('touch', touch).arg('n', 1, 48);
  scene('few').with('touch', 20).with('touch', 19);
  scene('many').with('touch', 48).with('touch', 47);
}
`;
const ONE_IN_EIGHT = 8 << 8;

/** Final states of some executions of one seed. */
async function hashes(scene: string, parameter: number): Promise<readonly bigint[]> {
  const executor = Executor.create({ artefact: await modelOf(MODEL, 'many-cells'), configuration: { scene } });
  executor.seed(5n);
  executor.strategy('surw', parameter, 200);
  executor.setParent(executor.sceneSchedule(), [], 0);
  return Array.from({ length: 40 }, () => {
    executor.batch(1);
    return executor.result().hash;
  });
}

it('few shared cells: as many as are named', async () => {
  expect(await hashes('few', 4 | ONE_IN_EIGHT)).toEqual(await hashes('few', 4));
});

it('47 shared cells: five of them, and not four', async () => {
  expect(await hashes('many', 4 | ONE_IN_EIGHT)).toEqual(await hashes('many', 5));
  expect(await hashes('many', 4)).not.toEqual(await hashes('many', 5));
});
