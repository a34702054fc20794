/**
 * The folder of a campaign, docs/campaigns.md: header, lock, journal, statistics, corpus, findings, quarantine. One living campaign has it at a
 * time. A write that fails is told once and tried again later, so a disk that is full for a while costs nothing; a file is written before the
 * journal names it, so what the journal reports is there.
 */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import * as v from 'valibot';
import { wallClock } from '../clock.js';
import { writeFileAtomic } from '../corpus/atomic.js';
import { disk, SimulatedCrash } from '../corpus/disk.js';
import { CorpusStore, type NewSidecar, scheduleId } from '../corpus/store.js';
import { HeddleError } from '../errors.js';
import type { FindingRecord } from '../findings/finding.js';
import { findingId, saveFinding } from '../findings/store.js';
import type { Schedule } from '../schedule/schedule.js';
import { Journal, type JournalEvent, readJournal } from './journal.js';
import { FolderLock } from './lock.js';
import { SeenFindings, seenFile } from './seen.js';
import { Series } from './series.js';
import type { CampaignHooks, CampaignOptions, CampaignStatus } from './types.js';

/** What `campaign.json` says besides its schema. */
export interface CampaignHeader {
  readonly model: string;
  readonly modelArgument: string;
  readonly modelHash: string;
  readonly design: string;
  readonly scene: string | null;
  readonly options: Readonly<Record<string, number>>;
  readonly seed: string;
  readonly strategy: string;
  readonly deterministic: boolean;
}

/** Between two writes of the statistics. */
const STATS_MS = 1_000;
/** A checkpoint is journalled at most so often, and only if something has changed, or after a minute. */
const CHECKPOINT_MS = 1_000;
const CHECKPOINT_IDLE_MS = 60_000;

const HeaderHash = v.object({ modelHash: v.string(), model: v.string() });

export class CampaignFolder {
  readonly store: CorpusStore;
  private readonly journal: Journal;
  private readonly series: Series;
  private readonly seenFindings: SeenFindings;
  /** Writes that failed, in order. */
  private readonly pending: (() => void)[] = [];
  private isTroubled = false;
  private nextStats = 0;
  private nextCheckpoint = 0;
  private lastCheckpoint = '';
  private lastCheckpointMs = Number.NEGATIVE_INFINITY;

  private constructor(
    readonly dir: string,
    private readonly lock: FolderLock,
    private readonly hooks: CampaignHooks,
  ) {
    this.store = new CorpusStore(join(dir, 'corpus'));
    this.journal = new Journal(join(dir, 'journal.ndjson'));
    this.series = new Series(join(dir, 'series.ndjson'));
    this.seenFindings = new SeenFindings(seenFile(dir));
  }

  /**
   * Takes the folder, or makes it.
   *
   * @throws HeddleError HDL_USAGE if another campaign has it, HDL_CAMPAIGN_MODEL if it belongs to another build of the model, HDL_IO.
   */
  static open(dir: string, header: CampaignHeader, hooks: CampaignHooks): CampaignFolder {
    checkModel(dir, header);
    const lock = FolderLock.take(dir);
    try {
      removeLeftovers(dir);
      const text = `${JSON.stringify({ schema: 'heddle.campaign/1', ...header }, null, 2)}\n`;
      writeFileAtomic(join(dir, 'campaign.json'), text);
      const folder = new CampaignFolder(dir, lock, hooks);
      const { modelHash: model, design, scene, seed } = header;
      folder.log({ type: 'begin', model, design, scene, seed });
      return folder;
    } catch (error) {
      releaseQuietly(lock);
      throw error;
    }
  }

  /** Adds to the corpus; answers the entry's id. `fresh`: features that nothing had reached before. */
  entry(schedule: Schedule, sidecar: NewSidecar, fresh: number): string {
    const id = scheduleId(schedule);
    const { parent, origin } = sidecar;
    this.attempt(() => this.store.add(schedule, sidecar));
    this.log({ type: 'entry', id, parent, origin, fresh });
    return id;
  }

  /** Writes the sidecar of an entry that is there anew. */
  annotate(id: string, sidecar: NewSidecar): void {
    this.attempt(() => this.store.annotate(id, sidecar));
  }

  finding(record: FindingRecord): void {
    this.attempt(() => saveFinding(this.dir, record));
    this.log({ type: 'finding', id: findingId(record), title: record.title });
  }

  /** A finding, by the name of its folder, was reported. */
  seen(id: string): void {
    this.seenFindings.see(id, wallClock());
  }

  /** Keeps what a worker did not survive, or what was not accepted; answers the file. */
  quarantine(kind: string, reason: string, content: object): string {
    const text = `${JSON.stringify({ schema: 'heddle.quarantine/1', kind, reason, ...content }, null, 2)}\n`;
    const name = `${kind}-${createHash('sha256').update(text).digest('hex').slice(0, 16)}.json`;
    const file = join(this.dir, 'quarantine', name);
    this.attempt(() => writeFileAtomic(file, text));
    this.log({ type: 'quarantine', file: join('quarantine', name), reason });
    return file;
  }

  /** A file of the corpus that is no entry goes to quarantine, so that the entry can be found and written again. */
  setAside(file: string, reason: string): void {
    const note = this.quarantine('refused', reason, { file: basename(file) });
    const target = note.replace(/\.json$/, '.sched');
    this.attempt(() => {
      if (existsSync(file)) disk.rename(file, target);
    });
    this.hooks.warning?.(`${file} is left out: ${reason}; it is in quarantine: ${target}`);
  }

  /** Tells and journals an event; after a failed write it waits for its turn. */
  log(event: JournalEvent): void {
    const at = wallClock();
    this.attempt(() => this.journal.append(event, at, event.type !== 'entry'));
    this.hooks.event?.(event);
  }

  /** Called several times a second: statistics, time series and checkpoints, each when it is time. */
  tick(status: CampaignStatus): void {
    if (status.elapsedMs < this.nextStats) return;
    this.nextStats = status.elapsedMs + STATS_MS;
    this.flush();
    this.try(() => this.series.add(status, wallClock(), process.memoryUsage.rss()));
    this.try(() => this.seenFindings.write());
    this.writeStats(status);
    if (status.elapsedMs >= this.nextCheckpoint) this.checkpoint(status);
  }

  private checkpoint({ elapsedMs, executions, features, corpus, findings }: CampaignStatus): void {
    // What waits to be written is not reported.
    if (this.pending.length > 0) return;
    const what = `${features} ${corpus} ${findings}`;
    if (what === this.lastCheckpoint && elapsedMs - this.lastCheckpointMs < CHECKPOINT_IDLE_MS) return;
    this.nextCheckpoint = elapsedMs + CHECKPOINT_MS;
    this.lastCheckpoint = what;
    this.lastCheckpointMs = elapsedMs;
    this.log({ type: 'checkpoint', executions, features, corpus, findings });
  }

  /** The last word of a campaign; the folder is free afterwards. */
  close(status: CampaignStatus, reason: string): void {
    this.flush();
    this.try(() => this.series.write());
    this.try(() => this.seenFindings.write());
    this.writeStats(status);
    this.lastCheckpointMs = Number.NEGATIVE_INFINITY;
    this.checkpoint(status);
    this.log({ type: 'end', reason, executions: status.executions });
    this.flush();
    if (this.pending.length > 0) {
      const count = this.pending.length;
      this.hooks.warning?.(`${count} writes to ${this.dir} never succeeded: what they held is not in the folder`);
    }
  }

  release(): void {
    releaseQuietly(this.lock);
  }

  private writeStats(status: CampaignStatus): void {
    const text = `${JSON.stringify({ schema: 'heddle.stats/1', at: wallClock(), ...status })}\n`;
    this.try(() => writeFileAtomic(join(this.dir, 'stats.json'), text));
  }

  /** Now, or when those before it have succeeded. */
  private attempt(write: () => void): void {
    if (this.pending.length > 0 || !this.try(write)) this.pending.push(write);
  }

  private flush(): void {
    while (this.pending[0] && this.try(this.pending[0])) this.pending.shift();
  }

  private try(write: () => void): boolean {
    try {
      write();
      this.isTroubled = false;
      return true;
    } catch (error) {
      if (error instanceof SimulatedCrash || !isOfTheDisk(error)) throw error;
      if (!this.isTroubled) this.hooks.warning?.(`${(error as Error).message}; it will be tried again`);
      this.isTroubled = true;
      return false;
    }
  }
}

function isOfTheDisk(error: unknown): boolean {
  return error instanceof HeddleError ? error.code === 'HDL_IO' : (error as NodeJS.ErrnoException).code !== undefined;
}

/** A folder's corpus means something to one build of a model only. */
function checkModel(dir: string, { model, modelHash }: CampaignHeader): void {
  const there = readHeader(dir);
  if (!there || there.modelHash === modelHash) return;
  const same = there.model === model;
  throw new HeddleError(
    'HDL_CAMPAIGN_MODEL',
    same
      ? `${dir} was made by another version of ${model} (${there.modelHash.slice(0, 8)}, now ${modelHash.slice(0, 8)})`
      : `${dir} is a campaign of the model ${there.model}, not of ${model}`,
    {
      hint: same
        ? `heddle corpus migrate ${dir} takes over what still adds features; or name another folder with -o.`
        : 'Name another folder with -o.',
    },
  );
}

/** null: no campaign, or a header that cannot be read (it is written anew). */
export function readHeader(dir: string): v.InferOutput<typeof HeaderHash> | null {
  try {
    const parsed = v.safeParse(HeaderHash, JSON.parse(readFileSync(join(dir, 'campaign.json'), 'utf8')));
    return parsed.success ? parsed.output : null;
  } catch {
    return null;
  }
}

/** Temporary files of processes that are gone. */
function removeLeftovers(dir: string): void {
  for (const entry of readdirSync(dir, { recursive: true, withFileTypes: true })) {
    const [, pid] = /\.(\d+)\.\d+\.tmp$/.exec(entry.name) ?? [];
    if (pid !== undefined && Number(pid) !== process.pid && !existsSync(`/proc/${pid}`)) {
      disk.remove(join(entry.parentPath, entry.name));
    }
  }
}

function releaseQuietly(lock: FolderLock): void {
  try {
    lock.release();
  } catch {
    // It is stale as soon as this process ends.
  }
}

/** Highest coverage that the journal reports for this build of the model, and the findings it names. */
export function reported(dir: string): { features: number; findings: string[]; torn: number } {
  const { lines, torn } = readJournal(join(dir, 'journal.ndjson'));
  const model = lines.flatMap((line) => (line.type === 'begin' ? [line.model] : [])).at(-1);
  let current: string | undefined;
  let features = 0;
  for (const line of lines) {
    if (line.type === 'begin') current = line.model;
    if (line.type === 'checkpoint' && current === model) features = Math.max(features, line.features);
  }
  const findings = lines.flatMap((line) => (line.type === 'finding' ? [line.id] : []));
  return { features, findings: [...new Set(findings)], torn };
}

/** What stays the same in the folder's header while the campaign runs. */
export function headerOf(options: CampaignOptions): CampaignHeader {
  const { manifest } = options.artefact;
  const { modelArgument, design, scene, strategy, deterministic } = options;
  return {
    model: manifest.name,
    modelArgument,
    modelHash: manifest.hash,
    design,
    scene,
    options: options.options,
    seed: options.seed.toString(),
    strategy,
    deterministic,
  };
}
