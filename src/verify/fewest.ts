/** The fewest preemptions that show each violation: searches with none, one, two … until each bucket was met again. */
import { now } from '../clock.js';
import { Search } from '../executor/search.js';
import { Visited } from '../executor/visited.js';
import type { FindingRecord } from '../findings/finding.js';
import { type SearchSetup, SLICE } from './protocol.js';
import type { Violations } from './violations.js';

/** A bound whose search takes longer is given up, and with it the proof. */
const BOUND_MS = 10_000;
const VISITED_START = 16;
const VISITED_MAX = 24;

/** Answers by signature whether it is proved that no fewer preemptions do. */
export async function fewestPreemptions(
  violations: Violations,
  setup: SearchSetup,
  learned: Uint8Array,
  signal: AbortSignal,
): Promise<Record<string, boolean>> {
  let proved = 0;
  const worst = (): number => Math.max(0, ...violations.all.filter(isOfStates).map((record) => record.preemptions));
  for (let bound = 0; bound < worst(); bound++) {
    if (!(await searchWithin(bound, violations, setup, learned, signal))) break;
    proved = bound + 1;
  }
  return Object.fromEntries(
    violations.all.map((record) => [record.signature, isOfStates(record) && record.preemptions <= proved]),
  );
}

/** What repeats for ever is no state, and these searches do not look for it. */
const isOfStates = ({ kind }: FindingRecord): boolean => kind !== 'livelock' && kind !== 'starvation';

/** All schedules with at most `bound` preemptions. Answers whether the search came to its end. */
async function searchWithin(
  bound: number,
  violations: Violations,
  setup: SearchSetup,
  learned: Uint8Array,
  signal: AbortSignal,
): Promise<boolean> {
  let log2 = VISITED_START;
  const visited = Visited.create(log2, false);
  const search = new Search({ ...setup, liveness: false, visited, bounds: { ...setup.bounds, preemptions: bound } });
  search.teach(learned);
  search.start();
  for (const begin = now(); now() - begin < BOUND_MS && !signal.aborted; ) {
    const event = search.run(SLICE);
    if (event === 'finished') return true;
    if (event === 'finding') for (const violation of search.violations()) violations.improve(violation);
    else if (event === 'order') search.schedule();
    else if (event === 'restart') {
      visited.clear(log2, false);
      search.start();
    } else if (event === 'visited-full' && log2 < VISITED_MAX) visited.grow(++log2);
    else if (event !== 'more') return false;
    await new Promise((resolve) => setImmediate(resolve));
  }
  return false;
}
