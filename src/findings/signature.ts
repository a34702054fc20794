/**
 * The stable identity of a finding: what identifies its kind in the minimized run (DESIGN section 6). The strings name sites, classes and
 * messages, and never lines, addresses, task numbers or counts, so that an edit elsewhere in the model does not make an old bug a new one.
 */
import { createHash } from 'node:crypto';
import type { Manifest } from '../build/manifest.js';
import { FINDING_KINDS, type RawFinding, type TraceStep, type Waiter } from '../executor/types.js';
import type { Deviation } from '../schedule/schedule.js';
import { siteKey } from '../schedule/site.js';
import { isInterrupted, waitFor } from './deadlock.js';
import { className, keyOfSite } from './place.js';

/** 16 hexadecimal digits. */
export function signatureOf(identity: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(identity)).digest('hex').slice(0, 16);
}

export interface Evidence {
  readonly raw: RawFinding;
  readonly manifest: Manifest;
  readonly trace: readonly TraceStep[];
  /** Of the run's portable schedule. */
  readonly deviations: readonly Deviation[];
}

/** What the signature is made of, readable; the kind comes first. */
export function identityOf(evidence: Evidence): string[] {
  const { raw, manifest } = evidence;
  const at = keyOfSite(manifest, raw.site);
  switch (raw.kind) {
    case 'use-after-free':
    case 'double-free':
      return [raw.kind, `at ${at}`, `freed by ${keyOfSite(manifest, raw.object?.freeSite ?? 0)}`];
    case 'null-dereference':
      return [raw.kind, `at ${at}`, nullOrigin(evidence)];
    case 'deadlock':
      return [raw.kind, ...deadlockIdentity(raw.waiters, manifest)];
    case 'self-deadlock':
      return [
        raw.kind,
        `${manifest.sites[raw.site]?.function ?? ''} waits for ${lockName(raw.object?.classId ?? 0, raw.site, manifest)}`,
      ];
    case 'invariant':
      return [raw.kind, raw.message, ...preemptionSites(evidence.deviations)];
    case 'assertion':
      return [raw.kind, raw.message || `at ${at}`, ...preemptionSites(evidence.deviations)];
    case 'data-race':
    case 'lock-order':
      return [raw.kind, ...[at, keyOfSite(manifest, raw.otherSite ?? 0)].sort().map((key) => `at ${key}`)];
    case 'lost-wakeup':
      return [raw.kind, `at ${at}`, `woken in vain by ${keyOfSite(manifest, raw.otherSite ?? 0)}`];
    case 'starvation':
      return [raw.kind, `waits at ${at}`];
    case 'leak':
      return [raw.kind, `allocated by ${at}`];
    default:
      return [raw.kind, `at ${at}`];
  }
}

function nullOrigin(evidence: Evidence): string {
  const store = clearedBy(evidence);
  return store ? `cleared by ${keyOfSite(evidence.manifest, store.site)}` : 'the pointer was never set';
}

/** Another task's store that made the pointer NULL which the failing task had read; `undefined` if there was none. */
export function clearedBy({ raw, manifest, trace }: Omit<Evidence, 'deviations'>): TraceStep | undefined {
  if (raw.kind !== 'null-dereference') return undefined;
  const load = nullLoad(raw, manifest, trace);
  if (load < 0) return undefined;
  const address = trace[load]?.address;
  return trace
    .slice(0, load)
    .findLast(
      (step) =>
        step.kind === 'access' &&
        step.task !== raw.task &&
        step.address === address &&
        manifest.sites[step.site]?.operation === 'store',
    );
}

/** Index of the load by which the failing task got its NULL; -1 if it is not in the trace. */
export function nullLoad(raw: RawFinding, manifest: Manifest, trace: readonly TraceStep[]): number {
  const number = FINDING_KINDS.indexOf(raw.kind);
  const end = trace.findIndex(({ kind, value, site }) => kind === 'finding' && value === number && site === raw.site);
  return trace
    .slice(0, end < 0 ? trace.length : end)
    .findLastIndex(
      ({ kind, task, value, site }) =>
        kind === 'access' && task === raw.task && value === 0 && manifest.sites[site]?.operation === 'load',
    );
}

function deadlockIdentity(waiters: readonly Waiter[], manifest: Manifest): string[] {
  const { cycle, roots } = waitFor(waiters);
  const functionOf = ({ site }: Waiter): string => manifest.sites[site]?.function ?? '';
  const lines = [...cycle, ...roots].map((waiter) =>
    // Where the handler came in between does not make another bug.
    isInterrupted(waiter, manifest)
      ? `${functionOf(waiter)} is interrupted`
      : `${functionOf(waiter)} waits for ${lockName(waiter.classId, waiter.site, manifest)}`,
  );
  return [...new Set(lines)].sort();
}

/** The class of what is waited for, else what the site says. */
export function lockName(classId: number, site: number, manifest: Manifest): string {
  const found = manifest.sites[site];
  return className(manifest, classId) || found?.field || found?.operation || 'something';
}

/** Where the schedule takes the processor from a task that could go on. */
function preemptionSites(deviations: readonly Deviation[]): string[] {
  return [...new Set(deviations.filter(isPreemption).map(({ site }) => `interrupted before ${siteKey(site)}`))].sort();
}

/** A task that waits or has ended is not interrupted. */
export function isPreemption({ site }: Deviation): boolean {
  return site.operation !== 'block' && site.operation !== 'exit';
}
