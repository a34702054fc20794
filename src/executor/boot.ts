/** Boots a model: its start function, its declarations and the scene's set-up, as every execution finds them. */
import type { Manifest } from '../build/manifest.js';
import { HeddleError } from '../errors.js';
import type { Instance } from './instance.js';
import { CONTROL, MEMORY } from './layout.js';
import type { Limits } from './limits.js';
import { readFindings, readHeld } from './result.js';
import type { RawFinding } from './types.js';

/** What the executor takes for the running task while the model boots. */
const BOOT_TASK = -1;

/**
 * Runs what runs before any task; each part must end with nothing wrong and no lock held, since what it leaves is where all executions start.
 * `scene`: whose set-up runs; null: only what the model declares. @throws HeddleError HDL_MODEL_DECLARATION naming the part and the line.
 */
export function bootModel(
  instance: Instance,
  manifest: Manifest,
  limits: Limits,
  scene: { readonly name: string; readonly setup: number } | null,
): void {
  const { exports: x, view } = instance;
  view.setI32(MEMORY.CONTROL + CONTROL.fuelLimit, limits.fuel);
  view.setI32(MEMORY.CONTROL + CONTROL.stepLimit, limits.steps);
  const dataEnd = Math.min(manifest.staticEnd, ...manifest.cells.map((cell) => cell.address));
  x.boot(manifest.staticEnd, dataEnd & ~15);
  runPart(instance, manifest, 'its module-level code', () => instance.start());
  runPart(instance, manifest, 'register()', () => instance.register());
  if (scene?.setup)
    runPart(instance, manifest, `the set-up of scene “${scene.name}”`, () => instance.call(scene.setup));
  x.booted();
}

function runPart(instance: Instance, manifest: Manifest, part: string, run: () => void): void {
  const fail = (what: string, site: number, hint: string, cause?: unknown): never => {
    const at = manifest.sites[site];
    const place = at ? { file: at.file, line: at.line, column: at.column, message: `in ${at.function}` } : null;
    throw new HeddleError('HDL_MODEL_DECLARATION', `${manifest.name} fails while it starts: ${part} ${what}`, {
      diagnostics: place ? [place] : [],
      hint,
      cause,
    });
  };
  let cause: unknown;
  try {
    run();
  } catch (error) {
    if (!(error instanceof WebAssembly.RuntimeError) && !(error instanceof RangeError)) throw error;
    cause = error;
  }
  // Also what an execution would survive, and then go on.
  const finding = readFindings(instance.view, null).at(cause ? -1 : 0);
  if (finding) {
    const { what, hint } = describe(finding, instance, manifest);
    fail(what, finding.site, hint, cause);
  }
  if (cause) fail(`fails: ${(cause as Error).message}`, 0, 'what runs before any task must not fail', cause);
  const [held] = readHeld(instance.view, BOOT_TASK);
  if (held) {
    const lock = lockName(manifest, instance.view.i32(held.object - 8), held.site);
    fail(
      `ends with ${lock} held`,
      held.site,
      'release it there, or take it in an event: a lock belongs to the task that took it',
    );
  }
}

/** What went wrong, as the end of a sentence, and the remedy. */
function describe(finding: RawFinding, instance: Instance, manifest: Manifest): { what: string; hint: string } {
  const { kind, address, object, message, site } = finding;
  const name = lockName(manifest, object?.classId ?? 0, site);
  switch (kind) {
    case 'deadlock':
      return {
        what: `waits for ${name}`,
        hint: 'nothing else runs yet, so it would wait for ever: set-up must not block',
      };
    case 'self-deadlock':
      return { what: `takes ${name}, which it holds already`, hint: 'release it first: set-up must not block' };
    case 'out-of-memory': {
      if (!address) break;
      // It is not memory that it is short of: the address is that of a function object, which begins with its index.
      const task = instance.functionName(instance.view.i32(address));
      const hint = 'tasks are started by events: start it in one, or make it an event of the scene';
      return { what: `starts a task${task ? `, ${task}` : ''}`, hint };
    }
    default:
  }
  const text = message ? `${kind} “${message}”` : kind;
  return { what: `fails: ${text}`, hint: 'what runs before any task must not fail' };
}

/** `Mutex m`, by its class and by what the code calls it. */
function lockName(manifest: Manifest, classId: number, site: number): string {
  const at = manifest.sites[site];
  const type = manifest.classes.find(({ id }) => id === classId)?.name ?? at?.field ?? '';
  const called = at?.object?.startsWith('local ') ? '' : (at?.object ?? '');
  return [type, called].filter((word) => word !== '').join(' ') || 'an object';
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
