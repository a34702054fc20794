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

it.each([
  [
    'an event more often than it may occur',
    "event('v', visit, 1); scene('one').with('v').with('v');",
    'scene “one” has v 2 times',
  ],
  [
    'a range without a value',
    "event('v', turn).arg('n', 5, 3); scene('one').with('v', 4);",
    'arg(“n”, 5, 3) of event “v” allows nothing',
  ],
  [
    'a default out of its range',
    "option('o', 5, 0, 3); event('v', visit); scene('one').with('v');",
    'option “o” is 5 by default and allows 0 to 3',
  ],
  [
    'an unknown kind',
    "event('v', visit); scene('one').with('v'); symptom('s', '').on('kind', 'leek');",
    'symptom “s” has the kind “leek”',
  ],
  [
    'two invariants of a name',
    "event('v', visit); scene('one').with('v'); invariant('i', () => n > 0); invariant('i', () => n > 1);",
    'invariant “i” is declared twice',
  ],
])('declarations that contradict each other are refused: %s', async (_, declared, message) => {
  const source = `import { event, invariant, option, scene, symptom } from 'heddle';
let n: i32 = 0;
function visit(): void { n++; }
function turn(by: i32): void { n += by; }
export function register(): void { ${declared} }
`;
  const artefact = await modelOf(source, 'wrong');
  expect(failure(() => Executor.describe(artefact)).message).toBe(`wrong: ${message}`);
});

it('a kind may be a pattern', async () => {
  const source = `import { event, scene, symptom } from 'heddle';
function visit(): void {}
export function register(): void {
  event('visit', visit, 1);
  scene('one').with('visit');
  symptom('gone', '').on('kind', '*-free').on('kind', 'leak');
}
`;
  expect(Executor.describe(await modelOf(source, 'pattern')).symptoms).toHaveLength(1);
});

it(`a scene of ${LIMITS.events} events runs, and a larger one is refused by name`, async () => {
  const executor = Executor.create({ artefact: await modelOf(crowd(LIMITS.events), 'crowd') });
  expect(executor.run(executor.sceneSchedule()).tasks).toHaveLength(LIMITS.events);
  const tooLarge = await modelOf(crowd(LIMITS.events + 1), 'crowd');
  expect(() => Executor.describe(tooLarge)).toThrow('scene “crowd” has 101 events');
});
