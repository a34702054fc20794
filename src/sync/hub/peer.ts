/**
 * A campaign on a hub: tells its own entries and findings, offers those of others to the campaign's intake, and says that it is there. The campaign
 * does not know of it: it hangs on its hooks, and never makes it wait.
 */
import { now } from '../../clock.js';
import { hostname } from 'node:os';
import { type ForeignEntry, foreignEntry } from '../../campaign/foreign.js';
import type { CampaignHooks, CampaignStatus } from '../../campaign/types.js';
import type { FindingRecord } from '../../findings/finding.js';
import { formatSchedule } from '../../schedule/text.js';
import { type HubCounts, HubClient } from './client.js';
import type { HubAddress } from './address.js';
import { PRESENCE_MS } from './presence.js';
import type { Group, HubKind } from './subjects.js';

export interface PeerOf {
  readonly group: Group;
  readonly model: string;
  readonly scene: string | null;
  readonly version: string;
}

/** Messages of one page: what a late joiner takes at a time. */
const PAGE = 256;
/** While there is nothing to hear, or no room for it. */
const REST_MS = 500;

export class HubPeer {
  private readonly client: HubClient;
  /** What is in the streams already, or was told: it is neither told nor taken again. */
  private readonly known = new Set<string>();
  /** Own entries that wait until the stream has been read once: most of a resumed campaign's are in it. */
  private waiting: Map<string, string> | null = new Map();
  private intake: Parameters<NonNullable<CampaignHooks['begun']>>[0] | null = null;
  private isClosed = false;
  private listening: Promise<void> | null = null;
  private nextPresence = 0;

  constructor(
    address: HubAddress,
    private readonly of: PeerOf,
    warning: (message: string) => void,
  ) {
    this.client = new HubClient(address, of.group, { warning });
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
      entry: (id, text) => {
        hooks.entry?.(id, text);
        this.tellEntry(id, text);
      },
      finding: (record, seenMs) => {
        hooks.finding?.(record, seenMs);
        this.tellFinding(record);
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
    this.release();
    await this.client.close(maxMs);
  }

  private tellEntry(id: string, text: string): void {
    if (this.waiting) this.waiting.set(id, text);
    else if (!this.known.has(id)) this.client.tell('corpus', id, () => Buffer.from(text));
    this.known.add(id);
  }

  /** The schedule is the finding: whoever gets it sees for himself what it shows. */
  private tellFinding(record: FindingRecord): void {
    const name = `finding ${record.signature}`;
    if (this.known.has(name)) return;
    this.known.add(name);
    this.client.tell('finding', record.signature, () => Buffer.from(formatSchedule(record.schedule)));
  }

  private present(status: CampaignStatus): void {
    if (now() < this.nextPresence) return;
    this.nextPresence = now() + PRESENCE_MS;
    const { elapsedMs, executions, executionsPerSecond, corpus, features, findings, workers } = status;
    const { group, model, scene, version } = this.of;
    void this.client.present({
      schema: 'heddle.presence/1',
      ...{ host: hostname(), pid: process.pid, version, model, design: group.design, scene },
      ...{ elapsedMs, executions, executionsPerSecond, corpus, features, findings, workers },
    });
  }

  private async listen(): Promise<void> {
    while (!this.isClosed) {
      const room = this.intake?.room ?? 0;
      const entries = room < PAGE ? null : await this.page('corpus');
      const findings = room < PAGE ? null : await this.page('finding');
      // Less than a page: all that was there has been read.
      if (entries && entries < PAGE && this.client.counts().connected) this.release();
      const isMore = entries === PAGE || findings === PAGE;
      if (!isMore && !this.isClosed) await new Promise((resolve) => setTimeout(resolve, REST_MS));
    }
  }

  /** Hears a page and hands over what is new. Answers how many messages there were. */
  private async page(kind: HubKind): Promise<number> {
    const messages = await this.client.hear(kind, PAGE);
    const fresh: ForeignEntry[] = [];
    for (const { id, data } of messages) {
      const name = kind === 'corpus' ? id : `finding ${id}`;
      if (this.known.has(name)) {
        this.waiting?.delete(id);
        continue;
      }
      this.known.add(name);
      fresh.push(foreignEntry(`the hub’s ${kind} ${id}`, data, kind === 'corpus' ? id : null));
    }
    this.intake?.take(fresh);
    return messages.length;
  }

  /** The stream has been read: what it lacks is told. */
  private release(): void {
    const { waiting } = this;
    this.waiting = null;
    for (const [id, text] of waiting ?? []) this.client.tell('corpus', id, () => Buffer.from(text));
  }
}
