/** All that the server can be asked, behind one interface: the app is tested with it, and with folders. */
import { join } from 'node:path';
import { now } from '../clock.js';
import { findingsDir } from '../findings/store.js';
import type { ViewerData } from '../explain/viewer-data.js';
import type { HubStatus } from '../sync/hub/status.js';
import type { CampaignView, CorpusPage, EntryView, ExplanationView, FindingView, HubView, SeriesPoint } from './api.js';
import { Campaigns } from './campaigns.js';
import { CorpusReader, type CorpusQuery } from './corpus.js';
import type { InspectedFinding, Inspections } from './inspections.js';
import { fingerprint, reason } from './untrusted.js';

/** Which run: `id` names a folder of a finding, or an entry of the corpus. */
export interface RunName {
  readonly of: 'finding' | 'entry';
  readonly id: string;
}

/** null everywhere: there is none of this name. */
export interface Source {
  campaigns(): readonly CampaignView[];
  campaign(id: string): CampaignView | null;
  series(id: string): readonly SeriesPoint[] | null;
  finding(id: string, finding: string): FindingView | null;
  explanation(id: string, finding: string): Promise<ExplanationView> | null;
  corpus(id: string, query: CorpusQuery): CorpusPage | null;
  entry(id: string, entry: string): EntryView | null;
  /** What the viewer shows. */
  run(id: string, name: RunName): Promise<ViewerData> | null;
  /** null: no hub was named. */
  hub(): HubView | null;
}

export interface FolderSourceOptions {
  readonly folders: readonly string[];
  readonly inspections: Pick<Inspections, 'ask'>;
  /** The command that replays a schedule of this campaign. */
  readonly commandOf: (path: string) => string;
  /** Asks the hub; null: none was named. */
  readonly askHub: (() => Promise<HubStatus>) | null;
}

const HUB_MS = 5_000;

export class FolderSource implements Source {
  private readonly folders: Campaigns;
  private readonly entries = new CorpusReader();
  private hubView: HubView | null = null;
  private hubAt = Number.NEGATIVE_INFINITY;
  private isAsking = false;

  constructor(private readonly options: FolderSourceOptions) {
    this.folders = new Campaigns(options.folders);
  }

  campaigns(): readonly CampaignView[] {
    return this.folders.all();
  }

  campaign(id: string): CampaignView | null {
    return this.folders.one(id);
  }

  series(id: string): readonly SeriesPoint[] | null {
    return this.in(id, (dir) => this.folders.seriesOf(dir));
  }

  finding(id: string, finding: string): FindingView | null {
    return this.in(id, (dir) => {
      return this.folders.findings.view(dir, finding, this.options.commandOf(join(findingsDir(dir), finding)));
    });
  }

  explanation(id: string, finding: string): Promise<ExplanationView> | null {
    return this.inspected(id, finding)?.then(({ explanation }) => explanation) ?? null;
  }

  corpus(id: string, query: CorpusQuery): CorpusPage | null {
    return this.in(id, (dir) => this.entries.page(dir, query));
  }

  entry(id: string, entry: string): EntryView | null {
    return this.in(id, (dir) => this.entries.entry(dir, entry, this.options.commandOf));
  }

  run(id: string, name: RunName): Promise<ViewerData> | null {
    if (name.of === 'finding') return this.inspected(id, name.id)?.then(({ viewer }) => viewer) ?? null;
    return this.in(id, (dir) => {
      if (this.entry(id, name.id) === null) return null;
      const path = this.entries.file(dir, name.id);
      return path === null ? null : (this.inspect('entry', path) as Promise<ViewerData>);
    });
  }

  hub(): HubView | null {
    const { askHub } = this.options;
    if (askHub === null) return null;
    if (!this.isAsking && now() - this.hubAt > HUB_MS) void this.refreshHub(askHub);
    return this.hubView ?? { problem: 'the hub has not answered yet', status: null };
  }

  private async refreshHub(ask: () => Promise<HubStatus>): Promise<void> {
    this.isAsking = true;
    try {
      this.hubView = { problem: null, status: await ask() };
    } catch (error) {
      this.hubView = { problem: reason(error), status: null };
    } finally {
      this.hubAt = now();
      this.isAsking = false;
    }
  }

  private in<T>(id: string, work: (dir: string) => T | null): T | null {
    const dir = this.folders.dir(id);
    return dir === null ? null : work(dir);
  }

  /** The record is read by the server first: only what it could show is run. */
  private inspected(id: string, finding: string): Promise<InspectedFinding> | null {
    return this.in(id, (dir) => {
      if (this.finding(id, finding) === null) return null;
      // Not its folder: the schedule beside the record was not looked at.
      return this.inspect('finding', join(findingsDir(dir), finding, 'finding.json')) as Promise<InspectedFinding>;
    });
  }

  private inspect(kind: 'finding' | 'entry', path: string): Promise<unknown> {
    return this.options.inspections.ask({ kind, path }, fingerprint(path));
  }
}
