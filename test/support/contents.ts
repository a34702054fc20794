/** What a campaign left, for comparisons of one with another. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Files with clocks. */
const CLOCKS = ['stats.json', 'seen.json', 'series.ndjson', 'journal.ndjson'];

/** Relative path and content of every file below a folder but those that hold clocks. @throws Error if there is no such folder. */
export function contentsOf(dir: string): Record<string, string> {
  const files = readdirSync(dir, { recursive: true, withFileTypes: true }).filter(
    (f) => f.isFile() && !CLOCKS.includes(f.name),
  );
  return Object.fromEntries(
    files.map((f) => [join(f.parentPath, f.name).slice(dir.length), readFileSync(join(f.parentPath, f.name), 'utf8')]),
  );
}
