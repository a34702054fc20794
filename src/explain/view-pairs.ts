/** The conflicting pairs of a run for the viewer: those of the causes that `explain` has found, and all others. */
import type { Manifest } from '../build/manifest.js';
import type { RawFinding, TraceStep } from '../executor/types.js';
import type { Cause } from './causality.js';
import { aroundFailure, type Conflict, conflictsOf } from './conflicts.js';
import type { Likelihood } from './likelihood.js';
import type { TraceNames } from './names.js';
import { operationText } from './rows.js';
import type { Place, ViewedLater, ViewedPair } from './viewer-data.js';

/** What `explain` has computed. */
export interface Explained {
  readonly summary: string;
  readonly causes: readonly Cause[];
  readonly likelihood: Likelihood | null;
}

/** More of them hide more than they show; the latest are kept. */
const OTHERS_MAX = 300;

interface RunOfPairs {
  readonly trace: readonly TraceStep[];
  readonly manifest: Manifest;
  readonly explained: Explained | null;
  readonly finding: RawFinding | null;
}

interface StepsOfPairs {
  readonly names: TraceNames;
  /** The step that shows an entry of the trace. */
  readonly stepOfEntry: (at: number) => number | undefined;
  /** The step that failed; -1 if there is none. */
  readonly failed: number;
  readonly lane: (slot: number) => number;
}

export function pairsOf(
  { trace, manifest, explained, finding }: RunOfPairs,
  { names, stepOfEntry, failed, lane }: StepsOfPairs,
): { pairs: ViewedPair[]; later: ViewedLater[] } {
  const entries = new Map(trace.map((step, at) => [step, at]));
  const later: ViewedLater[] = [];
  const laterAt = new Map<string, number>();
  /** A step that is no entry of the trace failed before it was made, or was looked for in what would have come. */
  const placeOf = (step: TraceStep): Place => {
    const at = entries.get(step);
    const known = at === undefined ? undefined : stepOfEntry(at);
    if (known !== undefined) return { step: known };
    if (failed >= 0 && finding && step.task === finding.task && step.site === finding.site) return { step: failed };
    if (lane(step.task) < 0) return null;
    const key = `${step.task} ${step.step} ${step.site}`;
    const site = manifest.sites[step.site];
    const index = laterAt.get(key) ?? later.length;
    if (index === later.length) {
      laterAt.set(key, index);
      const text = operationText(step, site, names);
      later.push({ task: lane(step.task), function: site?.function ?? '', text });
    }
    return { later: index };
  };
  const pair = (
    { firstStep, secondStep }: Conflict,
    more: Pick<ViewedPair, 'relation' | 'order' | 'flipped' | 'leadsTo'>,
  ): ViewedPair => ({ first: placeOf(firstStep), second: placeOf(secondStep), ...more });
  const causes = explained?.causes ?? [];
  const ofCauses = causes.flatMap(({ conflict, flipped, members, alike, leadsTo }, i) => {
    const order = { order: i + 1, flipped, leadsTo: leadsTo.map((k) => k + 1) };
    const others = members.filter((member) => member !== conflict);
    return [
      pair(conflict, { ...order, relation: flipped === 'set' ? 'together' : 'necessary' }),
      ...others.map((one) => pair(one, { ...order, relation: 'together' })),
      ...alike.map((one) => pair(one, { ...order, relation: 'alike' })),
    ];
  });
  const known = new Set(ofCauses.map((one) => JSON.stringify([one.first, one.second])));
  const all = conflictsOf(finding ? aroundFailure(trace, finding) : trace, manifest);
  const others = all
    .map((one) => pair(one, { order: 0, flipped: '', leadsTo: [], relation: 'other' }))
    .filter((one) => !known.has(JSON.stringify([one.first, one.second])));
  return { pairs: [...ofCauses, ...others.slice(-OTHERS_MAX)], later };
}
