/** The identity of an artefact: everything it depends on, and nothing else. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EntryFile, PipelineOptions } from './build.js';
import { PACKAGE_DIR } from './kit.js';
import { sha256 } from './source-files.js';
import type { SourceFile } from './source-files.js';

/** Raise it with every change of the passes or of the flags that changes bytes or sites. */
export const PIPELINE_VERSION = 5;
/** The same of what only exact artefacts have. */
const EXACT_VERSION = 2;

let versions: string | undefined;

/** Of this package and of the compilers that it pins. */
export function toolVersions(): string {
  versions ??= readVersions();
  return versions;
}

function readVersions(): string {
  const json = JSON.parse(readFileSync(join(PACKAGE_DIR, 'package.json'), 'utf8')) as {
    version: string;
    dependencies: Record<string, string>;
  };
  const { assemblyscript = '', binaryen = '' } = json.dependencies;
  return `heddle ${json.version}, pipeline ${PIPELINE_VERSION}, assemblyscript ${assemblyscript}, binaryen ${binaryen}`;
}

/** Absolute paths stay out: a moved checkout has the same hash. */
export function buildHash(entry: EntryFile, options: PipelineOptions, files: readonly SourceFile[]): string {
  const flavour = options.flavour === 'exact' ? `exact ${EXACT_VERSION}` : options.flavour;
  const lines = [toolVersions(), entry.name, entry.file, flavour, options.fuel ? 'fuel' : 'no fuel'];
  for (const key of options.without) lines.push(`without ${key}`);
  for (const f of files) if (f.sha256 !== '') lines.push(`${f.name} ${f.sha256}`);
  return sha256(lines.join('\n'));
}
