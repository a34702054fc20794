/**
 * What executions passed, beside the features that coverage keeps schedules for: marks, events, pairs of locks, and the classes that have
 * objects. It only grows, costs a store each, and is for the report of what was never reached.
 */
import type { Manifest } from '../build/manifest.js';
import { CONTROL, MEMORY } from './layout.js';
import type { MemoryView } from './memory-view.js';

/** Plain data, each list without duplicates. */
export interface Observed {
  /** Indices into `manifest.marks`. */
  readonly marks: readonly number[];
  /** Marks that module-level code, declarations and set-up passed before any task. */
  readonly boot: readonly number[];
  /** Indices of events that were in a schedule, and of those that ran to their end. */
  readonly begun: readonly number[];
  readonly ended: readonly number[];
  /** A lock was taken at the second site while the one taken at the first was held: first · 65536 + second. */
  readonly lockPairs: readonly number[];
  /** Ids of classes of which the boot made an object. */
  readonly classes: readonly number[];
}

const BEGUN = 1;
const ENDED = 2;

const KEYS = ['marks', 'boot', 'begun', 'ended', 'lockPairs', 'classes'] as const;

/** What the boot passed; the marks are empty again then. */
export function takeBootMarks(view: MemoryView, manifest: Manifest): number[] {
  const boot = readMarks(view, manifest);
  view.bytes.fill(0, MEMORY.MARKS, MEMORY.MARKS + manifest.marks.length);
  return boot;
}

export function noteEvent(view: MemoryView, event: number): void {
  const at = MEMORY.EVENTS_SEEN + event;
  view.bytes[at] = (view.bytes[at] ?? 0) | BEGUN;
}

/** Since the executor was made. */
export function readObserved(view: MemoryView, manifest: Manifest, boot: readonly number[]): Observed {
  const events = view.bytes.subarray(MEMORY.EVENTS_SEEN, MEMORY.EVENTS_SEEN + MEMORY.EVENTS_SEEN_SIZE);
  const pairs = new Uint32Array(view.buffer, MEMORY.LOCK_PAIRS, MEMORY.LOCK_PAIRS_SIZE);
  return {
    marks: readMarks(view, manifest),
    boot,
    begun: withBits(events, BEGUN),
    ended: withBits(events, ENDED),
    lockPairs: [...pairs.filter((pair) => pair !== 0).sort()],
    classes: bootClasses(view, manifest),
  };
}

function readMarks(view: MemoryView, manifest: Manifest): number[] {
  return withBits(view.bytes.subarray(MEMORY.MARKS, MEMORY.MARKS + manifest.marks.length), 0xff);
}

/** Where a byte has one of the bits. A plain loop: this is read after each batch, and few have any. */
function withBits(bytes: Uint8Array, bits: number): number[] {
  const found: number[] = [];
  for (let i = 0; i < bytes.length; i++) if ((bytes[i] ?? 0) & bits) found.push(i);
  return found;
}

/** Objects of the boot lie one behind the other after the static data. */
function bootClasses(view: MemoryView, manifest: Manifest): number[] {
  const classes = new Set<number>();
  const end = view.u32(MEMORY.CONTROL + CONTROL.bootBreak);
  for (let p = manifest.staticEnd + MEMORY.HEADER_SIZE; p < end; ) {
    classes.add(view.i32(p - 8));
    p += Math.max(8, (view.u32(p - 4) + 7) & ~7) + MEMORY.HEADER_SIZE;
  }
  return [...classes];
}

/** The union of what several executors observed. */
export class Observations {
  private readonly sets = Object.fromEntries(KEYS.map((key) => [key, new Set<number>()])) as Record<
    (typeof KEYS)[number],
    Set<number>
  >;

  /** Answers what was not known before. */
  add(observed: Observed): Observed {
    const fresh = (key: (typeof KEYS)[number]): number[] => observed[key].filter((n) => !this.sets[key].has(n));
    const news = Object.fromEntries(KEYS.map((key) => [key, fresh(key)])) as Record<(typeof KEYS)[number], number[]>;
    for (const key of KEYS) for (const n of news[key]) this.sets[key].add(n);
    return news;
  }

  all(): Observed {
    return Object.fromEntries(KEYS.map((key) => [key, [...this.sets[key]].sort((a, b) => a - b)])) as Record<
      (typeof KEYS)[number],
      number[]
    >;
  }
}
