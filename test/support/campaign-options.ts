/** What a campaign of the tests is asked for: one without threads and threads' noise, unless a test says otherwise. */
import type { CampaignOptions } from '../../src/campaign/types.js';
import { modelAt } from './models.js';

/** `path`: the model. `more` is stronger than the defaults. */
export async function campaignOptions(
  path: string,
  outDir: string,
  more: Partial<CampaignOptions> = {},
): Promise<CampaignOptions> {
  return {
    modelArgument: path,
    artefact: more.artefact ?? (await modelAt(path)),
    design: '',
    scene: null,
    options: {},
    jobs: 0,
    seed: 7n,
    maxTimeMs: null,
    maxExecutions: null,
    stopOnFirst: false,
    deterministic: false,
    strategy: 'portfolio',
    oracles: null,
    outDir,
    stepLimit: 20_000,
    fuelLimit: 1 << 20,
    hangMs: 15_000,
    minimize: true,
    ...more,
  };
}
