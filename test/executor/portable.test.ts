import { describe, expect, it } from 'vitest';
import { Executor } from '../../src/executor/executor.js';
import { fromPortable, toPortable } from '../../src/executor/portable.js';
import { formatSchedule, parseSchedule } from '../../src/schedule/text.js';
import { executorOf, modelOf, sourceOf } from '../support/models.js';
import { failingSchedules, randomRun } from '../support/schedules.js';

const SCENES: readonly (readonly [path: string, scene: string])[] = [
  ['examples/bank.ts', 'two-transfers'],
  ['examples/abba.ts', 'opposite'],
  ['examples/double-checked.ts', 'two-users'],
  ['test/models/toy.ts', 'three'],
  ['test/models/spawning.ts', 'two'],
  ['test/models/spawning.ts', 'family'],
  ['test/models/choosing.ts', 'both'],
  ['test/models/waiting.ts', 'wait-two'],
  ['test/models/waiting.ts', 'lost'],
  ['test/models/waiting.ts', 'work-two'],
  ['test/models/faults.ts', 'deadlock'],
  ['test/models/faults.ts', 'no-progress-waiting-twin'],
];

describe('portable schedules', () => {
  it.each(SCENES)('of %s, scene %s, come back as the same run', async (path, scene) => {
    const executor = await executorOf(path, { scene });
    for (let seed = 1; seed <= 40; seed++) {
      const { recorded } = randomRun(executor, seed);
      const before = executor.trace(recorded);
      const portable = toPortable(executor, recorded, executor.manifest.name);
      expect(parseSchedule(formatSchedule(portable))).toEqual(portable);
      const { hot, dropped } = fromPortable(executor, portable);
      expect(dropped).toEqual([]);
      const after = executor.trace(hot);
      expect(after.hash).toBe(before.hash);
      expect(after.trace).toEqual(before.trace);
      expect(after.recorded).toEqual(before.recorded);
      expect(after.findings).toEqual(before.findings);
    }
  });

  it('name the site where a task gave way though it never came back to it', async () => {
    const executor = await executorOf('examples/bank.ts');
    // The first task stops before its first store and the second one before its own; then nothing is left of the schedule.
    const portable = toPortable(
      executor,
      { events: executor.sceneSchedule().events, deviations: [{ task: 0, step: 1, target: 1 }], choices: [] },
      'bank',
    );
    expect(portable.deviations).toEqual([
      {
        task: '0',
        site: { function: 'transfer', operation: 'store', field: 'Account.balance', ordinal: 0 },
        occurrence: 1,
        target: '1',
      },
    ]);
    expect(portable.events).toEqual([
      { event: 'transfer', args: [10] },
      { event: 'transfer', args: [20] },
    ]);
  });

  it('list only options that differ from their default, and what the executor was configured with', async () => {
    const executor = await executorOf('examples/bank.ts', { design: 'locked' });
    const portable = toPortable(executor, executor.sceneSchedule(), 'bank');
    expect(portable).toMatchObject({
      model: 'bank',
      design: 'locked',
      scene: 'two-transfers',
      options: {},
      deviations: [],
    });
  });

  it('report what is not there, and keep the rest', async () => {
    const executor = await executorOf('examples/bank.ts');
    const [failing] = failingSchedules(executor, 'invariant');
    const portable = toPortable(executor, failing ?? executor.sceneSchedule(), 'bank');
    const site = { function: 'transfer', operation: 'store', field: 'Account.balance', ordinal: 9 };
    const unknownSite = { task: '0', site, occurrence: 1, target: '1' };
    const endedTarget = {
      task: '1',
      site: { ...site, operation: 'exit', function: '', field: '', ordinal: 0 },
      occurrence: 1,
      target: '0.3',
    };
    const choice = { task: '0', site: { ...site, operation: 'choose' }, occurrence: 1, value: 1 };
    const { hot, dropped } = fromPortable(executor, {
      ...portable,
      deviations: [unknownSite, ...portable.deviations, endedTarget],
      choices: [choice],
    });
    expect(new Set(dropped)).toEqual(new Set([unknownSite, endedTarget, choice]));
    expect(executor.run(hot).findings[0]?.kind).toBe('invariant');
  });

  it('need the events of the model', async () => {
    const executor = await executorOf('examples/bank.ts');
    const portable = toPortable(executor, executor.sceneSchedule(), 'bank');
    const renamed = { ...portable, events: [{ event: 'withdraw', args: [] }] };
    expect(() => fromPortable(executor, renamed)).toThrow(/“withdraw”, which bank does not declare/);
  });
});

describe('arguments', () => {
  it('outside their range are refused, with the place and the range', async () => {
    const executor = await executorOf('examples/bank.ts');
    const portable = toPortable(executor, executor.sceneSchedule(), 'bank');
    for (const args of [[51], [0], []]) {
      const typed = { ...portable, events: [{ event: 'transfer', args }] };
      expect(() => fromPortable(executor, typed)).toThrow(
        `transfer(${args[0] ?? 0}); bank declares amount from 1 to 50`,
      );
    }
    const last = { ...portable, events: [{ event: 'transfer', args: [50] }] };
    expect(fromPortable(executor, last).hot.events).toEqual([{ event: 0, args: [50] }]);
  });

  it('that the event does not take are refused', async () => {
    const executor = await executorOf('examples/bank.ts');
    const portable = toPortable(executor, executor.sceneSchedule(), 'bank');
    const typed = { ...portable, events: [{ event: 'transfer', args: [50, 7] }] };
    expect(() => fromPortable(executor, typed)).toThrow('transfer(50, 7); in bank it takes 1 argument');
  });

  it('of a scene are refused when the model is read', async () => {
    const source = sourceOf('examples/bank.ts').replace("'transfer', 20", "'transfer', 51");
    await expect(modelOf(source, 'bank').then((artefact) => Executor.describe(artefact))).rejects.toThrow(
      'scene “two-transfers” has transfer with amount = 51',
    );
  });
});

describe('an edited model', () => {
  const bank = sourceOf('examples/bank.ts');
  const edits: readonly (readonly [what: string, from: string, to: string])[] = [
    ['with a renamed parameter', 'transfer(amount: i32): void {', 'transfer(sum: i32): void {\n  const amount = sum;'],
    ['with lines and comments added', 'class Account {', '// One.\n\n// Two.\nclass Account {\n'],
    [
      'with an access added elsewhere',
      'const mutex = new Mutex();',
      'const mutex = new Mutex();\nfunction audit(): i32 {\n  return alice.balance;\n}\naudit();',
    ],
    ['with an access added before', '  alice.balance -= amount;', '  log.entries += 1;\n  alice.balance -= amount;'],
  ];

  it.each(edits)('%s still reproduces', async (_what, from, to) => {
    const original = await executorOf('examples/bank.ts');
    const extra = 'class Log {\n  entries: i32 = 0;\n}\nconst log = new Log();\n';
    const source = bank.replace(from, to).replace('function transfer', `${extra}function transfer`);
    expect(source).not.toBe(bank);
    const edited = Executor.create({ artefact: await modelOf(source, 'bank') });
    for (const failing of failingSchedules(original, 'invariant', 5)) {
      const { hot, dropped } = fromPortable(edited, toPortable(original, failing, 'bank'));
      expect(dropped).toEqual([]);
      expect(edited.run(hot).findings.map(({ kind }) => kind)).toEqual(['invariant']);
    }
  });

  it('with its function moved to the end still reproduces', async () => {
    const original = await executorOf('examples/bank.ts');
    const at = bank.indexOf('function transfer');
    const end = bank.indexOf('export function register');
    const moved = bank.slice(0, at) + bank.slice(end) + bank.slice(at, end);
    const edited = Executor.create({ artefact: await modelOf(moved, 'bank') });
    for (const failing of failingSchedules(original, 'invariant', 5)) {
      const { hot, dropped } = fromPortable(edited, toPortable(original, failing, 'bank'));
      expect(dropped).toEqual([]);
      expect(edited.run(hot).findings.map(({ kind }) => kind)).toEqual(['invariant']);
    }
  });
});
