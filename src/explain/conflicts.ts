/** The conflicting pairs of a run: two steps of different tasks at one place, at least one of which changes it, with no such step between. */
import type { Manifest } from '../build/manifest.js';
import { FINDING_KINDS, type RawFinding, type TraceStep } from '../executor/types.js';
import { turnsOf } from '../findings/turns.js';

/** A step of a run, by what does not depend on the order: the n-th time (from 1) that the task executes the site. */
export interface EventId {
  readonly task: number;
  readonly site: number;
  readonly occurrence: number;
}

export interface Conflict {
  readonly first: EventId;
  readonly second: EventId;
  /** The tasks' own step numbers, and the entries of the trace. */
  readonly firstStep: TraceStep;
  readonly secondStep: TraceStep;
  readonly firstAt: number;
  readonly secondAt: number;
  /** Which turns of the run they belong to: `3,4`. Pairs between the same two turns stand for one order of these turns. */
  readonly turns: string;
  /** Locks and the like: an order of critical sections. */
  readonly isSync: boolean;
}

/** What gives a lock back: the order of two sections is that of the operations that took it. */
const RELEASES = /unlock|^up|^leave|^put|release/i;

export const eventKey = ({ task, site, occurrence }: EventId): string => `${task} ${site} ${occurrence}`;

/** Each executed step's identity, by its index in the trace. */
export function eventIds(trace: readonly TraceStep[]): Map<number, EventId> {
  const counts = new Map<string, number>();
  const ids = new Map<number, EventId>();
  for (const [at, { kind, task, site }] of trace.entries()) {
    if (kind !== 'access') continue;
    const key = `${task} ${site}`;
    const occurrence = (counts.get(key) ?? 0) + 1;
    counts.set(key, occurrence);
    ids.set(at, { task, site, occurrence });
  }
  return ids;
}

/**
 * The run without what the failing task did later: that explains nothing, but what others did later may have come too late. With the access that
 * failed; executors check it before they make it, so traces have no entry for it.
 */
export function aroundFailure(trace: readonly TraceStep[], finding: RawFinding): TraceStep[] {
  const number = FINDING_KINDS.indexOf(finding.kind);
  const end = trace.findIndex(
    ({ kind, value, site }) => kind === 'finding' && value === number && site === finding.site,
  );
  if (end < 0 || finding.site === 0) return [...trace];
  const before = trace.slice(0, end);
  const after = trace.slice(end).filter(({ task, kind }) => task !== finding.task || kind === 'switch');
  if (finding.address === 0) return [...before, ...after];
  const last = before.findLast(({ task, step }) => task === finding.task && step >= 0);
  const { object } = finding;
  const failed: TraceStep = {
    kind: 'access',
    task: finding.task,
    // A task that comes back stands at the decision at which it gave way.
    step: last === undefined ? 0 : last.kind === 'switch' ? last.step : last.step + 1,
    site: finding.site,
    address: object ? object.address + object.offset : finding.address,
    classId: object?.classId ?? 0,
    offset: object?.offset ?? 0,
    value: 0,
    text: '',
    hash: last?.hash ?? 0n,
  };
  return [...before, failed, ...after];
}

/** All conflicting pairs, in the order of their second steps. */
export function conflictsOf(trace: readonly TraceStep[], manifest: Manifest): Conflict[] {
  const ids = eventIds(trace);
  const turn = turnNumbers(trace);
  const users = new Map<string, { writer: number; readers: Map<number, number> }>();
  const conflicts = new Map<string, Conflict>();
  const add = (firstAt: number, secondAt: number): void => {
    const [firstStep, secondStep, first, second] = [
      trace[firstAt],
      trace[secondAt],
      ids.get(firstAt),
      ids.get(secondAt),
    ];
    if (!firstStep || !secondStep || !first || !second || first.task === second.task) return;
    const turns = `${turn[firstAt]},${turn[secondAt]}`;
    const isSync = operation(firstStep, manifest) === 'sync' && operation(secondStep, manifest) === 'sync';
    conflicts.set(`${firstAt},${secondAt}`, { first, second, firstStep, secondStep, firstAt, secondAt, turns, isSync });
  };
  for (const [at, step] of trace.entries()) {
    if (step.kind !== 'access' || step.address === 0) continue;
    for (const { place, isWrite } of placesOf(step, manifest)) {
      const user = users.get(place) ?? { writer: -1, readers: new Map<number, number>() };
      if (isWrite) {
        if (user.writer >= 0) add(user.writer, at);
        for (const reader of user.readers.values()) add(reader, at);
        // Who read and then writes what it has computed from it loses what came between: that reader stays.
        const own = user.readers.get(step.task);
        user.writer = at;
        user.readers.clear();
        if (own !== undefined) user.readers.set(step.task, own);
      } else {
        if (user.writer >= 0 && !user.readers.has(step.task)) add(user.writer, at);
        user.readers.set(step.task, at);
      }
      users.set(place, user);
    }
  }
  return [...conflicts.values()].sort((a, b) => a.secondAt - b.secondAt || a.firstAt - b.firstAt);
}

type Operation = 'load' | 'store' | 'free' | 'release' | 'sync';

function operation({ site }: TraceStep, manifest: Manifest): Operation {
  const found = manifest.sites[site];
  const name = found?.operation ?? '';
  if (name === 'load' || name === 'store' || name === 'free') return name;
  const called = name === 'call' ? (found?.field.split('.').at(-1) ?? '') : name;
  return RELEASES.test(called) ? 'release' : 'sync';
}

/** Whoever touches an object reads that it is there; freeing writes that. */
function placesOf(step: TraceStep, manifest: Manifest): { place: string; isWrite: boolean }[] {
  const does = operation(step, manifest);
  const cell = `cell ${step.address & ~3}`;
  const object = `object ${step.address - step.offset}`;
  if (does === 'free') return [{ place: `object ${step.address}`, isWrite: true }];
  if (does === 'release') return [];
  return [
    { place: cell, isWrite: does !== 'load' },
    { place: object, isWrite: false },
  ];
}

function turnNumbers(trace: readonly TraceStep[]): number[] {
  return turnsOf(trace).flatMap(({ steps, end }, i) => [...steps, ...(end < 0 ? [] : [null])].map(() => i));
}
