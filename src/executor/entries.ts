/** What the functions of events are like. The compiler checks all other functions that a model hands to the kit. */
import type { Manifest } from '../build/manifest.js';
import { HeddleError } from '../errors.js';
import { LIMITS } from '../schedule/schedule.js';
import type { Declarations } from './declarations.js';
import type { Instance } from './instance.js';

/** @throws HeddleError HDL_MODEL_DECLARATION for an event whose function no task could call, with the function's place. */
export function checkEntries({ events }: Declarations, instance: Instance, manifest: Manifest): void {
  for (const { name, entry, arity } of events) {
    if (takesNumbers(instance.table.get(entry), arity)) continue;
    const called = instance.functionName(entry);
    const mark = manifest.marks.find((m) => m.kind === 'entry' && m.function === called);
    const message = `event “${name}”: ${called || 'its function'} must return nothing and take i32 arguments only`;
    throw new HeddleError('HDL_MODEL_DECLARATION', `${manifest.name}: ${message}`, {
      diagnostics: mark
        ? [{ file: mark.file, line: mark.line, column: mark.column, message: `${called} is here` }]
        : [],
      hint: `give it the result void and up to ${LIMITS.args} parameters of type i32`,
    });
  }
}

/** WebAssembly tells no program a function's type, but it links a module only with a function of the type that the module imports. */
function takesNumbers(entry: unknown, arity: number): boolean {
  try {
    new WebAssembly.Instance(importer(arity), { m: { f: entry as WebAssembly.ImportValue } });
    return true;
  } catch (error) {
    if (error instanceof WebAssembly.LinkError) return false;
    throw error;
  }
}

/** A module that imports a function of so many i32 and without a result, and has nothing else. */
function importer(arity: number): WebAssembly.Module {
  const type = [1, 0x60, arity, ...Array.from({ length: arity }, () => 0x7f), 0];
  const wanted = [1, 1, 0x6d, 1, 0x66, 0, 0];
  const sections = [1, type.length, ...type, 2, wanted.length, ...wanted];
  return new WebAssembly.Module(Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, ...sections));
}
