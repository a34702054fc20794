/** What a model may declare. */
import { expect, it } from 'vitest';
import { Executor } from '../../src/executor/executor.js';
import { LIMITS } from '../../src/schedule/schedule.js';
import { modelOf } from '../support/models.js';

function crowd(events: number): string {
  return `import { event, scene } from 'heddle';
let n: i32 = 0;
function visit(): void { n++; }
export function register(): void {
  event('visit', visit);
  const s = scene('crowd');
  for (let i = 0; i < ${events}; i++) s.with('visit');
}
`;
}

it(`a scene of ${LIMITS.events} events runs, and a larger one is refused by name`, async () => {
  const executor = Executor.create({ artefact: await modelOf(crowd(LIMITS.events), 'crowd') });
  expect(executor.run(executor.sceneSchedule()).tasks).toHaveLength(LIMITS.events);
  const tooLarge = await modelOf(crowd(LIMITS.events + 1), 'crowd');
  expect(() => Executor.describe(tooLarge)).toThrow('scene “crowd” has 101 events');
});
