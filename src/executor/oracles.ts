/**
 * The host's side of the oracles that cost time: what it tells them about sites, and the order of locks that they carry over from one
 * execution to the next. Only the build `oracles` of the executor has them.
 */
import type { Manifest, Site } from '../build/manifest.js';
import type { HotSchedule } from '../schedule/schedule.js';
import type { Executor } from './executor.js';
import { CONTROL, MEMORY, ORACLE } from './layout.js';
import type { MemoryView } from './memory-view.js';
import { FINDING_KINDS, type FindingKind } from './types.js';

/**
 * Kinds that only the build `oracles` reports. A lost wake-up is reported instead of a deadlock; a livelock or a starvation instead of a
 * step limit.
 */
export const COSTLY_KINDS: readonly FindingKind[] = [
  'data-race',
  'lock-order',
  'lockset',
  'lost-wakeup',
  'livelock',
  'starvation',
];
/** What a costly kind says better than the cheap one of the same run. */
const INSTEAD: Readonly<Partial<Record<FindingKind, FindingKind>>> = {
  'lost-wakeup': 'deadlock',
  livelock: 'step-limit',
  starvation: 'step-limit',
};

/** Whether one of the costly kinds that a run has shown replaces that cheap kind. */
export const isBetterSaid = (kind: FindingKind, costly: readonly FindingKind[]): boolean =>
  costly.some((k) => INSTEAD[k] === kind);

export const isCostly = (kind: FindingKind): boolean => COSTLY_KINDS.includes(kind);

/** Bits by site: `assembly/oracles/memory.ts` says what they mean. */
const SITE_FLAGS = { marked: 1, acquires: 2, releases: 4, noEdge: 8, tries: 16, bareSleep: 32, grace: 64 } as const;

/**
 * Classes of the kit whose operations order nothing by themselves: lists are plain data, and these locks tell when they are taken and
 * given back.
 */
const NO_EDGE = /^((List|ListNode|Links|RwSem|RwLock|Mutex|SpinLock)\b|S?[Rr]cu\.read)/;
const GRACE = /^S?[Rr]cu\.(synchronize|callRcu|takeBack|barrier)/;
const BARE_SLEEP = /^WaitQueue\.sleep/;
const TRIES = /^(\w+\.)?(spin_)?try/i;

function flagsOf(site: Site): number {
  // A kit operation is `call` with `Class.method`, or the method with its class.
  const operation = site.operation === 'call' ? site.field : `${site.field}.${site.operation}`;
  return (
    (site.marked ? SITE_FLAGS.marked : 0) |
    (site.order === 'acquire' ? SITE_FLAGS.acquires : 0) |
    (site.order === 'release' ? SITE_FLAGS.releases : 0) |
    (NO_EDGE.test(operation) ? SITE_FLAGS.noEdge : 0) |
    (GRACE.test(operation) ? SITE_FLAGS.grace : 0) |
    (TRIES.test(operation) ? SITE_FLAGS.tries : 0) |
    (BARE_SLEEP.test(operation) ? SITE_FLAGS.bareSleep : 0)
  );
}

/** What the tables of the costly oracles hold, by the bits of FULL_ in `assembly/oracles/memory.ts`. */
const TABLES = [
  'clocks and cells (data races): 512 clocks, 7,168 cells',
  'order of locks (inversions): 1,024 ordered pairs, 256 named locks',
  'guarded ranges (locksets): 256',
  'wake-ups that found nobody (lost wake-ups): 128 objects',
] as const;

/** Tables that were full in the last execution: what came after that was not judged. Each with what it can hold. */
export function fullTables({ view }: Executor): string[] {
  const full = view.i32(MEMORY.ORACLE + ORACLE.full);
  return TABLES.filter((_, i) => full & (1 << i));
}

/** Tells the executor what each site is. Once, before it runs. */
export function writeSiteFlags(view: MemoryView, manifest: Manifest): void {
  manifest.sites.forEach((site, i) => {
    if (site) view.bytes[MEMORY.ORACLE_SITES + i] = flagsOf(site);
  });
}

/** How many edges the order of locks has after the last execution, and how many of them stay for the next. */
function lockEdges({ view }: Executor): { all: number; kept: number } {
  return { all: view.i32(MEMORY.ORACLE + ORACLE.edges), kept: view.i32(MEMORY.ORACLE + ORACLE.edgesKept) };
}

/** The order in which the last execution took locks stays for the following ones. Answers whether that is news. */
export function keepLockOrder(executor: Executor): boolean {
  const { all, kept } = lockEdges(executor);
  executor.view.setI32(MEMORY.ORACLE + ORACLE.edgesKept, all);
  return all > kept;
}

/** The executions that follow know these schedules' order of locks, and no other. Nothing in other builds. */
export function learnLockOrder(executor: Executor, schedules: readonly HotSchedule[]): void {
  if (executor.build !== 'oracles') return;
  executor.view.setI32(MEMORY.ORACLE + ORACLE.edgesKept, 0);
  for (const schedule of schedules) {
    executor.run(schedule);
    keepLockOrder(executor);
  }
}

/** The number under which a finding with two places is known, whichever of them comes first; `pairPlace` of the executor. */
export function pairPlace(a: number, b: number): number {
  if (b === 0) return a;
  return (Math.imul(Math.min(a, b), 0x9e3779b1) ^ Math.imul(Math.max(a, b), 0x85ebca77)) >>> 18;
}

/** Findings of other kinds than these do not count as known ones that were hit again. null: all count. */
export function countKinds({ view }: Executor, kinds: readonly FindingKind[] | null): void {
  const over = kinds === null ? [] : FINDING_KINDS.flatMap((kind, i) => (kinds.includes(kind) ? [] : [i]));
  view.setI32(
    MEMORY.CONTROL + CONTROL.passedOver,
    over.reduce((set, i) => set | (1 << i), 0),
  );
}
