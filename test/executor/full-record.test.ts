/** However many decisions a strategy would take, an execution has no more of them than a schedule holds, and replays. */
import { expect, it } from 'vitest';
import { Executor } from '../../src/executor/executor.js';
import { LIMITS } from '../../src/schedule/schedule.js';
import { modelOf } from '../support/models.js';

const MODEL = `import { choose, event, scene } from 'heddle';
class Cell { value: i32 = 0; }
const cell = new Cell();
function count(): void { for (let i = 0; i < 5000; i++) cell.value += 1; }
function choosing(): void { for (let i = 0; i < 7000; i++) cell.value += choose(3); }
export function register(): void {
  event('count', count);
  event('choosing', choosing);
  scene('counts').with('count').with('count');
  scene('choices').with('choosing');
}
`;
/** A decision at each point, as often as there are points. */
const EVERY_POINT = (0x7fff << 16) | 1;
const LIMITS_OF_RUN = { steps: 200_000, fuel: 10_000_000 };

it.each([
  ['counts', 'random', EVERY_POINT],
  ['counts', 'pos', 0],
  ['choices', 'random', EVERY_POINT],
] as const)('%s by %s', async (scene, strategy, parameter) => {
  const artefact = await modelOf(MODEL, 'long-record');
  const create = (): Executor => Executor.create({ artefact, configuration: { scene }, limits: LIMITS_OF_RUN });
  const executor = create();
  executor.seed(3n);
  executor.strategy(strategy, parameter, 20_000);
  executor.batch(1);
  const { recorded, hash, points } = executor.result();
  const decided = scene === 'choices' ? recorded.choices : recorded.deviations;
  expect(decided).toHaveLength(scene === 'choices' ? LIMITS.choices : LIMITS.deviations);
  expect(create().run(recorded)).toMatchObject({ recorded, hash, points });
});
