/** How a campaign stands, from its folder alone: nothing is asked of the process, which may be gone. */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { wallClock } from '../clock.js';
import { readRegular } from '../regular-file.js';
import { headerJson } from './header.js';
import { readJournal } from './journal.js';
import { type Holder, lockState } from './lock.js';
import type { CampaignStatus } from './types.js';

/**
 * `running`: a living process has the lock. `elsewhere`: a process of another host has it. `ended`: the journal has its last line. `died`:
 * neither; the next `heddle fuzz` goes on.
 */
export type CampaignState = 'running' | 'elsewhere' | 'ended' | 'died';

export interface Standing {
  readonly dir: string;
  readonly state: CampaignState;
  readonly model: string;
  readonly design: string;
  readonly scene: string | null;
  readonly seed: string;
  readonly holder: Holder | null;
  /** Milliseconds since the statistics were written; null if there are none. Clocks that jumped make it 0, never less. */
  readonly ageMs: number | null;
  readonly status: CampaignStatus | null;
  /** Folders below `findings/`, of all runs. */
  readonly findings: readonly string[];
  readonly quarantined: number;
  /** Bytes of all its files. */
  readonly bytes: number;
  /** Lines of the journal that are not whole. */
  readonly torn: number;
}

/** null if the folder is no campaign. @throws HeddleError if its header, or another file of it, is none that can be read. */
export function standingOf(dir: string): Standing | null {
  const header = headerJson(dir) as Partial<Standing> | null;
  if (header === null) return null;
  const stats = json(join(dir, 'stats.json')) as (CampaignStatus & { at?: number }) | null;
  const lock = lockState(dir);
  const { lines, torn } = readJournal(join(dir, 'journal.ndjson'));
  const isOver = lines.at(-1)?.type === 'end';
  const states = { held: 'running', foreign: 'elsewhere', none: null, stale: null } as const;
  return {
    dir,
    state: states[lock.state] ?? (isOver ? 'ended' : 'died'),
    model: String(header.model ?? '?'),
    design: String(header.design ?? ''),
    scene: header.scene ?? null,
    seed: String(header.seed ?? ''),
    holder: lock.state === 'none' ? null : lock.holder,
    ageMs: stats?.at === undefined ? null : Math.max(0, wallClock() - stats.at),
    status: stats,
    findings: names(join(dir, 'findings')).filter((name) => existsSync(join(dir, 'findings', name, 'finding.json'))),
    quarantined: names(join(dir, 'quarantine')).filter((name) => name.endsWith('.json')).length,
    bytes: bytesBelow(dir),
    torn,
  };
}

/** Campaign folders: the one named, or those directly below it, sorted. */
export function campaignsAt(dir: string): string[] {
  if (existsSync(join(dir, 'campaign.json'))) return [dir];
  return names(dir)
    .map((name) => join(dir, name))
    .filter((path) => existsSync(join(path, 'campaign.json')));
}

function names(dir: string): string[] {
  try {
    return readdirSync(dir).sort();
  } catch {
    return [];
  }
}

/** null: it is not there, or torn. */
function json(path: string): object | null {
  const text = readRegular(path);
  if (text === null) return null;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' ? value : null;
  } catch {
    return null;
  }
}

function bytesBelow(dir: string): number {
  const files = readdirSync(dir, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return files.reduce((sum, { parentPath, name }) => {
    // A running campaign renames its files.
    return sum + (statSync(join(parentPath, name), { throwIfNoEntry: false })?.size ?? 0);
  }, 0);
}
