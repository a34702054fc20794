/**
 * Which branches are rare, by a count: a copy that counts them runs executions, and the module gets hints. Hints change the speed only. The
 * same count wherever it runs.
 */
import { BranchCounts, COUNTER_BYTES, countBranches, withHints } from '../build/branch-hints.js';
import { type Configuration, Executor } from '../executor/executor.js';
import { EXECUTION_PAGES, type ModelArtefact } from '../executor/instance.js';
import { STRATEGIES } from '../executor/layout.js';

const PAGE = 65_536;
/** By each strategy, with several scenes less of each. */
const EXECUTIONS = 400;
const EXECUTIONS_MIN = 10;
/** Objects that SURW mixes (docs/strategies.md). */
const SURW_OBJECTS = 4;
/** What strategies are told of a task's length. */
const STEPS = 32;

/** A module of executor and model (`link`) with hints, from executions of these configurations. @throws HeddleError as `Executor.create`. */
export function train(
  linked: Uint8Array,
  artefact: ModelArtefact,
  configurations: readonly Configuration[],
): Uint8Array {
  const counters = EXECUTION_PAGES * PAGE;
  const counting = countBranches(linked, counters);
  const module = new WebAssembly.Module(new Uint8Array(counting.bytes));
  const pages = EXECUTION_PAGES + Math.ceil((counting.branches * COUNTER_BYTES) / PAGE);
  const counts = new BranchCounts(counting.branches, counters);
  const executions = Math.max(EXECUTIONS_MIN, Math.ceil(EXECUTIONS / configurations.length));
  for (const configuration of configurations) {
    const executor = Executor.create({ artefact, configuration, pages, visibleOnly: true });
    executor.relink(module);
    exercise(executor, executions);
    counts.add(executor.view);
  }
  return withHints(linked, (branch) => counts.of(branch));
}

/** Runs so many executions by each strategy. */
export function exercise(executor: Executor, executions: number): void {
  const schedule = executor.sceneSchedule();
  const steps = schedule.events.map((_, slot) => ({ slot, steps: STEPS }));
  executor.seed(1n);
  for (const strategy of STRATEGIES) {
    executor.strategy(strategy, strategy === 'surw' ? SURW_OBJECTS : 1, STEPS * schedule.events.length);
    executor.setParent(schedule, steps, 0);
    for (let left = executions; left > 0; ) {
      const done = executor.batch(left);
      if (done === 0) break;
      left -= done;
    }
  }
}
