/** What a design costs: the model's counters over executions of the same seed. Measured, not fuzzed: nothing is learnt from a run. */
import { Executor } from '../executor/executor.js';
import type { HotSchedule } from '../schedule/schedule.js';
import type { CompareOptions, CounterRow, CounterSample, Measure } from './types.js';

/** Of each strategy. */
const EXECUTIONS = 500;
/** Switches everywhere, and few switches at random places. */
const STRATEGIES = [
  { name: 'random', parameter: 0 },
  { name: 'pct', parameter: 3 },
] as const;
const LENGTH_ESTIMATE = 50;

type Counters = ReadonlyMap<string, number>;

/** The counters of one design in one scene, at one value of the swept option. */
export function sampleCounters(
  options: CompareOptions,
  design: string,
  scene: string,
  value: number | null,
): CounterSample {
  const { fast, stepLimit, fuelLimit, seed, sweep } = options;
  const swept = sweep !== null && value !== null ? { [sweep.option]: value } : {};
  const executor = Executor.create({
    artefact: fast,
    configuration: { design, scene, options: { ...options.options, ...swept } },
    limits: { steps: stepLimit, fuel: fuelLimit },
  });
  const events = executor.sceneSchedule();
  const byDefault = execute(executor, events);
  const sampled: Counters[] = [];
  let leftOut = 0;
  executor.seed(seed);
  for (const { name, parameter } of STRATEGIES) {
    executor.strategy(name, parameter, LENGTH_ESTIMATE);
    for (let i = 0; i < EXECUTIONS; i++) {
      executor.batch(1);
      if (hasEnded(executor)) sampled.push(executor.counters());
      else leftOut += 1;
    }
  }
  const names = [...new Set([byDefault, ...sampled].flatMap((counters) => [...(counters?.keys() ?? [])]))].sort();
  const rows = names.map((name) => rowOf(name, options.per, sampled, byDefault));
  return { design, scene, value, executions: sampled.length, leftOut, rows };
}

function execute(executor: Executor, schedule: HotSchedule): Counters | null {
  executor.run(schedule);
  return hasEnded(executor) ? executor.counters() : null;
}

/** A run that a finding cut short costs less than it should. */
function hasEnded(executor: Executor): boolean {
  return executor.result().tasks.every(({ state }) => state === 'done');
}

function rowOf(name: string, per: string | null, sampled: readonly Counters[], byDefault: Counters | null): CounterRow {
  const read = (counters: Counters | null): number | null => (counters ? (counters.get(name) ?? 0) : null);
  const divide = (counters: Counters | null): number | null => {
    const divisor = counters?.get(per ?? '') ?? 0;
    const total = read(counters);
    return total === null || divisor === 0 ? null : total / divisor;
  };
  return {
    name,
    total: measure(sampled.map(read), read(byDefault)),
    per: per === null ? null : measure(sampled.map(divide), divide(byDefault)),
  };
}

function measure(values: readonly (number | null)[], byDefault: number | null): Measure | null {
  const known = values.filter((value) => value !== null);
  if (known.length === 0) return null;
  const sum = known.reduce((a, b) => a + b, 0);
  return { min: Math.min(...known), mean: sum / known.length, max: Math.max(...known), byDefault };
}
