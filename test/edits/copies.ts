/** Copies of models, edited as their authors would. */
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A model's source: text by path, relative to the folder that holds the model. */
export type Sources = ReadonlyMap<string, string>;
export type Edit = (sources: Sources) => Sources;

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Of one file, or of the whole folder if the file is an `index.ts`. */
export function sourcesOf(entry: string): Sources {
  const folder = join(ROOT, dirname(entry));
  const names =
    basename(entry) === 'index.ts'
      ? readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()
      : [basename(entry)];
  const files = names.filter((name) => name.endsWith('.ts'));
  return new Map(files.map((name) => [name, readFileSync(join(folder, name), 'utf8')]));
}

/** Writes an edited copy and answers the path of its entry. Equal copies have equal paths, so that they are built once. */
export function writeCopy(entry: string, sources: Sources): string {
  const hash = createHash('sha256')
    .update(JSON.stringify([...sources]))
    .digest('hex');
  const isFolder = basename(entry) === 'index.ts';
  const folder = join(
    tmpdir(),
    'heddle-test-models/edits',
    hash.slice(0, 16),
    isFolder ? basename(dirname(entry)) : '',
  );
  for (const [name, text] of sources) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return join(folder, basename(entry));
}

/** Replaces text in a file. An edit that finds nothing to replace is a mistake in the test: the model has changed. */
export function replace(file: string, what: string | RegExp, by: string): Edit {
  return (sources) => {
    const before = sources.get(file);
    const after = before?.replace(what, by);
    if (after === undefined || after === before) throw new Error(`${file} has no ${what}; adapt the edit`);
    return new Map(sources).set(file, after);
  };
}

/** Adds text in front of a file. */
export const prepend = (file: string, text: string): Edit => replace(file, /^/, text);

/** Adds text at the end of a file. */
export const append = (file: string, text: string): Edit => replace(file, /$/, text);

/** Moves a top-level function to the end of its file, or to the end of another one. */
export function moveFunction(file: string, name: string, to: string = file): Edit {
  return (sources) => {
    const pattern = new RegExp(`^(export )?function ${name}\\([^]*?^\\}\\n`, 'm');
    const text = sources.get(file)?.match(pattern)?.[0] ?? '';
    return all(replace(file, pattern, ''), replace(to, /$/, `\n${text}`))(sources);
  };
}

/** One edit after the other. */
export function all(...edits: readonly Edit[]): Edit {
  return (sources) => edits.reduce((edited, edit) => edit(edited), sources);
}
