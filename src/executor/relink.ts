/** Executor and model as one module (src/link/) in the place of two, in the middle of a campaign. */
import { type Instance, instantiateLinked } from './instance.js';
import { CONTROL, MEMORY } from './layout.js';
import { WrittenPages } from './written-pages.js';

/**
 * An instance of `linked` that goes on where a release build's stands: with its memory, its table and the executor's globals. `boot` starts the
 * model as it was started there: it has globals of its own, which nobody sees and only its start sets. Not while an execution runs. @throws
 * Error if the model does not start as it did.
 */
export function relinked(instance: Instance, linked: WebAssembly.Module, boot: (instance: Instance) => void): Instance {
  const { memory, view } = instance;
  const kept = new WrittenPages(memory.buffer);
  const bootHash = (): bigint => view.u64(MEMORY.CONTROL + CONTROL.bootHash);
  const before = bootHash();
  // A start finds what it may write to empty; what it is asked to start (design, scene, options) stays.
  kept.clear(MEMORY.HEAD, MEMORY.ARENAS);
  const next = instantiateLinked(linked, instance);
  try {
    boot(next);
    if (bootHash() !== before) throw new Error('internal: the linked model starts in another state');
  } finally {
    kept.restore();
  }
  const globals = next.exports as unknown as WebAssembly.Exports;
  for (const [name, from] of Object.entries(instance.exports as unknown as WebAssembly.Exports)) {
    const to = globals[name];
    if (from instanceof WebAssembly.Global && to instanceof WebAssembly.Global) to.value = from.value;
  }
  return next;
}
