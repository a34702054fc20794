/** Signatures that are no news: of findings that somebody has seen already. */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { HeddleError } from '../errors.js';
import { loadFinding } from './store.js';

/** The folder of a finding ends with its signature. */
const FOLDER = /-([0-9a-f]{16})$/;

/**
 * The signatures below a folder: of a campaign, of its `findings/`, or a folder into which folders of findings (or their `finding.json`) were
 * copied. `refuse` is told of files that are no findings.
 *
 * @throws HeddleError HDL_USAGE if there is no such folder.
 */
export function knownSignatures(directory: string, refuse: (file: string, reason: string) => void): Set<string> {
  if (!existsSync(directory) || !statSync(directory).isDirectory()) {
    throw new HeddleError('HDL_USAGE', `--known ${directory}: there is no such folder`, {
      hint: 'make it, and copy into it the folders of the findings that you know',
    });
  }
  const inside = join(directory, 'findings');
  const root = existsSync(inside) ? inside : directory;
  const known = new Set<string>();
  for (const name of readdirSync(root).sort()) {
    const named = FOLDER.exec(name)?.[1];
    const file = name.endsWith('.json') ? join(root, name) : join(root, name, 'finding.json');
    if (named !== undefined && !name.endsWith('.json')) known.add(named);
    else if (existsSync(file)) {
      try {
        known.add(loadFinding(file).signature);
      } catch (error) {
        refuse(file, (error as Error).message);
      }
    }
  }
  return known;
}
