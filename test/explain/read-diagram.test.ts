/** Diagrams that are pasted back, and those that are typed by hand. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Executor } from '../../src/executor/executor.js';
import { fromPortable } from '../../src/executor/portable.js';
import { placeDiagram } from '../../src/explain/place-diagram.js';
import { isDiagram, parseDiagram } from '../../src/explain/read-diagram.js';
import { analyseFinding } from '../../src/findings/analyse.js';
import { heddle, inFolder } from '../cli/run.js';
import { buildFor, committedEntries, sourceOfModel } from '../corpus/committed.js';
import { modelAt, modelOf } from '../support/models.js';
import { failingSchedules } from '../support/schedules.js';

const failing = committedEntries().filter(({ verdict }) => verdict === 'fails');

const BANK = `
# lost update
model bank
scene two-transfers

transfer(10)              transfer(20)
                          transfer: read Account.balance
transfer: Account.balance read
transfer: Account.balance write
                          transfer: Account.balance write
`;

async function placed(text: string, path: string, configuration: { design?: string; scene?: string } = {}) {
  const executor = Executor.create({ artefact: await modelAt(path), configuration });
  return { executor, hot: placeDiagram(executor, parseDiagram(text, 'diagram.txt')) };
}

describe('a printed report', () => {
  it.each(failing.map((entry) => [entry.name, entry] as const))(
    '%s, pasted back, reproduces its finding',
    async (_, entry) => {
      const { design, scene, options, model } = entry.schedule;
      const artefact = await modelAt(sourceOfModel(model));
      const executor = Executor.create({ artefact, configuration: { design, scene, options }, build: buildFor(entry) });
      const { report, signature, bucket } = analyseFinding(executor, fromPortable(executor, entry.schedule).hot, null);
      const diagram = parseDiagram(report, 'report.txt');
      expect(diagram).toMatchObject({ design, scene, options });
      expect(analyseFinding(executor, placeDiagram(executor, diagram), bucket).signature).toBe(signature);
    },
    300_000,
  );
});

/** A free that races with two reads, and a sleeper that was woken before. */
const AT_ONE_STEP = `
import { event, free, scene, WaitQueue } from 'heddle';
class Box { left: i32 = 0; right: i32 = 0; }
class Root { box: Box | null = null; ready: i32 = 0; sum: i32 = 0; }
const root = new Root();
const queue = new WaitQueue();
function setUp(): void { root.box = new Box(); }
function read(): void { const box = root.box!; root.sum = box.left + box.right; }
function drop(): void { const box = root.box!; root.box = null; free(box); }
function sleep(): void { if (root.ready == 0) queue.sleep(); }
function wake(): void { root.ready = 1; queue.wakeAll(); }
export function register(): void {
  event('read', read);
  event('drop', drop);
  event('sleep', sleep);
  event('wake', wake);
  scene('data-race', setUp).with('read').with('drop');
  scene('lost-wakeup').with('sleep').with('wake');
}`;

it.each(['data-race', 'lost-wakeup'] as const)(
  'a report of a %s, pasted back, reproduces it: a step has one line',
  async (kind) => {
    const artefact = await modelOf(AT_ONE_STEP, 'at-one-step');
    const executor = Executor.create({ artefact, configuration: { scene: kind }, build: 'oracles' });
    // Which build runs it is decided by what the schedule is found to show: the command places it without.
    const cheap = Executor.create({ artefact, configuration: { scene: kind } });
    const schedules = failingSchedules(executor, kind, 10);
    expect(schedules.length).toBeGreaterThan(0);
    for (const schedule of schedules) {
      const raw = executor.run(schedule).findings.find((one) => one.kind === kind);
      const record = analyseFinding(executor, schedule, raw ?? null);
      const placed = placeDiagram(cheap, parseDiagram(record.report, kind));
      expect(analyseFinding(executor, placed, record.bucket).signature).toBe(record.signature);
    }
  },
);

/** Two that count to a hundred; in the middle the schedule is asked for a number. */
const COUNTS = `
import { check, choose, event, scene } from 'heddle';
class Cell { value: i32 = 0; }
const cell = new Cell();
function count(): void {
  let chosen = 0;
  for (let i = 0; i < 100; i++) {
    cell.value = cell.value + 1;
    if (i == 42) chosen = choose(3);
  }
  check(chosen != 2, 'chosen');
}
export function register(): void {
  event('count', count);
  scene('two').with('count').with('count');
}`;

describe('the report of a long run', () => {
  it.each([1, 10, 35])(
    'with %i preemptions of each task comes back with all of them, and with its choice',
    async (n) => {
      const executor = Executor.create({ artefact: await modelOf(COUNTS, 'counts') });
      const turns = Array.from({ length: n }, (_, i) => i * 5);
      const given = {
        ...executor.sceneSchedule(),
        deviations: [
          ...turns.map((at) => ({ task: 0, step: 3 + at, target: 1 })),
          ...turns.map((at) => ({ task: 1, step: 4 + at, target: 0 })),
        ],
        choices: [{ task: 1, nth: 0, value: 2 }],
      };
      const { recorded } = executor.run(given);
      expect(recorded.deviations).toHaveLength(2 * n);
      const { report } = analyseFinding(executor, recorded, null);
      expect(placeDiagram(executor, parseDiagram(report, 'report.txt'))).toEqual(recorded);
    },
  );
});

describe('a diagram that is typed by hand', () => {
  it('becomes the schedule that it shows, without numbers, values and dashes', async () => {
    const { executor, hot } = await placed(BANK, 'examples/bank.ts');
    const { trace, findings } = executor.trace(hot);
    expect(findings).toHaveLength(1);
    expect(trace.filter(({ kind }) => kind === 'access').map(({ task }) => task)).toEqual([1, 0, 0, 1, 1, 1, 0, 0]);
  });

  it('may name fields only, or functions only, and several tasks of one name', async () => {
    const text = 'use               use\nuse()\nconfig write\n                  limit read\n';
    const { executor, hot } = await placed(text, 'examples/double-checked.ts');
    expect(executor.run(hot).findings.map(({ kind }) => kind)).toEqual(['assertion']);
  });

  it('is run by the command line', async () => {
    await inFolder(async (cwd) => {
      writeFileSync(join(cwd, 'diagram.txt'), BANK);
      const { code, stdout } = await heddle(['replay', 'diagram.txt'], { cwd });
      expect(stdout).toContain('reproduced invariant “no money is lost” is broken at the end');
      expect(code).toBe(3);
      const [, rest = ''] = BANK.split('two-transfers\n');
      expect((await heddle(['replay', '-', 'bank'], { cwd, input: rest })).code).toBe(3);
      const without = await heddle(['replay', '-'], { cwd, input: rest });
      expect(without.code).toBe(2);
      expect(without.stderr).toMatch(/^error: standard input is a diagram, and does not say of which model\nhint: /);
    });
  });
});

describe('what cannot be placed', () => {
  const at = (line: number, row: string): string => BANK.replace(BANK.split('\n')[line - 1] ?? '?', row);

  it.each([
    [
      'a step that the task never makes',
      at(8, 'transfer: Account.owner read'),
      /^diagram\.txt:8: transfer\(10\) does not come to “transfer: Account\.owner read” here/,
    ],
    [
      'a task that does not exist',
      BANK.replace('transfer(20)', 'audit       '),
      /^diagram\.txt:7: no task is called “audit” when this step comes/,
    ],
    [
      'two steps on a line',
      at(8, 'transfer: Account.balance read   transfer: Account.balance read'),
      /^diagram\.txt:8: one line is one step; here are 2/,
    ],
    ['no event at all', 'a      b\n x: y read\n', /^diagram\.txt:1: no column is an event of bank/],
    ['no steps', 'model bank\ntransfer(10)   transfer(20)\n', /^diagram\.txt:2: there is no step/],
  ])('%s is an error that names the line', async (_, text, message) => {
    await expect(placed(text, 'examples/bank.ts')).rejects.toMatchObject({
      code: 'HDL_SCHEDULE_SYNTAX',
      message: expect.stringMatching(message),
      hint: expect.any(String),
    });
  });

  it('after the last step of a task says that it ends', async () => {
    const text = `${BANK}transfer: Account.balance write\ntransfer: Account.balance write\n`;
    await expect(placed(text, 'examples/bank.ts')).rejects.toMatchObject({
      hint: 'its steps after the line before are: (ends)',
    });
  });
});

describe('isDiagram', () => {
  it('takes no schedule for a diagram, however wrong it is', () => {
    for (const { text } of failing) expect(isDiagram(text)).toBe(false);
    expect(isDiagram('model bank\nevent transfer 1\nswitsch 0  transfer  -> 1\n')).toBe(false);
    expect(isDiagram('')).toBe(false);
    expect(isDiagram(BANK)).toBe(true);
  });
});
