/** What a campaign warns of once, or a few times, however often it happens. */
import { printable } from '../printable.js';

/** Schedules from elsewhere whose refusal is told one by one. */
const REFUSALS = 5;

export class Notices {
  private readonly told = new Set<string>();
  private refusals = 0;

  constructor(private readonly warn: (message: string) => void) {}

  /** @param tables `fullTables` of a worker. */
  fullTables(tables: readonly string[]): void {
    for (const table of tables) {
      if (this.told.has(table)) continue;
      this.told.add(table);
      this.warn(
        `the costly oracles have not judged all of an execution: it needs more than there is room for: ${table}`,
      );
    }
  }

  /** Of a schedule that came from elsewhere; both may be anything. */
  refused(origin: string, reason: string): void {
    this.refusals += 1;
    if (this.refusals <= REFUSALS) this.warn(`${printable(origin)} is not taken over: ${printable(reason)}`);
    if (this.refusals === REFUSALS + 1) {
      this.warn(
        'more that came from elsewhere is not taken over; from here on that is counted as “refused” and not told',
      );
    }
  }
}
