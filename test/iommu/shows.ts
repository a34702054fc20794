/** Which symptoms random schedules of a scene show. */
import { type Executor, INTEREST } from '../../src/executor/executor.js';
import { analyseFinding } from '../../src/findings/analyse.js';
import { bucketOf } from '../../src/findings/place.js';
import { executorOf } from '../support/models.js';

export const MODEL = 'assembly/models/iommu/index.ts';

export interface Where {
  readonly design: string;
  readonly scene: string;
  readonly options?: Readonly<Record<string, number>>;
}

/** Schedules with a switch anywhere, and schedules with few: each finds what the other seldom does. */
const STRATEGIES = [
  { name: 'random', parameter: 0 },
  { name: 'pct', parameter: 3 },
] as const;
const LENGTH_ESTIMATE = 150;

/** Symptoms in about so many executions; ends early once `wanted` is seen. */
export async function symptomsOf(
  { design, scene, options = {} }: Where,
  executions: number,
  wanted: string | null = null,
): Promise<Set<string>> {
  const executor = await executorOf(MODEL, { design, scene, options });
  const found = new Set<string>();
  for (const { name, parameter } of STRATEGIES) {
    const begin = (): void => {
      executor.setEvents(executor.sceneSchedule());
      executor.strategy(name, parameter, LENGTH_ESTIMATE);
    };
    begin();
    executor.seed(7n);
    for (let done = 0; done < executions / STRATEGIES.length && !(wanted && found.has(wanted)); ) {
      done += Math.max(1, executor.batch(Math.ceil(executions / STRATEGIES.length - done)));
      if (!(executor.interest() & INTEREST.finding)) continue;
      const seed = executor.randomState();
      for (const symptom of look(executor)) found.add(symptom);
      begin();
      executor.seed(seed);
    }
  }
  return found;
}

/** What the last execution shows that the executor did not know. */
function look(executor: Executor): string[] {
  const { findings, recorded } = executor.result();
  return findings
    .filter((finding) => !executor.isKnown(finding))
    .map((finding) => {
      executor.acknowledge(finding);
      return analyseFinding(executor, recorded, bucketOf(finding, executor.manifest)).symptom;
    });
}
