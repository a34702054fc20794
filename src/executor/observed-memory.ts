/** What a model's memory holds between the steps of a run, read while the host steps it: words, objects, who holds and who waits. */
import type { HotSchedule } from '../schedule/schedule.js';
import { CONTROL, MEMORY, TASK } from './layout.js';
import { readHeld, taskSlots } from './result.js';
import type { Move, Stepper } from './stepping.js';
import { type Extent, readTrace, taskObjects, tracedSteps } from './trace.js';
import type { TraceStep } from './types.js';

/** A synchronisation object in use; `address` may be that of a task's record, which others join. */
export interface Use {
  readonly address: number;
  /** Slots, in the order in which they took it, and of those that wait for it. */
  readonly holders: readonly number[];
  readonly waiters: readonly number[];
}

/** From one decision to the next. */
export interface ObservedMove extends Move {
  /** Entries of the trace when it was over. */
  readonly entries: number;
  /** Words that others can read and that have other values now. */
  readonly words: readonly { readonly address: number; readonly value: number }[];
  /** Objects that others can reach from now on, and those that were freed. */
  readonly published: readonly number[];
  readonly freed: readonly number[];
  /** Who holds and waits for what from now on; null: as before. */
  readonly uses: readonly Use[] | null;
}

export interface ObservedRun {
  readonly trace: readonly TraceStep[];
  /** The state before the first decision: a word by its address. */
  readonly first: (address: number) => number;
  /** Entries of the trace before it. */
  readonly entries: number;
  /** Beginning with the second decision, as `followSchedule` counts them. */
  readonly moves: readonly ObservedMove[];
  /** All objects that were ever made, by address; of those in `hidden` nobody else ever knew. */
  readonly objects: readonly Extent[];
  readonly hidden: ReadonlySet<number>;
}

/** Of eight bytes that everybody may touch: assembly/executor/layout.ts. */
const LIVE = 1;
/** Flag of a task that has ended: assembly/executor/state.ts. */
const DONE = 4;

/**
 * Makes the steps of a run, which `trace` tells, once more on a stepper's executor. The trace is the same; only of a run that fills it the rest
 * is the default scheduler's.
 */
export function observeRun(stepper: Stepper, hot: HotSchedule, trace: readonly TraceStep[]): ObservedRun {
  const { executor } = stepper;
  const next = new Map(
    trace.flatMap(({ kind, task, step, value }) => (kind === 'switch' ? [[`${task},${step}`, value]] : [])),
  );
  executor.setTracing(true);
  try {
    const observer = new Observer(stepper);
    const moves: Move[] = [];
    stepper.begin(hot);
    while (stepper.isOpen) {
      observer.look();
      const { pendingTask, pendingStep } = stepper;
      const itself = executor.ready().includes(pendingTask) ? pendingTask : null;
      moves.push(stepper.move(next.get(`${pendingTask},${pendingStep}`) ?? itself));
    }
    observer.look();
    stepper.finish();
    return observer.run(moves);
  } finally {
    executor.setTracing(false);
  }
}

class Observer {
  private readonly seen: Omit<ObservedMove, keyof Move>[] = [];
  private readonly words: Uint32Array;
  private readonly now: Uint32Array;
  private readonly shadows = new Map<number, number>();
  private readonly everLive = new Set<number>();
  private initial: Uint32Array | null = null;
  private entries = 0;
  private uses = '[]';

  constructor(private readonly stepper: Stepper) {
    const { buffer } = this.view;
    this.now = new Uint32Array(buffer, MEMORY.MODEL, MEMORY.REGION / 4);
    this.words = new Uint32Array(MEMORY.REGION / 4);
  }

  private get view() {
    return this.stepper.executor.view;
  }

  /** Compares with what was there at the last look. */
  look(): void {
    const isFirst = this.initial === null;
    const objects = this.objects();
    const published: number[] = [];
    const freed: number[] = [];
    for (const { start } of objects) {
      const [was = 0, is] = [this.shadows.get(start), this.shadowOf(start)];
      if (was === is) continue;
      this.shadows.set(start, is);
      if (is === LIVE) published.push(start);
      else if (was === LIVE) freed.push(start);
    }
    for (const start of published) this.everLive.add(start);
    const words = this.changes(objects.filter(({ start }) => published.includes(start)));
    const uses = this.usesNow();
    const usesText = JSON.stringify(uses);
    if (isFirst) {
      this.initial = this.words.slice();
      this.entries = tracedSteps(this.view);
    } else {
      const isNew = usesText !== this.uses;
      this.seen.push({ entries: tracedSteps(this.view), words, published, freed, uses: isNew ? uses : null });
    }
    if (!isFirst) this.uses = usesText;
  }

  run(moves: readonly Move[]): ObservedRun {
    const initial = this.initial ?? this.words;
    const first = (address: number): number => initial[(address - MEMORY.MODEL) >> 2] ?? 0;
    const objects = this.objects();
    const hidden = new Set(objects.map(({ start }) => start).filter((start) => !this.everLive.has(start)));
    const seen = this.seen.flatMap((one, i) => (moves[i] ? [{ ...moves[i], ...one }] : []));
    return { trace: readTrace(this.view), first, entries: this.entries, moves: seen, objects, hidden };
  }

  /** Brings the copy up to date; answers what others can see of it: all of an object that they could not reach before. */
  private changes(published: readonly Extent[]): { address: number; value: number }[] {
    const { words, now } = this;
    const changed = new Set<number>();
    for (const { start, end } of published) for (let a = start; a < end; a += 4) changed.add(a);
    for (const [from, to] of this.ranges()) {
      for (let i = (from - MEMORY.MODEL) >> 2, end = (to - MEMORY.MODEL + 3) >> 2; i < end; i++) {
        if (words[i] === now[i]) continue;
        words[i] = now[i] ?? 0;
        const address = MEMORY.MODEL + i * 4;
        if (this.shadowOf(address) === LIVE) changed.add(address);
      }
    }
    return [...changed].sort((a, b) => a - b).map((address) => ({ address, value: this.view.u32(address) }));
  }

  /** Module variables and objects of the boot; the used part of each task's arena. */
  private ranges(): [number, number][] {
    const { view } = this;
    const bootEnd = view.u32(MEMORY.CONTROL + CONTROL.bootBreak);
    return [
      [MEMORY.MODEL, bootEnd],
      ...taskSlots(view).map((slot): [number, number] => [
        MEMORY.ARENAS + slot * MEMORY.ARENA_SIZE,
        view.u32(MEMORY.TASKS + slot * MEMORY.TASK_SIZE + TASK.brk),
      ]),
    ];
  }

  private objects(): Extent[] {
    return [...this.bootObjects(), ...taskObjects(this.view)];
  }

  private bootObjects(): Extent[] {
    const { view } = this;
    const { manifest } = this.stepper.executor;
    const end = view.u32(MEMORY.CONTROL + CONTROL.bootBreak);
    const out: Extent[] = [];
    for (let p = manifest.staticEnd + MEMORY.HEADER_SIZE; p < end; ) {
      const size = view.u32(p - 4);
      out.push({ start: p, end: p + size, classId: view.u32(p - 8) });
      p += Math.max(8, (size + 7) & ~7) + MEMORY.HEADER_SIZE;
    }
    return out;
  }

  private shadowOf(address: number): number {
    return this.view.bytes[MEMORY.SHADOW + ((address - MEMORY.MODEL) >> 3)] ?? 0;
  }

  private usesNow(): Use[] {
    const { view } = this;
    const uses = new Map<number, { address: number; holders: number[]; waiters: number[] }>();
    const use = (address: number): { holders: number[]; waiters: number[] } => {
      const found = uses.get(address) ?? { address, holders: [], waiters: [] };
      uses.set(address, found);
      return found;
    };
    const slots = taskSlots(view);
    const word = (slot: number, name: 'waitsOn' | 'flags'): number =>
      view.i32(MEMORY.TASKS + slot * MEMORY.TASK_SIZE + TASK[name]);
    for (const slot of slots) {
      for (const { object } of readHeld(view, slot)) use(object).holders.push(slot);
      const waitsOn = word(slot, 'waitsOn');
      if (waitsOn !== 0 && !(word(slot, 'flags') & DONE)) use(waitsOn).waiters.push(slot);
    }
    for (const one of uses.values()) {
      const joined = slots.find((slot) => MEMORY.TASKS + slot * MEMORY.TASK_SIZE === one.address);
      if (joined !== undefined) one.holders.push(joined);
    }
    return [...uses.values()].sort((a, b) => a.address - b.address);
  }
}
