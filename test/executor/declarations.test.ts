/** What a model may declare. */
import { expect, it } from 'vitest';
import { Executor } from '../../src/executor/executor.js';
import { LIMITS } from '../../src/schedule/schedule.js';
import { failure } from '../support/failure.js';
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

it.each([
  ['a result', 'function visit(): i32 { return ++n; }', 'visit'],
  ['a wide parameter', 'function visit(by: i64): void { n += <i32>by; }', 'visit'],
  ['a float', 'class Turn { static make(by: f32): void { n += <i32>by; } }\nconst visit = Turn.make;', 'Turn.make'],
])('an event whose function no task can call is refused with its place: %s', async (_, declaration, called) => {
  const source = `import { event, scene } from 'heddle';
let n: i32 = 0;
${declaration}
export function register(): void {
  event('visit', visit);
  scene('one').with('visit');
}
`;
  const artefact = await modelOf(source, 'types');
  const error = failure(() => Executor.describe(artefact));
  expect(error.message).toBe(`types: event “visit”: ${called} must return nothing and take i32 arguments only`);
  expect(error.diagnostics).toMatchObject([{ file: 'types.ts', line: 3 }]);
});

it(`a scene of ${LIMITS.events} events runs, and a larger one is refused by name`, async () => {
  const executor = Executor.create({ artefact: await modelOf(crowd(LIMITS.events), 'crowd') });
  expect(executor.run(executor.sceneSchedule()).tasks).toHaveLength(LIMITS.events);
  const tooLarge = await modelOf(crowd(LIMITS.events + 1), 'crowd');
  expect(() => Executor.describe(tooLarge)).toThrow('scene “crowd” has 101 events');
});
