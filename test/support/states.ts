/** The exact state of a paused execution as text: what the search's keys are compared with. */
import type { Executor } from '../../src/executor/executor.js';
import { HEAD, MEMORY, TASK } from '../../src/executor/layout.js';
import { taskSlots } from '../../src/executor/result.js';

const FREED = 3;
const HEADER = 4;
const STACKS = 0x640000;
const STACK_STRIDE = 0x10140;

/**
 * Everything that a paused execution's future depends on, as text; shares no code with the search's key. `freedToo`: what freed objects
 * held is part of it.
 */
export function stateText({ view }: Executor, freedToo: boolean): string {
  const freed: number[] = [];
  const live = (from: number, to: number): string => {
    const bytes = Buffer.from(view.bytes.slice(from, to));
    for (let a = from; a < to; a += 8) {
      const shadow = view.bytes[MEMORY.SHADOW + ((a - MEMORY.MODEL) >> 3)];
      // Who freed it is told by findings only: the second word of an object's header.
      const before = view.bytes[MEMORY.SHADOW + ((a - 8 - MEMORY.MODEL) >> 3)];
      if (shadow === HEADER && before !== HEADER) bytes.fill(0, a - from + 4, a - from + 8);
      if (shadow !== FREED) continue;
      freed.push(a);
      if (!freedToo) bytes.fill(0, a - from, a - from + 8);
    }
    return bytes.toString('latin1');
  };
  const parts = [live(MEMORY.MODEL, bootBreak(view))];
  const slots = taskSlots(view);
  const field = (t: number, name: keyof typeof TASK): number =>
    view.i32(MEMORY.TASKS + t * MEMORY.TASK_SIZE + TASK[name]);
  const ready = view.u64(MEMORY.HEAD + HEAD.readyLow);
  const waits = (t: number): number => ((ready >> BigInt(t)) & 1n ? 0 : field(t, 'waitsOn'));
  for (const t of slots) {
    const arena = MEMORY.ARENAS + t * MEMORY.ARENA_SIZE;
    parts.push(live(arena, field(t, 'brk')));
    const waiting = field(t, 'waitsOn');
    // Who waited longer matters among those that a wake-up chooses from; a lock that is free lets any of them run.
    const atLock = (field(t, 'flags') & 16) !== 0;
    const rank =
      waiting && !atLock
        ? slots.filter((o) => waits(o) === waiting && field(o, 'ticket') < field(t, 'ticket')).length
        : 0;
    parts.push(
      [t, field(t, 'flags'), waiting, rank, field(t, 'atomic'), field(t, 'spawned'), field(t, 'choices')].join(),
    );
    if ((field(t, 'flags') & 5) !== 1) continue;
    const stack = STACKS + t * STACK_STRIDE;
    parts.push(Buffer.from(view.bytes.slice(stack + 8, view.u32(stack))).toString('latin1'));
    parts.push([field(t, 'savedCallSite'), field(t, 'savedDepth'), field(t, 'savedArguments')].join());
  }
  parts.push(`${ready}`, freed.join());
  return parts.join('|');
}

function bootBreak(view: Executor['view']): number {
  // objects made at boot end where the shadow does
  let end = MEMORY.MODEL;
  for (let a = MEMORY.MODEL; a < MEMORY.MODEL + 0x10000; a += 8) {
    if (view.bytes[MEMORY.SHADOW + ((a - MEMORY.MODEL) >> 3)]) end = a + 8;
  }
  return end;
}

/** Tasks that have not ended, as a set of bits. */
export function unfinished({ view }: Executor): bigint {
  const done = (t: number): boolean => (view.i32(MEMORY.TASKS + t * MEMORY.TASK_SIZE + TASK.flags) & 4) !== 0;
  return taskSlots(view).reduce((set, t) => (done(t) ? set : set | (1n << BigInt(t))), 0n);
}
