/** Lines of a model's source, as they were built. */
import { existsSync, readFileSync } from 'node:fs';
import type { Manifest } from '../build/manifest.js';
import { sha256 } from '../build/source-files.js';

/** Answers a line (from 1) of a file as sites name it, without its indentation; empty if the file has changed since, or is not there. */
export function sourceLines({ sources }: Manifest): (file: string, line: number) => string {
  const files = new Map<string, readonly string[]>();
  return (file, line) => {
    const lines = files.get(file) ?? read(file);
    files.set(file, lines);
    return lines[line - 1]?.trim() ?? '';
  };

  function read(file: string): readonly string[] {
    const source = sources.find(({ name }) => name === file);
    if (source === undefined || source.sha256 === '' || !existsSync(source.path)) return [];
    const bytes = readFileSync(source.path);
    return sha256(bytes) === source.sha256 ? bytes.toString('utf8').split(/\r?\n/) : [];
  }
}
