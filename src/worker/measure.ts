/** What a schedule of a corpus reaches, in two executions: one finds the numbers of its decisions, one runs them. */
import { followPortable } from '../executor/follow-portable.js';
import { HeddleError } from '../errors.js';
import type { BatchRunner } from './batch.js';
import { otherConfiguration } from './inspect.js';
import type { MeasureRequest, MeasureResult, WorkerSetup } from './protocol.js';
import { Steppers } from './steppers.js';

export class Measurer {
  private readonly steppers: Steppers;

  constructor(
    private readonly runner: BatchRunner,
    private readonly setup: WorkerSetup,
  ) {
    this.steppers = new Steppers(setup);
  }

  measure({ id, schedule }: MeasureRequest): MeasureResult {
    const refused = (reason: string): MeasureResult => ({
      ...{ type: 'measure', id, reason, features: [], dropped: 0, executions: 0 },
    });
    const { modelName } = this.setup;
    if (schedule.model !== modelName) return refused(`it belongs to the model ${schedule.model}`);
    try {
      const executor = this.runner.open(id, schedule.scene);
      const mismatch = otherConfiguration(executor, schedule);
      if (mismatch !== null) return refused(mismatch);
      const stepper = this.steppers.of(schedule.scene);
      const executions = (): number => executor.totals().executions + stepper.executor.totals().executions;
      const before = executions();
      this.runner.announced(id, schedule.scene, stepper.executor);
      const { hot, dropped } = followPortable(stepper, schedule);
      this.runner.announced(id, schedule.scene, executor);
      const features = executor.features(hot);
      const made = executions() - before;
      return { type: 'measure', id, reason: null, features, dropped: dropped.length, executions: made };
    } catch (error) {
      // No such scene, event or argument.
      if (error instanceof HeddleError) return refused(error.message);
      throw error;
    }
  }
}
