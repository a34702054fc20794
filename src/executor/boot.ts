/** Boots a model: its start function, its declarations and the scene's set-up, as every execution finds them. */
import type { Manifest } from '../build/manifest.js';
import { HeddleError } from '../errors.js';
import type { Instance } from './instance.js';
import { CONTROL, MEMORY } from './layout.js';
import type { Limits } from './limits.js';
import { readFindings } from './result.js';

/** @throws HeddleError HDL_MODEL_DECLARATION for a model that fails while it starts. `setup`: table index; null: only what it declares. */
export function bootModel(instance: Instance, manifest: Manifest, limits: Limits, setup: number | null): void {
  const { exports: x, view } = instance;
  view.setI32(MEMORY.CONTROL + CONTROL.fuelLimit, limits.fuel);
  view.setI32(MEMORY.CONTROL + CONTROL.stepLimit, limits.steps);
  const dataEnd = Math.min(manifest.staticEnd, ...manifest.cells.map((cell) => cell.address));
  try {
    x.boot(manifest.staticEnd, dataEnd & ~15);
    instance.start();
    instance.register();
    if (setup) instance.call(setup);
    x.booted();
  } catch (error) {
    if (!(error instanceof WebAssembly.RuntimeError) && !(error instanceof RangeError)) throw error;
    const finding = readFindings(view, null)[0];
    const site = manifest.sites[finding?.site ?? 0];
    throw new HeddleError(
      'HDL_MODEL_DECLARATION',
      `${manifest.name} fails while it starts: ${finding?.kind ?? error.message}`,
      {
        diagnostics: site
          ? [{ file: site.file, line: site.line, column: site.column, message: `${finding?.kind} in ${site.function}` }]
          : [],
        hint: 'module-level code, register() and the scene’s set-up run before any task; they must not fail, block or spawn',
        cause: error,
      },
    );
  }
}

/** @throws HeddleError HDL_USAGE naming what there is. */
export function indexOf(list: readonly { readonly name: string }[], name: string, what: string, model: string): number {
  const index = list.findIndex((x) => x.name === name);
  if (index < 0) {
    throw new HeddleError('HDL_USAGE', `${model} has no ${what} “${name}”`, {
      hint: list.length ? `it has: ${list.map((x) => x.name).join(', ')}` : `it declares no ${what}`,
    });
  }
  return index;
}
