/** What flush() waits for: the run of the item that is queued when it is called, or else the one under way; none that is queued later. */
import { describe, expect, it } from 'vitest';
import { modelOf } from '../support/models.js';
import { searched } from '../support/searched.js';

/** The work uses an object that is freed by whoever has waited for the work; with `again` it queues itself once more. */
const source = (again: boolean, before: string, wait: string, more = ''): string => `
import { check, Completion, DelayedWork, event, free, READ_ONCE, scene, Work, WorkQueue } from 'heddle';
class Thing { value: i32 = 0; }
class State { thing: Thing | null = null; runs: i32 = 0; }
const state = new State();
const queue = new WorkQueue();
const started = new Completion();
const go = new Completion();
class Uses extends Work {
  run(): void {
    const thing = state.thing;
    state.runs += 1;
    if (thing) thing.value += 1;
    if (${again} && state.runs < 2) queue.queueWork(this);
  }
}
class UsesLater extends DelayedWork {
  run(): void {
    const thing = state.thing;
    state.runs += 1;
    if (thing) thing.value += 1;
    if (${again} && state.runs < 2) this.schedule();
  }
}
const work = new Uses();
const later = new UsesLater(queue);
const other = new Work(() => {});
function prepare(): void { state.thing = new Thing(); }
function tear(): void {
  ${before}
  ${wait}
  const thing = state.thing;
  state.thing = null;
  if (thing) free(thing);
}
${more}
export function register(): void {
  event('tear', tear);
  ${more ? "event('second', second);" : ''}
  scene('s', prepare).with('tear')${more ? ".with('second')" : ''};
}
`;

async function kindsOf(text: string): Promise<string[]> {
  const found: string[][] = [];
  for (const reduce of [true, false]) {
    const result = await searched((flavour) => modelOf(text, 'flush', flavour), { reduce });
    expect(result.exhausted).toBe(true);
    found.push([...new Set(result.records.map(({ kind }) => kind))].sort());
  }
  expect(found[0]).toEqual(found[1]);
  return found[0] ?? [];
}

const QUEUED = 'queue.queueWork(work);';
const SCHEDULED = 'later.schedule();';

describe('flush', () => {
  it('does not wait for what the item has queued itself again', async () => {
    expect(await kindsOf(source(true, QUEUED, 'queue.flush(work);'))).toContain('use-after-free');
    expect(await kindsOf(source(true, SCHEDULED, 'later.flush();'))).toContain('use-after-free');
  });
  it('waits for what was queued when it was called', async () => {
    expect(await kindsOf(source(false, QUEUED, 'queue.flush(work);'))).toEqual([]);
    expect(await kindsOf(source(false, SCHEDULED, 'later.flush();'))).toEqual([]);
    expect(await kindsOf(source(false, QUEUED, "queue.flush(work); check(state.runs == 1, 'it has run');"))).toEqual(
      [],
    );
    expect(await kindsOf(source(false, `queue.queueWork(other); ${QUEUED}`, 'queue.flush(work);'))).toEqual([]);
  });
  it('twice waits for both runs', async () => {
    expect(await kindsOf(source(true, QUEUED, 'queue.flush(work); queue.flush(work);'))).toEqual([]);
  });
  it('returns when somebody cancels the item, unless it runs', async () => {
    const second = 'function second(): void { queue.cancel(work); }';
    expect(await kindsOf(source(false, QUEUED, 'queue.flush(work);', second))).toEqual([]);
    const again = 'function second(): void { queue.cancel(work); queue.queueWork(work); }';
    expect(await kindsOf(source(false, QUEUED, 'queue.flush(work);', again))).toContain('use-after-free');
  });
  it('of several tasks returns in each', async () => {
    const second = 'function second(): void { queue.flush(work); queue.flush(work); }';
    expect(await kindsOf(source(true, QUEUED, 'queue.flush(work); queue.flush(work);', second))).toEqual([]);
  });
  it('does not touch an item that has freed itself', async () => {
    const text = `
import { event, free, scene, Work, WorkQueue } from 'heddle';
class Own extends Work { run(): void { free(this); } }
const queue = new WorkQueue();
function task(): void { const own = new Own(); queue.queueWork(own); queue.drain(); }
export function register(): void { event('task', task); scene('s').with('task'); }
`;
    expect(await kindsOf(text)).toEqual([]);
  });
});

describe('cancelSync', () => {
  it('leaves nothing queued and nothing running', async () => {
    expect(await kindsOf(source(true, QUEUED, 'queue.cancelSync(work);'))).toEqual([]);
    expect(await kindsOf(source(true, SCHEDULED, 'later.cancelSync();'))).toEqual([]);
  });
});
