/** Numbers that say nothing: of tasks that were never started, of no choice, of designs and options that are not declared. */
import { describe, expect, it } from 'vitest';
import { Executor } from '../../src/executor/executor.js';
import { analyseFinding } from '../../src/findings/analyse.js';
import { failure } from '../support/failure.js';
import { modelOf } from '../support/models.js';
import { searched } from '../support/searched.js';

const source = (statement: string, boot = ''): string => `
import { choose, designIs, design, event, join, option, optionValue, scene, self, spawn } from 'heddle';
class Cell { x: i32 = 0; }
const cell = new Cell();
${boot}
function nothing(): void {}
function task(): void { cell.x = 1; ${statement} cell.x = 2; }
export function register(): void {
  design('a');
  design('b');
  option('o', 3, 0, 9);
  event('task', task);
  scene('s').with('task');
}
`;

const BAD = [
  ['join(77);', 'trap: a join of a task that was never started, in task (join)'],
  ['join(-1);', 'trap: a join of a task that was never started, in task (join)'],
  ['join(128);', 'trap: a join of a task that was never started, in task (join)'],
  ['cell.x = choose(0);', 'trap: choose(n) with n below 1, in task (choose)'],
  ['cell.x = choose(-3);', 'trap: choose(n) with n below 1, in task (choose)'],
  ['cell.x = choose(65537);', 'trap: choose(n) with n above 65,536, in task (choose)'],
  ['if (designIs(5)) cell.x = 3;', 'trap: an index that no design has, in task (designIs)'],
  ['if (designIs(-1)) cell.x = 3;', 'trap: an index that no design has, in task (designIs)'],
  ['cell.x = optionValue(5);', 'trap: an index that no option has, in task (optionValue)'],
] as const;

const GOOD = [
  'join(spawn(nothing));',
  'cell.x = choose(1);',
  'cell.x = choose(3);',
  'if (designIs(1)) cell.x = 3;',
  'cell.x = optionValue(0);',
] as const;

describe('a number that says nothing', () => {
  it.each(BAD)('%s', async (statement, title) => {
    const text = source(statement);
    const executor = Executor.create({ artefact: await modelOf(text, 'numbers') });
    expect(analyseFinding(executor, executor.sceneSchedule(), null)).toMatchObject({ kind: 'trap', title });
    const result = await searched((flavour) => modelOf(text, 'numbers', flavour), { design: 'a' });
    expect([result.verdict, result.records.map((r) => r.title)]).toEqual(['violated', [title]]);
  });
  it.each(['const late = designIs(2);', 'const late = optionValue(1);', 'const late = choose(0);'])(
    'before any task: %s',
    async (boot) => {
      const artefact = await modelOf(source('if (late) cell.x = 3;', boot), 'numbers');
      const error = failure(() => Executor.create({ artefact }));
      expect(error).toMatchObject({ code: 'HDL_MODEL_DECLARATION', diagnostics: [{ line: 5 }] });
    },
  );
  it('and one that does is silent', async () => {
    for (const statement of GOOD) {
      const text = source(statement, 'const early = designIs(1) ? optionValue(0) : 0;');
      const result = await searched((flavour) => modelOf(text, 'numbers', flavour), { design: 'a' });
      expect([statement, result.verdict]).toEqual([statement, 'verified']);
    }
  });
});
