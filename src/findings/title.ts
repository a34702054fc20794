/** The one line that names a finding. */
import type { Manifest } from '../build/manifest.js';
import type { RawFinding, TaskInfo } from '../executor/types.js';
import { isInterrupted, waitFor } from './deadlock.js';
import { className, taskName } from './place.js';
import { lockName } from './signature.js';

/** `use-after-free of DevIommu in of_iommu_configure (load DevIommu.fwspec)`. `tasks`: those of the run. */
export function titleOf(raw: RawFinding, manifest: Manifest, tasks: readonly TaskInfo[]): string {
  const site = manifest.sites[raw.site];
  const operation = site ? [site.operation, site.field].filter((word) => word !== '').join(' ') : '';
  const at = site ? ` in ${site.function} (${operation})` : '';
  const object = raw.object ? className(manifest, raw.object.classId) : '';
  switch (raw.kind) {
    case 'invariant':
      return `invariant “${raw.message}” is broken${site ? at : ' at the end'}`;
    case 'assertion':
    case 'abort':
      return `${raw.kind} “${raw.message}”${site ? ` in ${site.function}` : ''}`;
    case 'deadlock':
      return deadlockTitle(raw, manifest);
    case 'trap':
      return trapTitle(raw, manifest, tasks);
    case 'leak':
      return `leak of ${object || 'an object'}${site ? ` allocated in ${site.function}` : ''}`;
    default:
      return `${raw.kind}${object === '' ? '' : ` of ${object}`}${at}${otherTitle(raw, manifest)}`;
  }
}

/** Where WebAssembly itself stops a task nothing tells the place: only what the task did before. */
function trapTitle(
  { message, site, task, isAtSite }: RawFinding,
  manifest: Manifest,
  tasks: readonly TaskInfo[],
): string {
  const at = manifest.sites[site];
  if (at?.operation === 'trap') return `trap: unreachable in ${at.function}`;
  if (at && isAtSite) return `trap: ${message}, in ${at.function} (${[at.operation, at.field].join(' ').trim()})`;
  if (isAtSite) return `trap: ${message}`;
  const last = at ? `, after ${[at.operation, at.field].join(' ').trim()} in ${at.function}` : '';
  return `trap${message && `: ${message}`} in ${taskName(tasks, task)}${last}`;
}

/** The second place, for kinds that have two. */
function otherTitle({ kind, otherSite = 0 }: RawFinding, manifest: Manifest): string {
  const site = manifest.sites[otherSite];
  if (site && kind === 'starvation') return `, while ${site.function} goes on for ever`;
  return site ? ` and ${site.function} (${[site.operation, site.field].filter((word) => word !== '').join(' ')})` : '';
}

function deadlockTitle(raw: RawFinding, manifest: Manifest): string {
  const { cycle, roots } = waitFor(raw.waiters);
  const parts = [...cycle, ...roots].map((waiter) => {
    const what = isInterrupted(waiter, manifest) ? 'interrupted' : lockName(waiter.classId, waiter.site, manifest);
    return `${manifest.sites[waiter.site]?.function ?? 'a task'} (${what})`;
  });
  const [first = 'a task', ...rest] = [...new Set(parts)];
  if (cycle.length === 1) return `deadlock of a task with itself in ${first}`;
  if (cycle.length > 0)
    return `deadlock between ${rest.length > 0 ? [first, ...rest].join(' and ') : `${cycle.length} tasks in ${first}`}`;
  return `deadlock: waits for ever in ${[first, ...rest].join(' and ')}`;
}
