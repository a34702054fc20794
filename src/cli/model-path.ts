/** Which model a command is about, with a name that the compiler can be given. */
import { basename } from 'node:path';
import { type ModelEntry, resolveModel } from '../build/index.js';
import { HeddleError } from '../errors.js';

/** The compiler would take the first for a flag; the others end a text, or a folder, in what it writes. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what it cannot write
const BAD = /^-|["\\\u0000-\u001f]/;

/** As `resolveModel`. @throws HeddleError HDL_USAGE also if the file's name is none that can be compiled. */
export async function findModel(nameOrPath: string): Promise<ModelEntry> {
  const entry = await resolveModel(nameOrPath);
  if (BAD.test(basename(entry.path))) {
    throw new HeddleError('HDL_USAGE', `${entry.path}: a model’s file cannot have this name`, {
      hint: 'rename it: no hyphen at the beginning, and no quote, backslash or control character',
    });
  }
  return entry;
}
