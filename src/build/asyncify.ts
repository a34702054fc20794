/**
 * The instrumented module → the one that runs: optimise, Asyncify, one pass of ours over its output, optimise again. Binaryen is loaded
 * on the first call only: it takes longer than everything a cached model needs.
 */
import { HOOK_NAMES, maySuspend } from './abi.js';
import { addFastCopies } from './fast-copies.js';
import { finish } from './finish.js';
import type { Manifest } from './manifest.js';
import { type Binaryen, setDefaults, transform } from './optimiser.js';
import { zeroDeadLocals } from './zero-dead-locals.js';

const ASYNCIFY_EXPORTS = ['start_unwind', 'stop_unwind', 'start_rewind', 'stop_rewind', 'get_state'];

/** Every function the module imports, by name; all from the module "heddle". */
export async function asyncify(
  bytes: Uint8Array,
  imports: readonly string[],
  flavour: Manifest['flavour'],
): Promise<Uint8Array> {
  const { default: binaryen } = await import('binaryen');
  setOptions(binaryen, imports);
  const plain = transform(binaryen, bytes, (module) => {
    module.optimize();
    // zeroDeadLocals knows the guards in the form that Asyncify writes them.
    if (flavour === 'exact') binaryen.setOptimizeLevel(0);
    module.runPasses(['asyncify']);
  });
  const complete = flavour === 'exact' ? zeroDeadLocals(plain, maySuspend) : addFastCopies(plain);
  const isExact = flavour === 'exact';
  // The exact artefact is built for its states: level 3 costs it more time than a search gets back.
  binaryen.setOptimizeLevel(isExact ? 2 : 3);
  const optimized = transform(binaryen, complete, (module) => {
    for (const name of ASYNCIFY_EXPORTS) module.removeExport(`asyncify_${name}`);
    // What Asyncify wrote at level 0 has thousands of locals, of which the optimiser's `simplify-locals` would take twice as long.
    if (isExact) module.runPasses(['coalesce-locals', 'vacuum']);
    module.optimize();
    if (!module.validate()) throw new Error('internal: the built module is not valid');
    binaryen.setGenerateStackIR(true);
    binaryen.setOptimizeStackIR(true);
  });
  return finish(optimized);
}

function setOptions(binaryen: Binaryen, imports: readonly string[]): void {
  setDefaults(binaryen);
  const suspending = [...new Set([...HOOK_NAMES, ...imports])].filter(maySuspend).sort();
  binaryen.setPassArgument('asyncify-imports', suspending.map((name) => `heddle.${name}`).join(','));
  // The state is a global that `finish` turns into a word of memory: the executor switches with a plain store.
  binaryen.setPassArgument('asyncify-import-globals', '1');
}
