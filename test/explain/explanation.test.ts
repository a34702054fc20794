/** Why a schedule fails: the orders that it needs, how likely it is, and the formats in which that is said. */
import { beforeAll, describe, expect, it } from 'vitest';
import { Executor } from '../../src/executor/executor.js';
import { fromPortable } from '../../src/executor/portable.js';
import { explainFinding, type Explanation } from '../../src/explain/explanation.js';
import { renderMarkdown, renderText } from '../../src/explain/formats.js';
import { renderHtml } from '../../src/explain/html.js';
import { renderMermaid } from '../../src/explain/mermaid.js';
import { stepText } from '../../src/explain/summary.js';
import { analyseFinding } from '../../src/findings/analyse.js';
import { minimizeFinding } from '../../src/findings/minimize.js';
import { bucketOf } from '../../src/findings/place.js';
import type { HotSchedule } from '../../src/schedule/schedule.js';
import { committedEntries, committedFailure, sourceOfModel } from '../corpus/committed.js';
import { modelAt, modelOf } from '../support/models.js';
import { randomRun } from '../support/schedules.js';

interface Case {
  readonly artefact: Awaited<ReturnType<typeof modelAt>>;
  readonly scene?: string;
  readonly design?: string;
  readonly hot: (executor: Executor) => HotSchedule;
  readonly bucket?: string;
  readonly build?: 'oracles';
}

function explained({ artefact, scene = '', design = '', hot, bucket, build }: Case): Explanation {
  const configuration = { scene, design };
  const limits = { steps: 2_000, fuel: 1 << 20 };
  const base = { artefact, configuration, limits, ...(build ? { build } : {}) };
  const executor = Executor.create(base);
  const schedule = hot(executor);
  const [raw] = executor.run(schedule).findings;
  if (!raw) throw new Error('the schedule does not fail');
  const record = analyseFinding(executor, schedule, bucket ?? bucketOf(raw, executor.manifest));
  const eager = Executor.create({ ...base, eager: true });
  return explainFinding({ executor, eager, hot: schedule, record });
}

async function ofCommitted(entry: ReturnType<typeof committedFailure>): Promise<Explanation> {
  const { scene, design, model } = entry.schedule;
  const artefact = await modelAt(sourceOfModel(model));
  return explained({ artefact, scene, design, hot: (executor) => fromPortable(executor, entry.schedule).hot });
}

const orders = ({ causality }: Explanation): string[] =>
  causality.causes.map(({ first, second }) => `${stepText(first)} → ${stepText(second)}`);

/** Two variables that are torn apart only together: turning one pair round is not enough, since either copy shows it. */
const TWICE = `
import { event, invariant, scene } from 'heddle';
class Cell { a: i32 = 0; b: i32 = 0; seenA: i32 = 0; seenB: i32 = 0; }
const cell = new Cell();
function write(): void { cell.a = 1; cell.b = 1; }
function read(): void { cell.seenA = cell.a; cell.seenB = cell.b; }
export function register(): void {
  event('write', write);
  event('read', read);
  scene('both').with('write').with('read');
  invariant('nothing is seen', () => cell.seenA == 0 && cell.seenB == 0);
}`;

const LEAK = `
import { event, free, scene } from 'heddle';
class Box { value: i32 = 0; }
class Shelf { box: Box | null = null; }
const shelf = new Shelf();
function put(): void { if (shelf.box == null) shelf.box = new Box(); }
function clear(): void { const box = shelf.box; shelf.box = null; if (box) free(box); }
export function register(): void {
  event('put', put);
  event('clear', clear);
  event('put again', put);
  scene('shelf').with('put').with('put again').with('clear');
}`;

describe('the orders that a failure needs', () => {
  it('are both halves of a lost update', async () => {
    expect(orders(await ofCommitted(committedFailure('bank', 'invariant')))).toEqual([
      'transfer(10) in transfer: Account#2.balance read → transfer(20) in transfer: Account#2.balance write',
      'transfer(20) in transfer: Account#2.balance read → transfer(10) in transfer: Account#2.balance write',
    ]);
  });

  it('are the two locks of a deadlock', async () => {
    expect(orders(await ofCommitted(committedFailure('abba', 'deadlock')))).toEqual([
      'forward in forward: Mutex#1 lock → backward in backward: Mutex#1 lock',
      'backward in backward: Mutex#2 lock → forward in forward: Mutex#2 lock',
    ]);
  });

  it('are the publication before its use, and the use before the initialisation', async () => {
    const explanation = await ofCommitted(committedFailure('double-checked', 'assertion'));
    expect(orders(explanation)[0]).toBe('use [0] in use: Slot.config write → use [1] in use: Slot.config read');
    // The run ends before the initialisation: what the other task would still have done is looked for.
    const [alike] = explanation.causality.causes[1]?.alike ?? [];
    expect(alike).toMatchObject({
      first: { operation: 'Config.limit read' },
      second: { operation: 'Config.limit write' },
    });
  });

  it('are a set where no order matters alone', async () => {
    const artefact = await modelOf(TWICE, 'twice');
    const explanation = explained({ artefact, hot: (executor) => executor.sceneSchedule() });
    expect(explanation.causality.causes).toMatchObject([{ flipped: 'set', members: [{}] }]);
    expect(renderText(explanation)).toContain('turned round together, the failure is gone; none of them matters alone');
  });

  it('are none where nothing races', async () => {
    const artefact = await modelAt('test/models/waiting.ts');
    const explanation = explained({ artefact, scene: 'starved', hot: (executor) => executor.sceneSchedule() });
    expect(explanation.causality).toMatchObject({ causes: [], complete: true });
    expect(explanation.summary).toContain('No order of two steps is needed for it');
  });

  it('of a leak are those of the stores that lose the object', async () => {
    const artefact = await modelOf(LEAK, 'shelf');
    const hot = (executor: Executor): HotSchedule => ({
      ...executor.sceneSchedule(),
      deviations: [
        { task: 0, step: 1, target: 1 },
        { task: 1, step: 2, target: 0 },
      ],
    });
    const explanation = explained({ artefact, hot });
    expect(explanation.record.kind).toBe('leak');
    expect(explanation.summary).toMatch(/It fails only if /);
  });

  it('are said of a run that never ends, too', async () => {
    const artefact = await modelAt('test/models/endless.ts');
    const explanation = explained({ artefact, scene: 'alone', hot: (executor) => executor.sceneSchedule() });
    expect(explanation.record.kind).toBe('step-limit');
    expect(explanation.causality.causes).toEqual([]);
    expect(explanation.likelihood?.points.every(({ share }) => share === 1)).toBe(true);
  });
});

/** The reader's first look decides; whoever writes after it comes too late with each of thirteen words. */
const MANY = `
import { event, invariant, scene } from 'heddle';
class Words {
${Array.from({ length: 15 }, (_, i) => `  w${i}: i32 = 0;`).join('\n')}
  seen: i32 = 0;
}
const words = new Words();
function write(): void { ${Array.from({ length: 15 }, (_, i) => `words.w${i} = 1;`).join(' ')} }
function read(): void { words.seen = ${Array.from({ length: 15 }, (_, i) => `words.w${i}`).join(' + ')}; }
export function register(): void {
  event('write', write);
  event('read', read);
  scene('both').with('write').with('read');
  invariant('nothing is seen', () => words.seen == 0);
}`;

describe('what is not tried', () => {
  it('is counted: of two turns, pairs beyond the twelfth', async () => {
    const artefact = await modelOf(MANY, 'many');
    const explanation = explained({ artefact, hot: (executor) => executor.sceneSchedule() });
    expect(explanation.causality).toMatchObject({ tried: 12, leftOut: 3 });
    expect(renderText(explanation)).toContain('3 more were left out: of two turns only some pairs are tried.');
  });

  it('is nothing where there are few', async () => {
    const explanation = await ofCommitted(committedFailure('bank', 'invariant'));
    expect(explanation.causality.leftOut).toBe(0);
    expect(renderText(explanation)).not.toContain('left out');
  });
});

describe('of runs that never end', () => {
  it.each([
    ['livelock', 'livelock'],
    ['starvation', 'starvation'],
    ['starvation', 'starvation-sleeper'],
  ])(
    'a %s has its words, its orders and no curve: scene %s',
    async (kind, scene) => {
      const artefact = await modelAt('test/models/oracles.ts');
      // The first random walk that shows it, minimized.
      const failing = (executor: Executor): HotSchedule => {
        for (let seed = 1; seed < 500; seed++) {
          const { recorded, findings } = randomRun(executor, seed);
          const raw = findings.find((one) => one.kind === kind);
          if (raw) return minimizeFinding(executor, recorded, bucketOf(raw, executor.manifest)).hot;
        }
        throw new Error(`no walk shows a ${kind}`);
      };
      const explanation = explained({ artefact, scene, build: 'oracles', hot: failing });
      expect(explanation.record.kind).toBe(kind);
      expect(explanation.likelihood).toBe(null);
      expect(explanation.rows.length).toBeGreaterThan(0);
      expect(explanation.summary).toMatch(
        /can end in this: .*(It fails only if|No order of two steps is needed for it|Which orders it needs is not known)/s,
      );
      for (const render of [renderText, renderMarkdown, renderHtml]) expect(render(explanation)).toContain(kind);
      expect(renderMermaid(explanation)).toMatch(/^sequenceDiagram\n {2}participant t0/);
    },
    60_000,
  );
});

describe('of S1 in v6.6', () => {
  const entry = committedEntries().find(({ id }) => id === '18e137f70b308168');
  let explanation: Explanation;
  beforeAll(async () => {
    if (!entry) throw new Error('corpus/iommu has no such schedule');
    explanation = await ofCommitted(entry);
  }, 300_000);

  it('the orders are those of the lock extension’s description: the firmware path looks first, the failed probe frees, then it is used', () => {
    const last = explanation.causality.causes.slice(-2);
    expect(last).toMatchObject([
      {
        first: { task: 'bind(0)', function: 'dev_iommu_fwspec_get' },
        second: { task: 'register(0)', function: 'dev_iommu_free' },
      },
      {
        first: { task: 'register(0)', function: 'dev_iommu_free' },
        second: { task: 'bind(0)', function: 'dev_iommu_fwspec_get' },
      },
    ]);
    expect(last[1]?.first.operation).toMatch(/^free dev_iommu/);
    expect(explanation.summary).toContain(
      'dev_iommu_free: free dev_iommu#2 comes before bind(0) in dev_iommu_fwspec_get',
    );
  });

  it('it becomes likely with the store or the free', () => {
    expect(explanation.likelihood?.points[0]?.share).toBeLessThan(0.2);
    expect(explanation.likelihood?.turningPoint).toMatchObject({
      task: 'register(0)',
      function: 'dev_iommu_free',
      after: 1,
    });
  });
});

describe('the formats', () => {
  it('say the same in text, Markdown, Mermaid and HTML', async () => {
    const explanation = await ofCommitted(committedFailure('bank', 'invariant'));
    const text = renderText(explanation);
    expect(text).toContain(
      'In words:\n\n  In design racy, scene two-transfers, transfer(10), transfer(20) can end in this',
    );
    expect(text).toMatch(/^ {2}7 {2}#{40} {2}100 %$/m);
    const markdown = renderMarkdown(explanation);
    expect(markdown).toContain('```mermaid\nsequenceDiagram\n');
    expect(markdown).toContain(explanation.summary);
    const mermaid = renderMermaid(explanation);
    expect(mermaid.split('\n').slice(0, 4)).toEqual([
      'sequenceDiagram',
      '  participant t0 as transfer(10)',
      '  participant t1 as transfer(20)',
      '  Note over t0: transfer: Account#35;1.balance read 100',
    ]);
    expect(mermaid).not.toMatch(/[^5];.*;/);
    const html = renderHtml(explanation);
    expect(html).toMatch(/^<!doctype html>/);
    const [, inlined = ''] = /<script>(.*)<\/script>\n<\/body>/s.exec(html) ?? [];
    expect(inlined).toContain('heddleViewer.mountAll();');
    const rest = html.replace(inlined, '');
    expect(rest).not.toMatch(/<script[^>]*src=|\bsrc=|\bhref=|url\(|@import/);
    expect(rest).toContain('<polyline');
  });

  it('are the same in every process: nothing is left to chance', async () => {
    const [a, b] = [0, 1].map(() => ofCommitted(committedFailure('bank', 'invariant')));
    expect(renderText(await (a as Promise<Explanation>))).toBe(renderText(await (b as Promise<Explanation>)));
  });
});
