/** A worker's executors that stop at each decision, one a scene, each made at its first use: what schedules of files are followed with. */
import { Executor } from '../executor/executor.js';
import { Stepper } from '../executor/stepping.js';
import type { WorkerSetup } from './protocol.js';

export class Steppers {
  private readonly byScene = new Map<string, Stepper>();

  constructor(private readonly setup: WorkerSetup) {}

  /** @throws HeddleError for an unknown scene. */
  of(scene: string): Stepper {
    const { artefact, design, options, stepLimit, fuelLimit } = this.setup;
    const stepper =
      this.byScene.get(scene) ??
      new Stepper(
        Executor.create({
          artefact,
          configuration: { design, scene, options },
          limits: { steps: stepLimit, fuel: fuelLimit },
          eager: true,
        }),
      );
    this.byScene.set(scene, stepper);
    return stepper;
  }
}
