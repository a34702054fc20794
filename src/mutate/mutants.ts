/** What can be taken out of a model, one piece at a time: locks, checks and wake-ups, listed from its manifest. Pure. */
import type { Manifest, Site } from '../build/manifest.js';
import { siteKey } from '../schedule/site.js';

export type RemovalKind = 'lock' | 'check' | 'wake-up';

/** One piece: calls of the kit that are left out together. */
export interface Removal {
  readonly kind: RemovalKind;
  /** What is called, and on what: `Mutex.lock mutex`. */
  readonly operation: string;
  /** The function that has the calls; several with commas if a lock is taken in one and given back in another. */
  readonly function: string;
  /** Of the first call. */
  readonly file: string;
  readonly line: number;
  /** Indices of the sites in the manifest: equal in all mutants of a model. */
  readonly sites: readonly number[];
  /** The same sites for `buildModel(entry, { without })`. */
  readonly keys: readonly string[];
}

/** Taken and given back; the classes are the kit's. Read and write side of a lock are pairs of their own. */
const PAIRS: readonly { readonly side: string; readonly take: RegExp; readonly give: RegExp }[] = [
  { side: 'read', take: /\.(readLock|tryReadLock|downRead|tryDownRead)$/, give: /\.(readUnlock|upRead)$/ },
  {
    side: 'write',
    take: /\.(writeLock|tryWriteLock|downWrite|tryDownWrite|writeBegin)$/,
    give: /\.(writeUnlock|upWrite|writeEnd)$/,
  },
  { side: '', take: /\.(lock|tryLock|lockIrqSave)$/, give: /\.(unlock|unlockIrqRestore)$/ },
  { side: 'permit', take: /^Semaphore\.(down|tryDown|downTimeout)$/, give: /^Semaphore\.up$/ },
  { side: 'interrupts', take: /^irqSave$/, give: /^irqRestore$/ },
];
const LOCKS = /^(Mutex|SpinLock|RwLock|RwSem|Semaphore|Rcu|Srcu|Seqcount|irqSave|irqRestore)\b/;
const WAKES =
  /^(Completion\.complete(All)?|WaitQueue\.wake(One|All)|WorkQueue\.queueWork|DelayedWork\.schedule|Timer(With)?\.arm)$/;
/** What functions that take a lock and those that give it back are called: what is left of the names is the same. */
const VERBS = /un(?=lock)|lock|acquire|release|enter|leave|begin|end|take|give|get|put|down|up/g;
/** Run before any task. */
const OUTSIDE_RUNS = new Set(['(module)', 'register']);

interface Call {
  readonly index: number;
  readonly site: Site;
  /** `Mutex.lock`, `check`. */
  readonly name: string;
}

interface LockCall extends Call {
  readonly takes: boolean;
}

/** A kit operation as its author wrote it. */
function callOf(site: Site): string {
  if (site.operation === 'call') return site.field;
  return site.field === '' ? site.operation : `${site.field}.${site.operation}`;
}

/**
 * Everything that can be left out, by place. A lock is removed with its releases, or each run would end at an unlock by a task that does not
 * hold it. The unit is what one function does with one object; if the code does not say which object, with one class. Where a function only
 * takes what another gives back, the two are one unit if their names say so (`lock_bus`, `unlock_bus`), else all such functions.
 */
export function listRemovals(manifest: Manifest): Removal[] {
  const removals: Removal[] = [];
  const locks = new Map<string, LockCall[]>();
  manifest.sites.forEach((site, index) => {
    if (!site || site.file.startsWith('~lib/') || OUTSIDE_RUNS.has(site.function)) return;
    const call = { index, site, name: callOf(site) };
    const pair = LOCKS.test(call.name)
      ? PAIRS.find((p) => p.take.test(call.name) || p.give.test(call.name))
      : undefined;
    if (pair) {
      const family = `${call.name.replace(/\..*/, '').replace(/^irq.*/, '')} ${pair.side}`;
      const group = locks.get(family) ?? [];
      group.push({ ...call, takes: pair.take.test(call.name) });
      locks.set(family, group);
    } else if (call.name === 'check') removals.push(removal('check', [call]));
    else if (WAKES.test(call.name)) removals.push(removal('wake-up', [call]));
  });
  for (const calls of locks.values()) removals.push(...locksOf(calls));
  return removals.sort((a, b) => a.file.localeCompare(b.file) || a.line - b.line);
}

/** The units of one family of locks. */
function locksOf(calls: readonly LockCall[]): Removal[] {
  const result: Removal[] = [];
  const open: LockCall[] = [];
  for (const inFunction of groups(calls, (c) => `${c.site.file} ${c.site.function}`)) {
    const byObject = groups(inFunction, (c) => c.site.object ?? '');
    const clear = byObject.every((group) => group[0]?.site.object !== undefined && isPaired(group));
    if (clear) result.push(...byObject.map((group) => removal('lock', group)));
    else if (isPaired(inFunction)) result.push(removal('lock', inFunction));
    else open.push(...inFunction);
  }
  // Permits that are only given wake whoever waits for them.
  const [first] = open;
  if (first?.name.startsWith('Semaphore') && !isPaired(open)) {
    if (!first.takes) result.push(...open.map((call) => removal('wake-up', [call])));
  } else if (first) {
    const byStem = groups(open, (c) => `${c.site.object} ${c.site.function.replaceAll(VERBS, '')}`);
    for (const group of byStem.every(isPaired) ? byStem : [open]) result.push(removal('lock', group));
  }
  return result;
}

const isPaired = (calls: readonly LockCall[]): boolean => calls.some((c) => c.takes) && calls.some((c) => !c.takes);

function groups<T>(items: readonly T[], key: (item: T) => string): T[][] {
  const map = new Map<string, T[]>();
  for (const item of items) map.set(key(item), [...(map.get(key(item)) ?? []), item]);
  return [...map.values()];
}

function removal(kind: RemovalKind, calls: readonly Call[]): Removal {
  const [first] = calls;
  if (!first) throw new Error('internal: a removal of nothing');
  const objects = new Set(calls.map((c) => c.site.object ?? ''));
  const [object = ''] = objects;
  const shown = objects.size === 1 && !object.startsWith('local ') ? object.replaceAll(/\.\+\d+/g, '') : '';
  return {
    kind,
    operation: shown === '' ? first.name : `${first.name} ${shown}`,
    function: [...new Set(calls.map((c) => c.site.function))].join(', '),
    file: first.site.file,
    line: first.site.line,
    sites: calls.map((c) => c.index),
    keys: calls.map((c) => siteKey(c.site)),
  };
}
