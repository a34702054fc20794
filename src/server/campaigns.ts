/** The campaigns below the folders that were named: which there are, and how each stands. Never writes; never throws for what a folder holds. */
import { createHash } from 'node:crypto';
import { readFileSync, realpathSync } from 'node:fs';
import { basename, join } from 'node:path';
import * as v from 'valibot';
import { lockState } from '../campaign/lock.js';
import { readSeries, type Sample } from '../campaign/series.js';
import { campaignsAt, type Standing, standingOf } from '../campaign/standing.js';
import type { CampaignStatus } from '../campaign/types.js';
import { now } from '../clock.js';
import type { CampaignView, SeriesPoint } from './api.js';
import { FindingReader } from './findings.js';
import { Memo } from './memo.js';
import { fingerprint, plainFile, plainFolder, reason } from './untrusted.js';

/** A folder is looked at again after so long. */
const FRESH_MS = 900;
/** What grows with the folder (journal, sizes) is read so seldom that it takes a twentieth of the time at most. */
const SHARE = 20;
/** Campaigns of one server. */
const CAMPAIGNS_MAX = 500;
const READ = ['campaign.json', 'stats.json', 'journal.ndjson', 'series.ndjson', 'lock'];

const count = v.pipe(v.number(), v.finite());
const SceneSearch = v.object({
  scene: v.string(),
  state: v.picklist(['waiting', 'building', 'searching', 'exhausted', 'stopped']),
  ...{ states: count, transitions: count, reason: v.string() },
});
const Status = v.object({
  ...{ elapsedMs: count, executions: count, executionsPerSecond: count, executionsPerSecondNow: count, points: count },
  ...{ corpus: count, features: count, states: count, findings: count, knownHits: count },
  ...{ lastNewMs: v.nullable(count), lastFindingMs: v.nullable(count), workers: count, workersReplaced: count },
  ...{ unsteady: count, imported: count, refused: count, chanceOfNew: count, sitesReached: count, sitesTotal: count },
  strategies: v.record(v.string(), v.object({ executions: count, entries: count, findings: count })),
  // Earlier campaigns had none.
  searches: v.optional(v.array(SceneSearch), []),
});
const Stats = v.object({ schema: v.literal('heddle.stats/1'), at: count, ...Status.entries });
const Point: v.GenericSchema<Sample> = v.object({
  ...{ at: count, elapsedMs: count, executions: count, executionsPerSecondNow: count },
  ...{ corpus: count, features: count, states: count, findings: count, rss: count },
});

interface Looked {
  readonly view: CampaignView;
  readonly at: number;
}

interface Stood {
  readonly standing: Standing;
  /** Who had the folder. */
  readonly lock: string;
  readonly at: number;
  readonly cost: number;
}

export class Campaigns {
  readonly findings = new FindingReader();
  private readonly looked = new Map<string, Looked>();
  private readonly stood = new Map<string, Stood>();
  private readonly series = new Memo<readonly SeriesPoint[]>();
  private dirs = new Map<string, string>();
  private dirsAt = Number.NEGATIVE_INFINITY;

  /** `folders`: campaigns, or folders that have them directly below. */
  constructor(private readonly folders: readonly string[]) {}

  /** All that are there now, in the order of the folders that were named. */
  all(): CampaignView[] {
    return [...this.scan()].map(([id, dir]) => this.view(id, dir));
  }

  /** The folder of a campaign; null: no campaign has this id. */
  dir(id: string): string | null {
    return this.dirs.get(id) ?? this.scan().get(id) ?? null;
  }

  one(id: string): CampaignView | null {
    const dir = this.dir(id);
    return dir === null ? null : this.view(id, dir);
  }

  /** @throws HeddleError HDL_IO if the file is none. */
  seriesOf(dir: string): readonly SeriesPoint[] {
    const file = join(dir, 'series.ndjson');
    return this.series.of(file, fingerprint(file), () => {
      if (!plainFile(file)) return [];
      return withTotals(readSeries(file).filter((sample) => v.is(Point, sample)));
    });
  }

  private scan(): Map<string, string> {
    if (now() - this.dirsAt < FRESH_MS) return this.dirs;
    const dirs = this.folders.flatMap((folder) => campaignsAt(folder)).slice(0, CAMPAIGNS_MAX);
    this.dirs = new Map(dirs.map((dir) => [idOf(dir), dir]));
    this.dirsAt = now();
    return this.dirs;
  }

  private view(id: string, dir: string): CampaignView {
    const before = this.looked.get(id);
    if (before && now() - before.at < FRESH_MS) return before.view;
    const view = this.look(id, dir);
    this.looked.set(id, { view, at: now() });
    return view;
  }

  private look(id: string, dir: string): CampaignView {
    try {
      for (const name of READ) plainFile(join(dir, name));
      plainFolder(join(dir, 'quarantine'));
      const { findings, problems } = this.findings.list(dir);
      const { state, holder, quarantined, bytes, torn, model, design, seed, scene } = this.standing(id, dir);
      const { at, status, problem } = readStats(join(dir, 'stats.json'));
      return {
        ...{ id, dir, name: basename(dir), state, at, status, findings, quarantined, bytes, torn },
        ...{ model, design, seed, scene: typeof scene === 'string' ? scene : null },
        holder: holder && { pid: holder.pid, host: holder.host },
        problems: problem === '' ? problems : [problem, ...problems],
      };
    } catch (error) {
      return unreadable(id, dir, reason(error));
    }
  }

  private standing(id: string, dir: string): Standing {
    const lock = JSON.stringify(lockState(dir));
    const before = this.stood.get(id);
    const isFresh = before?.lock === lock && now() - before.at < Math.max(FRESH_MS, before.cost * SHARE);
    if (isFresh) return before.standing;
    const begin = now();
    const standing = standingOf(dir);
    if (standing === null) throw new Error(`${join(dir, 'campaign.json')} is no header of a campaign`);
    this.stood.set(id, { standing, lock, at: now(), cost: now() - begin });
    return standing;
  }
}

/** @throws nothing: a link that leads nowhere is named by itself. */
function idOf(dir: string): string {
  let path = dir;
  try {
    path = realpathSync(dir);
  } catch {}
  return createHash('sha256').update(path).digest('hex').slice(0, 12);
}

function readStats(file: string): { at: number | null; status: CampaignStatus | null; problem: string } {
  const nothing = { at: null, status: null };
  if (!plainFile(file)) return { ...nothing, problem: '' };
  try {
    const parsed = v.safeParse(Stats, JSON.parse(readFileSync(file, 'utf8')));
    if (!parsed.success)
      return { ...nothing, problem: `${file} is not as this Heddle writes it: ${issue(parsed.issues[0])}` };
    const { schema: _, at, ...status } = parsed.output;
    return { at, status, problem: '' };
  } catch (error) {
    return { ...nothing, problem: `${file}: ${reason(error)}` };
  }
}

function issue(first: v.BaseIssue<unknown>): string {
  return `${v.getDotPath(first) ?? ''} ${first.message}`.trim();
}

/** Each run counts its executions from 0: where they fall, another run has begun. */
export function withTotals(samples: readonly Sample[]): SeriesPoint[] {
  let before = 0;
  let last = 0;
  return samples.map(({ rss: _, ...sample }) => {
    if (sample.executions < last) before += last;
    last = sample.executions;
    return { ...sample, total: before + last };
  });
}

function unreadable(id: string, dir: string, problem: string): CampaignView {
  return {
    ...{ id, dir, name: basename(dir), state: 'unreadable', problems: [problem], holder: null, at: null, status: null },
    ...{ findings: [], quarantined: 0, bytes: 0, torn: 0, model: '', design: '', scene: null, seed: '' },
  };
}
