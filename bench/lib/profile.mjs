/**
 * Where an execution's time goes, from differences between builds and models, run in turn:
 *   hash, coverage  this build minus one without them
 *   reset           four tasks that do nothing: restoring, starting, ending, the set of final states
 *   points          the rest of an execution under the default scheduler, scaled by the points passed
 *   switches        what is left: decisions, unwinding, rewinding, mispredicted branches
 *   mutation        mutating a parent with four deviations minus replaying none, on the tasks that do nothing
 * Differences are approximate; a part that overlaps another in the pipeline of the processor shows less than it costs alone.
 */
import { CONTROL, MEMORY } from '../../dist/executor/layout.js';
import { artefactOf, executorOf, MODELS, parameterOf, SWITCHES, strategyOf, timeBatch } from './raw.mjs';
import { median, round } from './stats.mjs';
import { buildWithout } from './variant.mjs';

const PARENT_DEVIATIONS = 4;
/** Steps that the empty tasks' parent claims to have had, so that mutated deviations fall where none is reached. */
const EMPTY_STEPS = 14;

const walk = (switches) => (executor) => {
  executor.strategy(strategyOf(switches), parameterOf(switches));
};
const COLUMNS = SWITCHES.filter(({ label }) => ['0', '4', 'every point'].includes(label));

/** A schedule of the scene with so many deviations, and the steps of its tasks. */
function parentOf(executor) {
  walk(SWITCHES[2])(executor);
  executor.seed(7n);
  for (let i = 0; i < 10_000; i++) {
    executor.batch(1);
    const { recorded, tasks, findings } = executor.result();
    if (recorded.deviations.length === PARENT_DEVIATIONS && findings.length === 0) {
      return { schedule: recorded, steps: tasks.map(({ slot, steps }) => ({ slot, steps })) };
    }
  }
  throw new Error('no schedule with four deviations in 10,000');
}

export async function measureProfile({ rounds, sliceMs }) {
  const [probe, empty] = await Promise.all([artefactOf('probe'), artefactOf('empty')]);
  const noHash = await buildWithout('HASH');
  const noCover = await buildWithout('COVER');
  try {
    const full = executorOf(probe, MODELS.probe.scene);
    const builds = {
      full,
      noHash: executorOf(probe, MODELS.probe.scene, noHash.Executor),
      noCover: executorOf(probe, MODELS.probe.scene, noCover.Executor),
    };
    const parent = parentOf(full);
    const nothing = executorOf(empty, MODELS.empty.scene);
    const noParent = {
      schedule: {
        events: nothing.sceneSchedule().events,
        deviations: [0, 1, 2, 3].map((task) => ({ task, step: EMPTY_STEPS - 4, target: 0 })),
        choices: [],
      },
      steps: [0, 1, 2, 3].map((slot) => ({ slot, steps: EMPTY_STEPS })),
    };
    const mutate = (from) => (executor) => {
      executor.setParent(from.schedule, from.steps, 0);
      executor.strategy('mutation');
    };
    const runs = [
      ...COLUMNS.flatMap((switches) =>
        Object.entries(builds).map(([build, executor]) => ({
          key: `${build} ${switches.label}`,
          executor,
          set: walk(switches),
        })),
      ),
      ...Object.entries(builds).map(([build, executor]) => ({
        key: `${build} mutation`,
        executor,
        set: mutate(parent),
      })),
      { key: 'empty', executor: nothing, set: walk(SWITCHES[0]) },
      { key: 'empty mutation', executor: nothing, set: mutate(noParent) },
    ];
    return shares(timeAll(runs, rounds, sliceMs));
  } finally {
    noHash.remove();
    noCover.remove();
  }
}

function timeAll(runs, rounds, sliceMs) {
  const times = new Map(runs.map(({ key }) => [key, { ns: [], points: 0, n: 0 }]));
  for (let r = -1; r < rounds; r++) {
    for (const { key, executor, set } of runs) {
      const entry = times.get(key);
      executor.setEvents(executor.sceneSchedule());
      executor.view.setI32(MEMORY.CONTROL + CONTROL.deviations, 0);
      set(executor);
      executor.seed(BigInt(r + 2));
      if (r < 0) {
        timeBatch(executor, 20_000);
        entry.n = Math.round((sliceMs * 1e6) / timeBatch(executor, 10_000).ns);
      } else {
        const { ns, points } = timeBatch(executor, entry.n);
        entry.ns.push(ns);
        entry.points = points;
      }
    }
  }
  return times;
}

function shares(times) {
  const ns = (key) => median(times.get(key).ns);
  const reset = ns('empty');
  const part = (column, build) => Math.max(0, ns(`full ${column}`) - ns(`${build} ${column}`));
  const perPoint = (ns('full 0') - reset - part('0', 'noHash') - part('0', 'noCover')) / times.get('full 0').points;
  return [...COLUMNS.map(({ label }) => label), 'mutation'].map((column) => {
    const total = ns(`full ${column}`);
    const hash = part(column, 'noHash');
    const coverage = part(column, 'noCover');
    const points = perPoint * times.get(`full ${column}`).points;
    const mutation = column === 'mutation' ? ns('empty mutation') - reset : 0;
    const switches = total - points - hash - coverage - reset - mutation;
    const parts = { points, switches, reset, hash, coverage, mutation };
    return {
      column,
      ns: round(total, 0),
      share: Object.fromEntries(Object.entries(parts).map(([name, value]) => [name, round(value / total, 3)])),
    };
  });
}
