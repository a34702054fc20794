/** Every schedule of a scene, for tests: the search of `heddle verify` with what most of them want. */
import type { ModelArtefact } from '../../src/executor/instance.js';
import { type VerifyOptions, type VerifyResult, verify } from '../../src/verify/verify.js';

/** The first design and scene if `more` names no other. `modelOf`: the model, by its flavour. */
export async function searched(
  modelOf: (flavour: 'fast' | 'exact') => Promise<ModelArtefact>,
  more: Partial<VerifyOptions> = {},
): Promise<VerifyResult> {
  const artefacts = { exact: await modelOf('exact'), fast: await modelOf('fast') };
  const what = { design: '', scene: '', options: {}, oracles: null, reduce: true, all: true };
  const limits = { memoryBytes: 64 << 20, stepLimit: 20_000, fuelLimit: 1 << 20 };
  return verify({ ...artefacts, ...what, ...limits, ...more }, () => {}, new AbortController().signal);
}
