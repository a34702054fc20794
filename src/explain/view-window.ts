/** Of a long run the viewer gets a part: what comes before it is applied to the first values. */
import type { FieldChange, Place, UseChange, ViewedStep, ViewerData } from './viewer-data.js';

/** Steps that the viewer shows. */
export const STEPS_MAX = 2_000;
/** Of them so many may come after the last mark. */
const AFTER = 200;

/** The same data if the run is short; else the steps around what failed, or the last ones. */
export function windowed(data: ViewerData, most = STEPS_MAX): ViewerData {
  const { steps, objects, syncs, pairs, likelihood } = data;
  if (steps.length <= most) return data;
  const failed = steps.findLastIndex(({ mark }) => mark !== '');
  const end = failed < 0 ? steps.length : Math.min(steps.length, failed + 1 + Math.min(AFTER, most >> 1));
  const from = Math.max(0, end - most);
  const left = steps.slice(0, from);
  const values = lastOf(
    left.flatMap(({ changes }) => changes),
    ([o, f]: FieldChange) => `${o},${f}`,
  );
  const uses = lastOf(
    left.flatMap((step: ViewedStep) => step.uses),
    ([sync]: UseChange) => String(sync),
  );
  const moved = (step: number): number => Math.max(-1, step - from);
  const place = (one: Place): Place =>
    one === null || 'later' in one ? one : one.step < from || one.step >= end ? null : { step: one.step - from };
  const turn = likelihood?.turn ?? null;
  return {
    ...data,
    steps: steps.slice(from, end),
    window: { before: from, total: steps.length },
    objects: objects.map((object, o) => ({
      ...object,
      fields: object.fields.map((field, f) => ({ ...field, value: values.get(`${o},${f}`)?.[2] ?? field.value })),
      born: moved(object.born),
      freed: object.freed === null ? null : moved(object.freed),
    })),
    syncs: syncs.map((sync, s) => {
      const [, holders, waiters] = uses.get(String(s)) ?? [s, sync.holders, sync.waiters];
      return { ...sync, holders, waiters };
    }),
    pairs: pairs
      .map((pair) => ({ ...pair, first: place(pair.first), second: place(pair.second) }))
      .filter(({ order, first, second }) => order > 0 || (first !== null && second !== null)),
    likelihood: likelihood && {
      ...likelihood,
      points: likelihood.points
        .filter(({ steps: made }) => made >= from && made <= end)
        .map((point) => ({ ...point, steps: point.steps - from })),
      turn: turn && turn.step >= from && turn.step < end ? { ...turn, step: turn.step - from } : null,
    },
  };
}

function lastOf<T>(list: readonly T[], keyOf: (one: T) => string): ReadonlyMap<string, T> {
  return new Map(list.map((one) => [keyOf(one), one]));
}
