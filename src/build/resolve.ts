/** Which model is meant: a built-in name, an example's name, or a path. */
import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { HeddleError } from '../errors.js';
import { isSpecial, refuseSpecial, specialFile } from '../regular-file.js';
import type { EntryFile } from './build.js';
import { EXAMPLES_DIR, MODELS_DIR } from './kit.js';

export interface ModelEntry {
  readonly name: string;
  /** Absolute path of the entry file. */
  readonly path: string;
  readonly origin: 'built-in' | 'example' | 'path';
}

/** The models that come with the package, built-in ones first, each group by name. */
export async function listModels(): Promise<ModelEntry[]> {
  return [...(await modelsIn(MODELS_DIR, 'built-in')), ...(await modelsIn(EXAMPLES_DIR, 'example'))];
}

async function modelsIn(folder: string, origin: ModelEntry['origin']): Promise<ModelEntry[]> {
  const names = (await readdir(folder).catch(() => [])).sort();
  const entries: ModelEntry[] = [];
  for (const name of names) {
    if (name.startsWith('.') || name.endsWith('.d.ts')) continue;
    const path = join(folder, name);
    if (name.endsWith('.ts')) entries.push({ name: name.slice(0, -3), path, origin });
    else if (await isFile(join(path, 'index.ts'))) entries.push({ name, path: join(path, 'index.ts'), origin });
  }
  return entries;
}

/** What names a file and no model that comes with Heddle. */
export const IS_PATH = /[/\\]|\.ts$/;

/** Unknown names and paths that lead nowhere: `HDL_MODEL_UNKNOWN` with what there is. */
export async function resolveModel(nameOrPath: string): Promise<ModelEntry> {
  const looksLikePath = IS_PATH.test(nameOrPath);
  const known = await listModels();
  const found = looksLikePath ? undefined : known.find((m) => m.name === nameOrPath);
  if (found) return found;
  const path = resolve(nameOrPath);
  const index = join(path, 'index.ts');
  if (looksLikePath) for (const file of [path, index]) refuseSpecial(file);
  if (looksLikePath && (await isFile(path))) return { name: modelName(path), path, origin: 'path' };
  if (looksLikePath && (await isFile(index))) return { name: modelName(index), path: index, origin: 'path' };
  const names = known.map((m) => m.name);
  const near = nearest(looksLikePath ? modelName(path) : nameOrPath, names);
  const list = `models: ${names.join(', ') || 'none'}; or give the path of a .ts file`;
  throw new HeddleError(
    'HDL_MODEL_UNKNOWN',
    looksLikePath ? `no model at ${nameOrPath}` : `no model is called ${nameOrPath}`,
    {
      hint: near === undefined ? list : `did you mean ${near}? ${list}`,
    },
  );
}

/** The entry file's base name, or its folder's name for `index.ts`. */
function modelName(path: string): string {
  const name = basename(path, '.ts');
  return name === 'index' ? basename(dirname(path)) : name;
}

/** Checks that there is a source file before a compiler is loaded. */
export async function entryFile(entry: string): Promise<EntryFile> {
  const path = resolve(entry);
  const info = await stat(path).catch(() => undefined);
  if (!info)
    throw new HeddleError('HDL_MODEL_UNKNOWN', `no file ${entry}`, {
      hint: 'heddle models lists the names that are built in',
    });
  if (isSpecial(info)) throw specialFile(entry);
  if (info.isDirectory()) {
    throw new HeddleError('HDL_MODEL_COMPILE', `${entry} is a folder`, {
      hint: `give the entry file, for example ${join(entry, 'index.ts')}`,
    });
  }
  if (!path.endsWith('.ts') || path.endsWith('.d.ts')) {
    throw new HeddleError('HDL_MODEL_COMPILE', `${entry} is not an AssemblyScript source`, {
      hint: 'give a file that ends in .ts',
    });
  }
  return { name: modelName(path), baseDir: dirname(path), file: basename(path) };
}

const isFile = async (path: string): Promise<boolean> => (await stat(path).catch(() => undefined))?.isFile() ?? false;

/** The name that differs by the fewest edits, if they are few. */
function nearest(name: string, names: readonly string[]): string | undefined {
  const scored = names.map((n) => [editDistance(name, n), n] as const).sort(([a], [b]) => a - b);
  const [best] = scored;
  return best && best[0] <= Math.max(1, Math.floor(name.length / 3)) ? best[1] : undefined;
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, change));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
