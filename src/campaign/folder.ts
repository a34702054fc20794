/**
 * The folder of a campaign, docs/campaigns.md: header, lock, journal, statistics, corpus, findings, quarantine. One living campaign has it at a
 * time. A disk that is full for a while costs nothing, and what the journal reports is there: writes.ts.
 */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { wallClock } from '../clock.js';
import { writeFileAtomic } from '../corpus/atomic.js';
import { disk } from '../corpus/disk.js';
import { idOfText } from '../corpus/read-entry.js';
import { CorpusStore, type NewSidecar } from '../corpus/store.js';
import { type ErrorCode, HeddleError } from '../errors.js';
import type { FindingRecord } from '../findings/finding.js';
import { findingDir, findingId, loadFinding, loadFindings, newFindingFiles } from '../findings/store.js';
import type { Schedule } from '../schedule/schedule.js';
import { formatSchedule } from '../schedule/text.js';
import { type CampaignHeader, CAMPAIGN_SCHEMA, checkModel, headerFile } from './header.js';
import { Journal, type JournalEvent, readJournal } from './journal.js';
import { FolderLock } from './lock.js';
import { SeenFindings, seenFile } from './seen.js';
import { Series } from './series.js';
import type { CampaignHooks, CampaignStatus } from './types.js';
import { Writes } from './writes.js';

/** Between two writes of the statistics. */
const STATS_MS = 1_000;
/** A checkpoint is journalled at most so often, and only if something has changed, or after a minute. */
const CHECKPOINT_MS = 1_000;
const CHECKPOINT_IDLE_MS = 60_000;
/** Errors of a finding's file that do not mean that it is damaged. */
const KEPT: readonly ErrorCode[] = ['HDL_FORMAT_VERSION', 'HDL_IO'];

export class CampaignFolder {
  readonly store: CorpusStore;
  private readonly writes: Writes;
  private readonly series: Series;
  private readonly seenFindings: SeenFindings;
  private nextStats = 0;
  private nextCheckpoint = 0;
  private lastCheckpoint = '';
  private lastCheckpointMs = Number.NEGATIVE_INFINITY;
  /** The folder is not this campaign's any more. */
  private isLost = false;

  private constructor(
    readonly dir: string,
    private readonly lock: FolderLock,
    private readonly hooks: CampaignHooks,
    private readonly fail: (error: unknown) => void,
  ) {
    this.store = new CorpusStore(join(dir, 'corpus'));
    const journal = new Journal(join(dir, 'journal.ndjson'));
    this.writes = new Writes(journal, (message) => hooks.warning?.(message), fail);
    this.series = new Series(join(dir, 'series.ndjson'));
    this.seenFindings = new SeenFindings(seenFile(dir));
  }

  /**
   * Takes the folder, or makes it. `fail` is told of an error, in a write that nobody waits for, that is none of the disk.
   *
   * @throws HeddleError HDL_USAGE if another campaign has it, HDL_CAMPAIGN_MODEL if it belongs to another build of the model,
   * HDL_FORMAT_VERSION if its header cannot be read, HDL_IO.
   */
  static open(
    dir: string,
    header: CampaignHeader,
    hooks: CampaignHooks,
    fail: (error: unknown) => void,
  ): CampaignFolder {
    checkModel(dir, header);
    const lock = FolderLock.take(dir);
    try {
      removeLeftovers(dir);
      const text = `${JSON.stringify({ schema: CAMPAIGN_SCHEMA, ...header }, null, 2)}\n`;
      writeFileAtomic(headerFile(dir), text);
      const folder = new CampaignFolder(dir, lock, hooks, fail);
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
    const text = formatSchedule(schedule);
    const id = idOfText(text);
    const { parent, origin } = sidecar;
    this.writes.files(() => this.store.filesOf(id, text, sidecar));
    this.log({ type: 'entry', id, parent, origin, fresh });
    return id;
  }

  /** Writes the sidecar of an entry that is there anew. */
  annotate(id: string, sidecar: NewSidecar): void {
    this.writes.other(() => this.store.annotate(id, sidecar));
  }

  finding(record: FindingRecord): void {
    this.writes.files(() => {
      this.setDamagedAside(record);
      return newFindingFiles(this.dir, record);
    });
    this.log({ type: 'finding', id: findingId(record), title: record.title });
  }

  /** A finding that is there and cannot be read goes to quarantine, so that it is written again. One of a newer Heddle stays. */
  private setDamagedAside(record: FindingRecord): void {
    const file = join(findingDir(this.dir, record), 'finding.json');
    try {
      if (existsSync(file)) loadFinding(file);
    } catch (error) {
      if (!(error instanceof HeddleError) || KEPT.includes(error.code)) return;
      const target = join(this.dir, 'quarantine', `finding-${findingId(record)}.damaged`);
      disk.mkdir(dirname(target));
      disk.rename(file, target);
      this.hooks.warning?.(`${error.message}: it is in quarantine, ${target}, and the finding is written again`);
    }
  }

  /** A finding, by the name of its folder, was reported. */
  seen(id: string): void {
    this.seenFindings.see(id, wallClock());
  }

  /** Keeps what a worker did not survive, or what was not accepted; answers the file. */
  quarantine(kind: string, reason: string, content: object): string {
    const text = `${JSON.stringify({ schema: 'heddle.quarantine/1', kind, reason, ...content }, null, 2)}\n`;
    const name = `${kind}-${createHash('sha256').update(text).digest('hex').slice(0, 16)}.json`;
    const path = join(this.dir, 'quarantine', name);
    this.writes.files(() => [{ path, content: text }]);
    this.log({ type: 'quarantine', file: join('quarantine', name), reason });
    return path;
  }

  /** A file of the corpus that is no entry goes to quarantine, so that the entry can be found and written again. */
  setAside(file: string, reason: string): void {
    const note = this.quarantine('refused', reason, { file: basename(file) });
    const target = note.replace(/\.json$/, '.sched');
    this.writes.other(() => {
      if (existsSync(file)) disk.rename(file, target);
    });
    this.hooks.warning?.(`${file} is left out: ${reason}; it is in quarantine: ${target}`);
  }

  /** Tells and journals an event, when what was to be written before it is. */
  log(event: JournalEvent): void {
    this.writes.line({ at: wallClock(), ...event }, event.type !== 'entry');
    this.hooks.event?.(event);
  }

  /** Called several times a second: statistics, time series and checkpoints, each when it is time. */
  tick(status: CampaignStatus): void {
    if (status.elapsedMs < this.nextStats) return;
    this.nextStats = status.elapsedMs + STATS_MS;
    if (!this.isOurs()) return;
    this.writes.start();
    this.writes.try(() => this.series.add(status, wallClock(), process.memoryUsage.rss()));
    this.writes.try(() => this.seenFindings.write());
    this.writeStats(status);
    if (status.elapsedMs >= this.nextCheckpoint) this.checkpoint(status);
  }

  /** Another campaign may be in the folder by now, or it has another name: writing on would mix the two, or split this one. */
  private isOurs(): boolean {
    if (!this.isLost && !this.lock.isHeld()) {
      this.isLost = true;
      this.fail(
        new HeddleError('HDL_IO', `${this.dir} is not this campaign’s any more: its lock is gone`, {
          hint: 'It was moved or removed while the campaign ran. What was written before is there; the same command with -o and its place goes on.',
        }),
      );
    }
    return !this.isLost;
  }

  private checkpoint({ elapsedMs, executions, features, corpus, findings }: CampaignStatus): void {
    // What cannot be written is not reported; what is under way is written before this line.
    if (this.writes.isFailing) return;
    const what = `${features} ${corpus} ${findings}`;
    if (what === this.lastCheckpoint && elapsedMs - this.lastCheckpointMs < CHECKPOINT_IDLE_MS) return;
    this.nextCheckpoint = elapsedMs + CHECKPOINT_MS;
    this.lastCheckpoint = what;
    this.lastCheckpointMs = elapsedMs;
    this.log({ type: 'checkpoint', executions, features, corpus, findings });
  }

  /** The last word of a campaign; the folder is free afterwards. */
  async close(status: CampaignStatus, reason: string): Promise<void> {
    await this.writes.settle();
    if (!this.isOurs()) return;
    this.writes.try(() => this.series.write());
    this.writes.try(() => this.seenFindings.write());
    this.writeStats(status);
    this.lastCheckpointMs = Number.NEGATIVE_INFINITY;
    this.checkpoint(status);
    this.log({ type: 'end', reason, executions: status.executions });
    await this.writes.settle();
    const { left } = this.writes;
    if (left > 0) {
      this.hooks.warning?.(`${left} writes to ${this.dir} never succeeded: what they held is not in the folder`);
    }
  }

  async release(): Promise<void> {
    await this.writes.settle();
    releaseQuietly(this.lock);
  }

  private writeStats(status: CampaignStatus): void {
    const text = `${JSON.stringify({ schema: 'heddle.stats/1', at: wallClock(), ...status })}\n`;
    this.writes.try(() => writeFileAtomic(join(this.dir, 'stats.json'), text));
  }
}

/** What campaigns of other designs have left in the folder, a line for each design. Nothing is said of a folder that cannot be read. */
export function findingsOfOthers(dir: string, design: string): string[] {
  const counts = new Map<string, number>();
  try {
    for (const record of loadFindings(dir, () => {})) counts.set(record.design, (counts.get(record.design) ?? 0) + 1);
  } catch {
    return [];
  }
  counts.delete(design);
  return [...counts].map(
    ([other, n]) => `${n} of the findings in ${dir} left alone: of the design ${other}; heddle report keeps them apart`,
  );
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
