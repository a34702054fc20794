/** A bounded look at a model under all oracles, those that cost time included: random schedules from a fixed seed. */
import { type Configuration, Executor, INTEREST, type Limits } from '../executor/executor.js';
import type { ModelArtefact } from '../executor/instance.js';
import type { FindingKind, RawFinding } from '../executor/types.js';
import { bucketOf, keyOfSite } from '../findings/place.js';

export interface FuzzLook {
  readonly artefact: ModelArtefact;
  readonly configuration: Configuration;
  readonly limits: Limits;
  readonly executions: number;
}

export interface Seen {
  readonly kind: FindingKind;
  /** What makes it a finding of its own, readable. */
  readonly bucket: string;
}

const SLICE = 512;
/** Random choices first, then few preemptions at random places: each finds what the other seldom does. */
const STRATEGIES = [
  { name: 'random', parameter: 0 },
  { name: 'pct', parameter: 3 },
] as const;
const LENGTH_ESTIMATE = 50;

/** Distinct findings of that many executions. The same artefact gives the same answer. @throws the signal's reason soon after it is given. */
export async function fuzzLook(
  { artefact, configuration, limits, executions }: FuzzLook,
  signal: AbortSignal,
): Promise<Seen[]> {
  const executor = Executor.create({ artefact, configuration, limits, build: 'oracles' });
  const seen = new Map<string, Seen>();
  executor.seed(1n);
  for (const { name, parameter } of STRATEGIES) {
    executor.strategy(name, parameter, LENGTH_ESTIMATE);
    for (let done = 0; done < executions / STRATEGIES.length; ) {
      await turn(signal);
      const ran = executor.batch(SLICE);
      done += Math.max(ran, 1);
      if (!(executor.interest() & INTEREST.finding)) continue;
      for (const finding of executor.result().findings) {
        executor.acknowledge(finding);
        const bucket = nameOf(finding, executor);
        seen.set(bucket, { kind: finding.kind, bucket });
      }
    }
  }
  return [...seen.values()];
}

/** Lets signals of the process in. @throws the signal's reason if it is given. */
export async function turn(signal: AbortSignal): Promise<void> {
  await new Promise((done) => setImmediate(done));
  signal.throwIfAborted();
}

/** Of two places that race it does not matter which was first. */
function nameOf(finding: RawFinding, { manifest }: Executor): string {
  const other = finding.otherSite ?? 0;
  if (other === 0) return bucketOf(finding, manifest);
  const places = [finding.site, other].map((site) => keyOfSite(manifest, site)).sort();
  return `${finding.kind} between ${places.join(' and ')}`;
}
