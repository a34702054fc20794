/** What flush() waits for: the run of the item that is queued when it is called, or else the one under way; none that is queued later. */
import { describe, expect, it } from 'vitest';
import { modelOf } from '../support/models.js';
import { searched } from '../support/searched.js';

/** What the design's tasks do: `wait` after `before`, and meanwhile `second` in a task of its own. With `again` the item queues itself once more. */
interface Case {
  readonly again: boolean;
  readonly before: string;
  readonly wait: string;
  readonly second?: string;
}

const QUEUED = 'queue.queueWork(work);';
const SCHEDULED = 'later.schedule();';
const CASES = {
  'queued again': { again: true, before: QUEUED, wait: 'queue.flush(work);' },
  'scheduled again': { again: true, before: SCHEDULED, wait: 'later.flush();' },
  queued: { again: false, before: QUEUED, wait: 'queue.flush(work);' },
  scheduled: { again: false, before: SCHEDULED, wait: 'later.flush();' },
  counted: { again: false, before: QUEUED, wait: "queue.flush(work); check(state.runs == 1, 'it has run');" },
  'behind another': { again: false, before: `queue.queueWork(other); ${QUEUED}`, wait: 'queue.flush(work);' },
  twice: { again: true, before: QUEUED, wait: 'queue.flush(work); queue.flush(work);' },
  cancelled: { again: false, before: QUEUED, wait: 'queue.flush(work);', second: 'queue.cancel(work);' },
  'cancelled and queued': {
    ...{ again: false, before: QUEUED, wait: 'queue.flush(work);' },
    second: 'queue.cancel(work); queue.queueWork(work);',
  },
  'two wait': {
    ...{ again: true, before: QUEUED, wait: 'queue.flush(work); queue.flush(work);' },
    second: 'queue.flush(work); queue.flush(work);',
  },
  'cancelled in sync': { again: true, before: QUEUED, wait: 'queue.cancelSync(work);' },
  'scheduled, cancelled in sync': { again: true, before: SCHEDULED, wait: 'later.cancelSync();' },
} as const satisfies Readonly<Record<string, Case>>;

const all: readonly (readonly [string, Case])[] = Object.entries(CASES);
const inDesign = (code: (one: Case) => string): string =>
  all.map(([, one], i) => `if (designIs(${i})) { ${code(one)} }`).join('\n  ');

/** All cases in one model, which is built once. The work uses an object that is freed by whoever has waited for the work. */
const SOURCE = `
import { check, Completion, DelayedWork, design, designIs, event, free, READ_ONCE, scene, Work, WorkQueue } from 'heddle';
class Thing { value: i32 = 0; }
class State { thing: Thing | null = null; runs: i32 = 0; }
const state = new State();
const queue = new WorkQueue();
const started = new Completion();
const go = new Completion();
function isAgain(): bool { return ${all.flatMap(([, { again }], i) => (again ? [`designIs(${i})`] : [])).join(' || ')}; }
class Uses extends Work {
  run(): void {
    const thing = state.thing;
    state.runs += 1;
    if (thing) thing.value += 1;
    if (isAgain() && state.runs < 2) queue.queueWork(this);
  }
}
class UsesLater extends DelayedWork {
  run(): void {
    const thing = state.thing;
    state.runs += 1;
    if (thing) thing.value += 1;
    if (isAgain() && state.runs < 2) this.schedule();
  }
}
const work = new Uses();
const later = new UsesLater(queue);
const other = new Work(() => {});
function prepare(): void { state.thing = new Thing(); }
function tear(): void {
  ${inDesign(({ before, wait }) => `${before} ${wait}`)}
  const thing = state.thing;
  state.thing = null;
  if (thing) free(thing);
}
function second(): void {
  ${inDesign(({ second = '' }) => second)}
}
export function register(): void {
  ${all.map(([name]) => `design('${name}');`).join(' ')}
  event('tear', tear);
  event('second', second);
  scene('one', prepare).with('tear');
  scene('two', prepare).with('tear').with('second');
}
`;

/** An item that frees itself. */
const OWN = `
import { event, free, scene, Work, WorkQueue } from 'heddle';
class Own extends Work { run(): void { free(this); } }
const queue = new WorkQueue();
function task(): void { const own = new Own(); queue.queueWork(own); queue.drain(); }
export function register(): void { event('task', task); scene('s').with('task'); }
`;

async function kindsOf(
  text: string,
  which: { readonly design?: string; readonly scene?: string } = {},
): Promise<string[]> {
  const found: string[][] = [];
  for (const reduce of [true, false]) {
    const result = await searched((flavour) => modelOf(text, 'flush', flavour), { reduce, ...which });
    expect(result.exhausted).toBe(true);
    found.push([...new Set(result.records.map(({ kind }) => kind))].sort());
  }
  expect(found[0]).toEqual(found[1]);
  return found[0] ?? [];
}

const kindsIn = (design: keyof typeof CASES): Promise<string[]> =>
  kindsOf(SOURCE, { design, scene: 'second' in CASES[design] ? 'two' : 'one' });

describe('flush', () => {
  it('does not wait for what the item has queued itself again', async () => {
    expect(await kindsIn('queued again')).toContain('use-after-free');
    expect(await kindsIn('scheduled again')).toContain('use-after-free');
  });
  it('waits for what was queued when it was called', async () => {
    expect(await kindsIn('queued')).toEqual([]);
    expect(await kindsIn('scheduled')).toEqual([]);
    expect(await kindsIn('counted')).toEqual([]);
    expect(await kindsIn('behind another')).toEqual([]);
  });
  it('twice waits for both runs', async () => {
    expect(await kindsIn('twice')).toEqual([]);
  });
  it('returns when somebody cancels the item, unless it runs', async () => {
    expect(await kindsIn('cancelled')).toEqual([]);
    expect(await kindsIn('cancelled and queued')).toContain('use-after-free');
  });
  it('of several tasks returns in each', async () => {
    expect(await kindsIn('two wait')).toEqual([]);
  });
  it('does not touch an item that has freed itself', async () => {
    expect(await kindsOf(OWN)).toEqual([]);
  });
});

describe('cancelSync', () => {
  it('leaves nothing queued and nothing running', async () => {
    expect(await kindsIn('cancelled in sync')).toEqual([]);
    expect(await kindsIn('scheduled, cancelled in sync')).toEqual([]);
  });
});
