/**
 * Runs what coverage keeps and what has failed once more under the oracles that cost time, in an executor of its own. What they find becomes
 * a sighting like any other.
 */
import { Executor } from '../executor/executor.js';
import { fullTables, keepLockOrder } from '../executor/oracles.js';
import type { FindingKind } from '../executor/types.js';
import type { HotSchedule } from '../schedule/schedule.js';
import type { Bucket, WorkerSetup } from './protocol.js';

/** Schedules that taught the order of locks something; more are not remembered, so that a finding can tell what it needs. */
const LEARNT_MAX = 32;

/** What the costly oracles say about a schedule. */
export interface CostlyLook {
  /** Not known before; known from now on. */
  readonly fresh: readonly Bucket[];
  readonly kinds: readonly FindingKind[];
  /** Executions before it whose order of locks counted. */
  readonly earlier: readonly HotSchedule[];
}

export class CostlyOracles {
  /** Tables that were not large enough for a schedule. */
  readonly fullTables = new Set<string>();
  private readonly executors = new Map<string, { executor: Executor; learnt: HotSchedule[] }>();

  constructor(private readonly setup: WorkerSetup) {}

  /** A new executor of the scene, which has learnt nothing. */
  create(scene: string): Executor {
    const { artefact, design, options, stepLimit, fuelLimit } = this.setup;
    return Executor.create({
      artefact,
      configuration: { design, scene, options },
      limits: { steps: stepLimit, fuel: fuelLimit },
      build: 'oracles',
    });
  }

  look(scene: string, schedule: HotSchedule, known: readonly Bucket[]): CostlyLook {
    const state = this.executors.get(scene) ?? { executor: this.create(scene), learnt: [] };
    this.executors.set(scene, state);
    const { executor, learnt } = state;
    for (const bucket of known) executor.acknowledge(bucket);
    const { findings } = executor.run(schedule);
    for (const table of fullTables(executor)) this.fullTables.add(table);
    const earlier = [...learnt];
    if (learnt.length < LEARNT_MAX && keepLockOrder(executor)) learnt.push(schedule);
    const fresh: Bucket[] = [];
    for (const { kind, site, message, otherSite } of findings) {
      const bucket = { kind, site, message, ...(otherSite === undefined ? {} : { otherSite }) };
      if (executor.isKnown(bucket)) continue;
      executor.acknowledge(bucket);
      fresh.push(bucket);
    }
    return { fresh, kinds: findings.map(({ kind }) => kind), earlier };
  }
}
