/**
 * What strategies have learnt is about one list of events, and is forgotten when others come (assembly/strategies/profile.ts). A campaign of
 * several scenes varies events: without this an enumeration would begin anew after each such stage. A second executor for them would need a
 * memory of its own for each scene.
 */
import type { HotEvent } from '../schedule/schedule.js';
import type { Executor } from './executor.js';
import { LEARNT, MEMORY, STRATEGIES, type StrategyName } from './layout.js';

/**
 * Does `work`, whose executions are of `strategy` on `events`. If these are not the scene's own, strategies know afterwards what they knew
 * before, and nothing of these events. Not while an execution runs; a release build, whose globals are exported.
 */
export function learntApart<T>(
  executor: Executor,
  strategy: StrategyName,
  events: readonly HotEvent[],
  work: () => T,
): T {
  if (STRATEGIES.indexOf(strategy) < LEARNS_FROM || isOwn(executor, events)) return work();
  const words = globalsOf(executor).map((global) => ({ global, value: global.value }));
  const memory = Buffer.from(executor.view.buffer);
  for (const { begin, end, copy } of PARTS) memory.copy(copy, 0, begin, end);
  try {
    return work();
  } finally {
    for (const part of PARTS) bringBack(memory, part);
    for (const { global, value } of words) global.value = value;
  }
}

/** From here on strategies look at each event. */
const LEARNS_FROM = STRATEGIES.indexOf('last-first');

/** The executor's static data (all of it strategies' or the search's), and what lies beyond an execution; with room for a copy of each. */
const PARTS = [
  { begin: 0, end: MEMORY.CONTROL },
  { begin: LEARNT.BEGIN, end: LEARNT.END },
].map(({ begin, end }) => ({ begin, end, copy: Buffer.alloc(end - begin) }));
const PAGE = 4096;

/** Writes to pages that have changed only: those that nobody touches cost no memory. */
function bringBack(memory: Buffer, { begin, copy }: (typeof PARTS)[number]): void {
  for (let at = 0; at < copy.length; at += PAGE) {
    const page = memory.subarray(begin + at, begin + at + PAGE);
    const was = copy.subarray(at, at + PAGE);
    if (!page.equals(was)) page.set(was);
  }
}

/** Of the strategies; what else there is is about an execution that runs, and none does. */
function globalsOf({ wasm }: Executor): WebAssembly.Global[] {
  return Object.values(wasm as unknown as WebAssembly.Exports).filter((one) => one instanceof WebAssembly.Global);
}

/** Whether the events are the scene's, as the executor sees them. */
function isOwn(executor: Executor, events: readonly HotEvent[]): boolean {
  const own = executor.sceneSchedule().events;
  return own.length === events.length && own.every((call, i) => isSame(executor, call, events[i]));
}

function isSame({ declarations }: Executor, a: HotEvent, b: HotEvent | undefined): boolean {
  const arity = declarations.events[a.event]?.arity ?? 0;
  if (a.event !== b?.event) return false;
  return Array.from({ length: arity }, (_, k) => k).every((k) => (a.args[k] ?? 0) === (b.args[k] ?? 0));
}
