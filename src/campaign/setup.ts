/** What a campaign's worker threads are told when they start. */
import { isCostly } from '../executor/oracles.js';
import type { WorkerSetup } from '../worker/protocol.js';
import type { CampaignOptions } from './types.js';

/** `coverage`: features seen by anyone, MEMORY.COVERAGE_SIZE bytes. */
export function setupOf(options: CampaignOptions, workers: number, coverage: SharedArrayBuffer): WorkerSetup {
  const { artefact, design, stepLimit, fuelLimit, oracles } = options;
  return {
    modelName: artefact.manifest.name,
    artefact: { wasm: artefact.wasm, manifest: artefact.manifest },
    design,
    options: options.options,
    stepLimit,
    fuelLimit,
    costly: oracles?.some(isCostly) ?? false,
    oracles,
    visibleOnly: options.strategy === 'portfolio',
    workers,
    begun: new SharedArrayBuffer(4),
    coverage,
  };
}
