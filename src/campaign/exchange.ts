/** A campaign's side of a shared corpus: gives what it admits, takes what others have found. */
import { now } from '../clock.js';
import { SimulatedCrash } from '../corpus/disk.js';
import type { Sidecar } from '../corpus/store.js';
import type { Schedule } from '../schedule/schedule.js';
import type { Discovery } from '../worker/protocol.js';
import { SharedCorpus } from './share.js';
import type { Statistics } from './statistics.js';
import { type Inspector, inspectAll } from './take-over.js';
import type { CampaignHooks } from './types.js';

/** Between two looks at the folder. */
const ROUND_MS = 2_000;

export class Exchange {
  private readonly shared: SharedCorpus;
  private running: Promise<void> | null = null;
  private failure: Error | null = null;
  private next = 0;
  private isTroubled = false;
  /** Entries that could not be written there yet. */
  private readonly offers: [string, Schedule, Omit<Sidecar, 'schema'>][] = [];

  constructor(
    dir: string,
    private readonly inspector: Inspector,
    private readonly statistics: Statistics,
    private readonly hooks: CampaignHooks,
  ) {
    this.shared = new SharedCorpus(dir);
  }

  own(id: string): void {
    this.shared.own(id);
  }

  /** Writes an entry there, or keeps it for the next round. */
  offer(id: string, schedule: Schedule, sidecar: Omit<Sidecar, 'schema'>): void {
    this.shared.own(id);
    this.offers.push([id, schedule, sidecar]);
    this.give();
  }

  private give(): void {
    try {
      for (let offer = this.offers[0]; offer; offer = this.offers[0]) {
        this.shared.store.add(offer[1], offer[2]);
        this.offers.shift();
      }
      this.isTroubled = false;
    } catch (error) {
      if (error instanceof SimulatedCrash) throw error;
      if (!this.isTroubled) this.hooks.warning?.(`${(error as Error).message}; it will be tried again`);
      this.isTroubled = true;
    }
  }

  /** Begins a round if it is time; `admit` answers whether an entry added something. */
  round(admit: (discovery: Discovery) => boolean): void {
    if (this.running !== null || now() < this.next) return;
    this.next = now() + ROUND_MS;
    this.running = this.take(admit)
      .catch((error: Error) => {
        this.failure ??= error;
      })
      .finally(() => {
        this.running = null;
      });
  }

  private async take(admit: (discovery: Discovery) => boolean): Promise<void> {
    this.give();
    const news = this.shared.news();
    const good = news.flatMap(({ path, file }) => (file.schedule ? [{ path, schedule: file.schedule }] : []));
    for (const { path, file } of news) if (file.reason !== null) this.refuse(path, file.reason);
    const inspected = await inspectAll(
      this.inspector,
      good.map(({ schedule }) => schedule),
      1,
    );
    inspected.forEach((one, i) => {
      if (one?.discovery) {
        if (admit(one.discovery)) this.statistics.shared(true);
      } else if (one) this.refuse(good[i]?.path ?? '', one.reason ?? '');
    });
  }

  private refuse(path: string, reason: string): void {
    this.statistics.shared(false);
    this.hooks.warning?.(`${path} is not taken over: ${reason}`);
  }

  /** Waits for the round that is under way. @throws what went wrong in one. */
  async settle(): Promise<void> {
    await this.running;
    if (this.failure) throw this.failure;
    this.give();
  }
}
