/** Runs schedules from files: what a schedule is worth, or why it is refused. Nothing is taken on trust; what a file says of itself is not asked. */
import { HeddleError } from '../errors.js';
import { Observations } from '../executor/observed.js';
import { fromPortable } from '../executor/portable.js';
import type { Schedule } from '../schedule/schedule.js';
import type { BatchRunner } from './batch.js';
import type { Inspected, InspectRequest, InspectResult, WorkerSetup } from './protocol.js';

export function inspect(runner: BatchRunner, setup: WorkerSetup, request: InspectRequest): InspectResult {
  const inspected = request.schedules.map((schedule) => inspectOne(runner, setup, schedule, request.id));
  const observed = new Observations();
  for (const { scene } of inspected.flatMap(({ discovery }) => discovery ?? [])) {
    observed.add(runner.executor(scene).observed());
  }
  return { type: 'inspect', id: request.id, inspected, observed: observed.all() };
}

function inspectOne(runner: BatchRunner, setup: WorkerSetup, schedule: Schedule, id: number): Inspected {
  const refused = (reason: string): Inspected => ({ reason, discovery: null, dropped: 0 });
  if (schedule.model !== setup.modelName) return refused(`it belongs to the model ${schedule.model}`);
  try {
    const executor = runner.open(id, schedule.scene);
    if (schedule.design !== executor.design) return refused(`it belongs to the design ${schedule.design}`);
    const { hot, dropped } = fromPortable(executor, schedule);
    const discovery = runner.discover(executor, schedule.scene, 0, executor.run(hot).recorded);
    return { reason: null, discovery, dropped: dropped.length };
  } catch (error) {
    // No such scene, event or argument; or a run that no file can hold.
    if (error instanceof HeddleError) return refused(error.message);
    throw error;
  }
}
