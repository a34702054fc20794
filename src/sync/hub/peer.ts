/**
 * A campaign on a hub: tells its own entries and findings, offers those of others to the campaign's intake, and says that it is there. The campaign
 * does not know of it: it hangs on its hooks, and never makes it wait.
 */
import { now } from '../../clock.js';
import { hostname } from 'node:os';
import { type ForeignEntry, foreignEntry } from '../../campaign/foreign.js';
import type { CampaignHooks, CampaignOptions, CampaignStatus } from '../../campaign/types.js';
import type { Declarations } from '../../executor/declarations.js';
import type { HubAddress } from './address.js';
import { type HubCounts, HubClient } from './client.js';
import { configurationOf } from './configuration.js';
import { HubFolder, type Item } from './folder.js';
import { PRESENCE_MS } from './presence.js';
import { type Group, type HubKind, tailOf } from './subjects.js';

export interface PeerOf {
  readonly campaign: Pick<CampaignOptions, 'artefact' | 'design' | 'scene' | 'options' | 'outDir'>;
  readonly declarations: Declarations;
  readonly version: string;
}

/** Messages of one page: what a late joiner takes at a time. */
const PAGE = 256;
const KINDS: readonly HubKind[] = ['corpus', 'finding'];
/** What the campaign must have room for: entries leave some of it to findings. */
const ROOM: Readonly<Record<HubKind, number>> = { corpus: 2 * PAGE, finding: PAGE };
/** While there is nothing to hear, or no room for it. */
const REST_MS = 500;
/** Entries of the folder that are read before others have their turn. */
const SLICE = 32;

type There = Readonly<Record<HubKind, ReadonlySet<string>>>;
const NOTHING: There = { corpus: new Set(), finding: new Set() };

export class HubPeer {
  private readonly client: HubClient;
  private readonly group: Group;
  private readonly folder: HubFolder;
  /** Told, or waiting to be, since the streams were made. */
  private readonly told = new Set<string>();
  /** Its own, and what the campaign was given and has not refused: it is not given again. */
  private readonly known = new Set<string>();
  /**
   * What the hub may lack. `start`: what the campaign began with; most of that is there if it is resumed. `lost`: all that is in the
   * folder. null: nothing, what comes is told as it comes.
   */
  private behind: 'start' | 'lost' | null = 'start';
  /** Entries that the campaign began with. */
  private early: Item[] = [];
  /** Heard, and there was no room for it yet. */
  private backlog: ForeignEntry[] = [];
  private intake: Parameters<NonNullable<CampaignHooks['begun']>>[0] | null = null;
  private isClosed = false;
  private listening: Promise<void> | null = null;
  private nextPresence = 0;

  constructor(
    address: HubAddress,
    private readonly of: PeerOf,
    private readonly warning: (message: string) => void,
  ) {
    const { campaign, declarations } = of;
    const { artefact, design, scene, options, outDir } = campaign;
    const configuration = configurationOf(declarations, design, options);
    this.group = { modelHash: artefact.manifest.hash, design, configuration };
    this.folder = new HubFolder(outDir, declarations, this.group);
    const renewed = (): void => {
      this.behind = 'lost';
    };
    this.client = new HubClient(address, this.group, { warning, renewed }, { scene });
  }

  /** The campaign's hooks, with this peer behind them. */
  around(hooks: CampaignHooks): CampaignHooks {
    return {
      ...hooks,
      begun: (intake) => {
        hooks.begun?.(intake);
        this.intake = intake;
        this.listening = this.listen();
      },
      entry: (id, text, schedule) => {
        hooks.entry?.(id, text, schedule);
        const item = this.folder.entry(id, schedule, () => Buffer.from(text));
        this.known.add(originOf('corpus', tailOf(item.scene, id)));
        if (this.intake) this.tell(item);
        else this.early.push(item);
      },
      finding: (record, seenMs) => {
        hooks.finding?.(record, seenMs);
        this.tell(this.folder.finding(record));
      },
      foreign: (verdict) => {
        hooks.foreign?.(verdict);
        if (verdict.outcome === 'refused') this.known.delete(verdict.origin);
      },
      status: (status) => {
        hooks.status?.(status);
        this.present(status);
      },
    };
  }

  counts(): HubCounts {
    return this.client.counts();
  }

  /** Tells what is left for so long, and leaves. Never fails. */
  async close(maxMs: number): Promise<void> {
    this.isClosed = true;
    await this.listening;
    // A campaign that never began has perhaps no right to the folder: it may be of another build of the model.
    if (this.intake) await this.tellRest(maxMs);
    await this.client.close(maxMs);
  }

  private async tellRest(maxMs: number): Promise<void> {
    await this.client.settle(maxMs);
    if (this.client.counts().connected) await this.catchUp();
    // The hub cannot say what it has: all is offered, so that what is not told is counted.
    if (this.behind !== null) await this.tellBehind(this.behind, NOTHING);
  }

  private tell({ kind, scene, id, load }: Item): void {
    const name = `${kind} ${tailOf(scene, id)}`;
    if (this.told.has(name)) return;
    this.told.add(name);
    this.client.tell(kind, id, load, scene);
  }

  /** Tells what the hub lacks, if that is not known to be nothing and it says what it has. */
  private async catchUp(): Promise<void> {
    const { behind } = this;
    if (behind === null) return;
    // Meanwhile the streams can be lost again.
    this.behind = null;
    const corpus = await this.client.tails('corpus');
    const finding = corpus && (await this.client.tails('finding'));
    if (corpus && finding) await this.tellBehind(behind, { corpus, finding });
    else this.behind ??= behind;
  }

  private async tellBehind(behind: 'start' | 'lost', there: There): Promise<void> {
    if (behind === 'lost') this.told.clear();
    const tellMissing = (item: Item): void => {
      if (!there[item.kind].has(tailOf(item.scene, item.id))) this.tell(item);
    };
    for (const item of this.early.splice(0)) tellMissing(item);
    try {
      for (const item of this.folder.findings()) tellMissing(item);
      let n = 0;
      for (const item of behind === 'lost' ? this.folder.entries() : []) {
        tellMissing(item);
        if (++n % SLICE === 0) await new Promise((resolve) => setImmediate(resolve));
      }
    } catch (error) {
      this.warning(`not all of the folder was told to the hub: ${(error as Error).message}`);
    }
  }

  private present(status: CampaignStatus): void {
    if (now() < this.nextPresence) return;
    this.nextPresence = now() + PRESENCE_MS;
    const { elapsedMs, executions, executionsPerSecond, corpus, features, findings, workers } = status;
    const { campaign, version } = this.of;
    const { artefact, design, scene } = campaign;
    void this.client.present({
      schema: 'heddle.presence/1',
      ...{ host: hostname(), pid: process.pid, version, model: artefact.manifest.name, design, scene },
      ...{ elapsedMs, executions, executionsPerSecond, corpus, features, findings, workers },
    });
  }

  private async listen(): Promise<void> {
    while (!this.isClosed) {
      await this.catchUp();
      const isMore = await this.hear();
      if (!isMore && !this.isClosed) await new Promise((resolve) => setTimeout(resolve, REST_MS));
    }
  }

  /** Hears a page of each kind if there is room for it, and hands over what is new. Answers whether there is more. */
  private async hear(): Promise<boolean> {
    let isMore = false;
    for (const kind of KINDS) {
      this.handOver();
      if (this.backlog.length > 0 || (this.intake?.room ?? 0) < ROOM[kind]) continue;
      const messages = await this.client.hear(kind, PAGE);
      if (messages.length === PAGE) isMore = true;
      for (const { id, tail, data } of messages) {
        const origin = originOf(kind, tail);
        if (this.known.has(origin)) continue;
        this.known.add(origin);
        this.backlog.push(foreignEntry(origin, data, kind === 'corpus' ? id : null));
      }
    }
    this.handOver();
    return isMore;
  }

  /** What is not taken waits. */
  private handOver(): void {
    if (this.backlog.length > 0) this.backlog.splice(0, this.intake?.take(this.backlog) ?? 0);
  }
}

/** What verdicts call a message. */
const originOf = (kind: HubKind, tail: string): string => `the hub’s ${kind} ${tail}`;
