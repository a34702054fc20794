/** By which bits of the executor's memory a finding is known to it: `isKnown` of assembly/oracles/finding.ts. */
import type { Declarations } from './declarations.js';
import { INVARIANTS_MAX } from './layout.js';
import { pairPlace } from './oracles.js';
import { FINDING_KINDS, type FindingKind, type RawFinding } from './types.js';

/** What tells findings of an executor apart. Without a task only kind and place count. */
export type FindingKey = Pick<RawFinding, 'kind' | 'site' | 'message' | 'otherSite'> &
  Partial<Pick<RawFinding, 'task' | 'object'>>;

/** Kinds of which the place does not say enough: who used what, and who had freed it, counts as well. */
const WITH_CULPRIT: readonly FindingKind[] = ['null-dereference', 'use-after-free', 'double-free', 'leak'];
/** First bit behind those of all kinds. */
const CULPRITS = 26 << 14;

/** A finding is known if all of them are set. */
export function knownBits(finding: FindingKey, declarations: Declarations): number[] {
  const place = finding.kind === 'invariant' ? invariantPlace(finding, declarations) : finding.site;
  const bit = (FINDING_KINDS.indexOf(finding.kind) << 14) | pairPlace(place, finding.otherSite ?? 0);
  const hasCulprit = finding.task !== undefined && WITH_CULPRIT.includes(finding.kind);
  return hasCulprit ? [bit, CULPRITS + culprit(finding)] : [bit];
}

/** `culpritOf` of the executor. */
function culprit({ kind, site, task = -1, object = null }: FindingKey): number {
  let hash = (FINDING_KINDS.indexOf(kind) << 14) | site;
  for (const part of [task, object?.classId ?? 0, object?.freeSite ?? 0, object?.freeTask ?? -1]) {
    hash = Math.imul(hash ^ part, 0x01000193);
  }
  return Math.imul(hash, 0x9e3779b1) >>> 16;
}

/** `placeOf` of the executor: a declared invariant is known by its index, one of a named moment by its site and name. */
function invariantPlace({ site, message }: FindingKey, { invariants }: Declarations): number {
  const declared = invariants.findIndex(({ name }) => name === message);
  if (declared >= 0) return declared;
  let hash = site;
  for (let i = 0; i < message.length; i++) hash = Math.imul(hash ^ message.charCodeAt(i), 0x01000193);
  return INVARIANTS_MAX + ((hash >>> 0) % (0x4000 - INVARIANTS_MAX));
}
