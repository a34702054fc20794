/** A campaign's side of a shared folder: gives what it admits, and has the campaign take what others have put there. */
import { now } from '../clock.js';
import { SimulatedCrash } from '../corpus/disk.js';
import type { NewSidecar } from '../corpus/store.js';
import type { Schedule } from '../schedule/schedule.js';
import type { Intake } from './foreign.js';
import { SharedCorpus } from './share.js';
import type { CampaignHooks } from './types.js';

/** Between two looks at the folder. */
const ROUND_MS = 2_000;

export class Exchange {
  private readonly shared: SharedCorpus;
  private next = 0;
  private isTroubled = false;
  /** Entries that could not be written there yet. */
  private readonly offers: [Schedule, NewSidecar][] = [];

  constructor(
    dir: string,
    private readonly intake: Pick<Intake, 'take' | 'room'>,
    private readonly hooks: CampaignHooks,
  ) {
    this.shared = new SharedCorpus(dir);
  }

  /** Writes an entry there, or keeps it for later. */
  offer(id: string, schedule: Schedule, sidecar: NewSidecar): void {
    this.shared.own(id);
    this.offers.push([schedule, sidecar]);
    if (!this.isTroubled) this.give();
  }

  /** Called between batches: looks into the folder if it is time. */
  poll(): void {
    if (now() < this.next) return;
    this.next = now() + ROUND_MS;
    this.give();
    this.intake.take(this.shared.news(this.intake.room));
  }

  give(): void {
    try {
      for (let offer = this.offers[0]; offer; offer = this.offers[0]) {
        this.shared.store.add(...offer);
        this.offers.shift();
      }
      this.isTroubled = false;
    } catch (error) {
      if (error instanceof SimulatedCrash) throw error;
      if (!this.isTroubled) this.hooks.warning?.(`${(error as Error).message}; it will be tried again`);
      this.isTroubled = true;
    }
  }
}
