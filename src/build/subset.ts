/** What of the language a model may use; docs/subset.md is the prose. */
import { HeddleError } from '../errors.js';
import type { EntryFile } from './build.js';
import { parseModule, typeOf } from './parse-module.js';
import type { Place } from './source-map.js';

export function checkModule(bytes: Uint8Array, _places: readonly Place[], entry: EntryFile): void {
  const module = parseModule(bytes);
  const register = module.exports.find((e) => e.name === 'register' && e.kind === 0);
  if (!register) {
    throw new HeddleError('HDL_MODEL_DECLARATION', `${entry.file} exports no register()`);
  }
  typeOf(module, register.index);
}
