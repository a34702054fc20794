/** Goes on with the exhaustive search of a scene. What it runs into is run again by the executor that judges all other schedules. */
import type { Executor } from '../executor/executor.js';
import type { ModelArtefact } from '../executor/instance.js';
import type { Violation } from '../executor/search.js';
import type { ExecutionResult } from '../executor/types.js';
import { Exhaustion } from '../verify/exhaustion.js';
import type { BatchRunner } from './batch.js';
import { sightingsOf } from './inspect.js';
import type { Discovery, SearchRequest, SearchResult, Sighting, WorkerSetup } from './protocol.js';

export class Searcher {
  private exact: ModelArtefact | null = null;
  private exhaustion: Exhaustion | null = null;
  /** It has seen what no replay shows: then nothing is said of all schedules. */
  private isDoubtful = false;

  constructor(
    private readonly runner: BatchRunner,
    private readonly setup: WorkerSetup,
  ) {}

  run(request: SearchRequest): SearchResult {
    const { scene, transitions, id } = request;
    if (request.exact) this.exact = request.exact;
    if (request.begin) {
      // The old one's memory is free before the new one takes its own.
      this.exhaustion = null;
      this.isDoubtful = false;
      this.exhaustion = this.begin(request);
    }
    const { exhaustion } = this;
    if (!exhaustion) throw new Error(`internal: no search of ${scene} was begun`);
    const before = exhaustion.transitions;
    const violations = exhaustion.run(transitions);
    const sightings: Sighting[] = [];
    const discoveries: Discovery[] = [];
    for (const violation of violations) {
      const executor = this.runner.open(id, scene);
      const result = executor.run(violation.schedule);
      sightings.push(...this.sight(executor, scene, violation, result));
      discoveries.push(this.runner.discover(executor, scene, 0, result.recorded));
    }
    const isDoubted = exhaustion.outcome === 'exhausted' && this.isDoubtful;
    return {
      type: 'search',
      id,
      sightings,
      discoveries,
      spent: exhaustion.transitions - before,
      transitions: exhaustion.transitions,
      states: exhaustion.states,
      outcome: isDoubted ? 'cut' : exhaustion.outcome,
      cut: isDoubted ? 'it saw a failure that a replay does not show' : exhaustion.cut,
    };
  }

  private begin({ scene, memoryBytes }: SearchRequest): Exhaustion {
    const { design, options, stepLimit, fuelLimit } = this.setup;
    if (!this.exact) throw new Error('internal: a search without the exact artefact');
    const configuration = { design, scene, options };
    return new Exhaustion(
      { artefact: this.exact, configuration, limits: { steps: stepLimit, fuel: fuelLimit } },
      memoryBytes,
    );
  }

  /** What the ordinary executor says of a violation; if it says nothing, what the search said, and the analysis then tells that it does not recur. */
  private sight(
    executor: Executor,
    scene: string,
    { finding, schedule }: Violation,
    result: ExecutionResult,
  ): Sighting[] {
    const shown = sightingsOf(executor, scene, result);
    // What the search calls so is counted in one transition, not in a run.
    const isLimit = finding.kind === 'step-limit' || finding.kind === 'no-progress';
    if (isLimit || shown.some(({ bucket }) => bucket.kind === finding.kind)) return shown;
    this.isDoubtful = true;
    const { kind, site, message } = finding;
    return [...shown, { stage: 0, scene, schedule, bucket: { kind, site, message }, executions: 0 }];
  }
}
