/**
 * The executor and a model in one module, the hooks of the hot path inlined into the model, which V8 does not do between modules. The same
 * executions take three quarters of the time on the IOMMU model; linking it takes half a minute, so only long campaigns do
 * (src/campaign/linking.ts).
 */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { FEATURES, setDefaults, transform } from '../build/optimiser.js';

/** Hooks up to this size (Binaryen's measure) go inline: nearly all that they have without what is rare. Above it only the module grows. */
const INLINED_SIZE = 100;

/** Bytes of the executor (its release build) and of a model in the fast flavour → the module of both. It has the exports of both. */
export async function link(executor: Uint8Array, model: Uint8Array): Promise<Uint8Array> {
  return inlineHooks(await merge(executor, model, new AbortController().signal));
}

/** The first half, by Binaryen's own program, since its library cannot. @throws Error if `signal` aborts; then the program is stopped. */
export async function merge(executor: Uint8Array, model: Uint8Array, signal: AbortSignal): Promise<Uint8Array> {
  const program = createRequire(import.meta.url).resolve('binaryen/bin/wasm-merge');
  const folder = await mkdtemp(join(tmpdir(), 'heddle-link-'));
  const file = (name: string): string => join(folder, name);
  try {
    await writeFile(file('executor.wasm'), executor);
    await writeFile(file('model.wasm'), model);
    const modules = [file('executor.wasm'), 'heddle', file('model.wasm'), 'model'];
    const flags = Object.values(FEATURES).map((name) => `--enable-${name}`);
    await promisify(execFile)(process.execPath, [program, ...modules, '-o', file('merged.wasm'), ...flags], { signal });
    return new Uint8Array(await readFile(file('merged.wasm')));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The second half. `train` (training.ts) may follow. */
export async function inlineHooks(merged: Uint8Array): Promise<Uint8Array> {
  const { default: binaryen } = await import('binaryen');
  setDefaults(binaryen);
  binaryen.setAlwaysInlineMaxSize(INLINED_SIZE);
  return transform(binaryen, merged, (module) => {
    module.runPasses(['inlining-optimizing']);
    if (!module.validate()) throw new Error('internal: the linked module is not valid');
    binaryen.setGenerateStackIR(true);
    binaryen.setOptimizeStackIR(true);
  });
}
