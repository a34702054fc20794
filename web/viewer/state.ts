/** What the viewer shows at a step: computed from the data, without a browser. */
import type { ViewedStep, ViewerData } from '../../src/explain/viewer-data.js';

export interface FieldState {
  readonly name: string;
  readonly value: string;
  /** Before the step, if it changed it; else null. */
  readonly was: string | null;
}

export interface ObjectState {
  readonly name: string;
  readonly isNew: boolean;
  readonly isFreed: boolean;
  readonly fields: readonly FieldState[];
}

/** The objects that exist after a step, what the pairs of orders are about first. */
export function objectsAfter(data: ViewerData, at: number): ObjectState[] {
  const values = data.objects.map(({ fields }) => fields.map(({ value }) => value));
  for (const { changes } of data.steps.slice(0, at)) {
    for (const [o, f, value] of changes) if (values[o]) values[o][f] = value;
  }
  const changed = new Map(data.steps[at]?.changes.map(([o, f, value]) => [`${o},${f}`, value]));
  const order = objectOrder(data);
  return order.flatMap((o) => {
    const object = data.objects[o];
    if (!object || object.born > at) return [];
    const fields = object.fields.map(({ name }, f) => {
      const before = values[o]?.[f] ?? '';
      const after = changed.get(`${o},${f}`);
      return { name, value: after ?? before, was: after === undefined ? null : before };
    });
    return [{ name: object.name, isNew: object.born === at, isFreed: (object.freed ?? at + 1) <= at, fields }];
  });
}

/** Indices into `objects`: those of orders, then as the run touches them. */
function objectOrder({ objects, pairs, steps }: ViewerData): number[] {
  const ofOrders = pairs
    .filter(({ order }) => order > 0)
    .flatMap(({ first, second }) => [first, second])
    .flatMap((place) => (place !== null && 'step' in place ? [steps[place.step]?.object ?? -1] : []));
  const touched = steps.flatMap(({ object, changes }) => [object, ...changes.map(([o]) => o)]);
  const all = [...ofOrders, ...touched, ...objects.keys()];
  return [...new Set(all)].filter((o) => o >= 0);
}

export interface SyncState {
  readonly name: string;
  readonly holders: readonly number[];
  readonly waiters: readonly number[];
  readonly isChanged: boolean;
}

/** Who holds and who waits after a step. */
export function syncsAfter({ syncs, steps }: ViewerData, at: number): SyncState[] {
  const now = new Map(syncs.map(({ holders, waiters }, s) => [s, { holders, waiters, isChanged: false }]));
  for (const [i, { uses }] of steps.slice(0, at + 1).entries())
    for (const [s, holders, waiters] of uses) now.set(s, { holders, waiters, isChanged: i === at });
  return syncs.map(({ name }, s) => ({ name, holders: [], waiters: [], isChanged: false, ...now.get(s) }));
}

/** Steps that orders are about; without any, those of all pairs. */
export function conflictSteps({ pairs }: ViewerData): number[] {
  const orders = pairs.filter(({ order }) => order > 0);
  const shown = orders.length > 0 ? orders : pairs;
  const steps = shown
    .flatMap(({ first, second }) => [first, second])
    .flatMap((place) => (place !== null && 'step' in place ? [place.step] : []));
  return [...new Set(steps)].sort((a, b) => a - b);
}

/** Steps before which another task lost the processor. */
export function preemptionSteps({ steps }: ViewerData): number[] {
  return steps.flatMap(({ arrival }, i) => (arrival === 'preemption' ? [i] : []));
}

/** The next of a sorted list after (or before) a step, round its ends; the step itself of an empty list. */
export function neighbour(list: readonly number[], at: number, direction: 1 | -1): number {
  const found = direction > 0 ? list.find((one) => one > at) : list.findLast((one) => one < at);
  return found ?? list.at(direction > 0 ? 0 : -1) ?? at;
}

/** Where a reader begins: at the step that failed, else at the last one that the text diagram has. */
export function failingStep({ steps }: ViewerData): number {
  const failed = steps.findLastIndex(({ mark }) => mark !== '');
  const drawn = steps.findLastIndex(({ row }) => row >= 0);
  return Math.max(0, failed >= 0 ? failed : drawn >= 0 ? drawn : steps.length - 1);
}

/** `transfer: Account#1.balance write 90`. */
export function stepText({ function: name, text }: Pick<ViewedStep, 'function' | 'text'>): string {
  return name === '' ? text : `${name}: ${text}`;
}

/** For screen readers: all of a step in one sentence. */
export function stepSentence({ steps, tasks, window }: ViewerData, at: number): string {
  const step = steps[at];
  if (step === undefined) return '';
  const name = tasks[step.task]?.name ?? '';
  const arrival = step.arrival === 'preemption' ? ' after a preemption' : '';
  const mark = step.mark === '' ? '' : `. Here it fails: ${step.mark}`;
  return `Step ${window.before + at + 1} of ${window.total}, ${name}${arrival}, ${stepText(step)}${mark}`;
}
