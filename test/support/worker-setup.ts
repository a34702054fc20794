/** What a worker of a campaign is told, for tests that start one by hand. */
import type { ModelArtefact } from '../../src/executor/instance.js';
import { MEMORY } from '../../src/executor/layout.js';
import { DEFAULT_LIMITS } from '../../src/executor/limits.js';
import type { WorkerSetup } from '../../src/worker/protocol.js';

export function workerSetup({ wasm, manifest }: ModelArtefact, design: string): WorkerSetup {
  return {
    ...{ modelName: manifest.name, artefact: { wasm, manifest }, design, options: {} },
    ...{ stepLimit: DEFAULT_LIMITS.steps, fuelLimit: DEFAULT_LIMITS.fuel, costly: false, oracles: null },
    ...{ visibleOnly: false, workers: 1 },
    ...{ begun: new SharedArrayBuffer(4), coverage: new SharedArrayBuffer(MEMORY.COVERAGE_SIZE) },
  };
}
