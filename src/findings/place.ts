/** Names for the numbers of a finding: sites, classes and tasks. */
import type { Manifest, Site } from '../build/manifest.js';
import type { RawFinding, TaskInfo } from '../executor/types.js';
import { siteKey } from '../schedule/site.js';
import type { PlaceRecord } from './finding.js';

/** Task name of what was learnt from another execution. */
export const EARLIER = 'an earlier execution';
/** Task name of what happened before any task ran. */
export const BOOT = 'boot';

/** Column of a diagram for what invariants read: it is no task's, and no schedule decides it. */
export const INVARIANTS = 'invariants';

/** `null` for site 0, which is no place. */
export function placeOf(
  manifest: Manifest,
  tasks: readonly TaskInfo[],
  site: number,
  task: number,
): PlaceRecord | null {
  const found = manifest.sites[site];
  if (!found) return null;
  const { operation, field, file, line } = found;
  return { function: found.function, operation, field, file, line, task: taskName(tasks, task) };
}

export function taskName(tasks: readonly TaskInfo[], slot: number): string {
  return tasks.find((task) => task.slot === slot)?.name ?? BOOT;
}

/** Its name; of several tasks of one name, with its path: `use [1]`. */
export function taskLabel(tasks: readonly TaskInfo[], slot: number): string {
  const name = taskName(tasks, slot);
  const path = tasks.find((task) => task.slot === slot)?.path ?? '';
  return tasks.some((task) => task.slot !== slot && task.name === name) ? `${name} [${path}]` : name;
}

/** Empty if the class is not known. */
export function className(manifest: Manifest, classId: number): string {
  return classId === 0 ? '' : (manifest.classes.find(({ id }) => id === classId)?.name ?? '');
}

/** `of_iommu_configure load DevIommu.fwspec`; empty for site 0. */
export function keyOfSite(manifest: Manifest, site: number): string {
  const found: Site | null | undefined = manifest.sites[site];
  return found ? siteKey(found) : '';
}

/** What a bucket is made of, in the executor's numbers. */
export type RawBucket = Pick<RawFinding, 'kind' | 'site' | 'message' | 'otherSite'>;

/**
 * What a finding is known by before it is minimized, but for its symptom: its kind and its site. An invariant is its name: where it was found broken
 * says little. Of two places the order does not count.
 */
export function bucketOf(raw: RawBucket, manifest: Manifest): string {
  if (raw.kind === 'invariant') return `invariant “${raw.message}”`;
  const site = keyOfSite(manifest, raw.site);
  const other = keyOfSite(manifest, raw.otherSite ?? 0);
  if (site === '') return raw.kind;
  return other === '' ? `${raw.kind} at ${site}` : `${raw.kind} at ${[site, other].sort().join(' and ')}`;
}

/** The whole bucket: a place can show several symptoms. Without a symptom: the bucket itself. */
export function bucketWith(bucket: string, symptom: string): string {
  return symptom === '' ? bucket : `${bucket} as ${symptom}`;
}

/** A bucket by name or in the executor's numbers. */
export function bucketName(bucket: string | RawBucket, manifest: Manifest): string {
  return typeof bucket === 'string' ? bucket : bucketOf(bucket, manifest);
}
