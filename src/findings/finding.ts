/** A finding as it is kept: names instead of numbers, with the schedule that shows it. */
import type { FindingKind } from '../executor/types.js';
import type { Schedule } from '../schedule/schedule.js';

export interface PlaceRecord {
  readonly function: string;
  readonly operation: string;
  readonly field: string;
  readonly file: string;
  readonly line: number;
  /** Task name (`bind(0)`), or `boot`. */
  readonly task: string;
}

/** How far it is proved that nothing smaller shows the finding: `optimum.ts`. */
export interface Minimality {
  /** No schedule of these events has fewer preemptions, and none of one event less has as few. */
  readonly proved: boolean;
  /** No schedule of these events with fewer preemptions than this shows it. */
  readonly atLeast: number;
  /** The schedule does not depend on the one that was minimized: it is the one that the search comes to first, minimized. */
  readonly canonical: boolean;
  /** Why it is not proved; empty if it is. */
  readonly why: string;
  /** Transitions of the search: its cost, the same on every machine. */
  readonly transitions: number;
}

export interface FindingRecord {
  readonly kind: FindingKind;
  /** One line: `use-after-free of DevIommu in of_iommu_configure (load DevIommu.fwspec)`. */
  readonly title: string;
  /** Name of the model's symptom that fits first, or `other`. */
  readonly symptom: string;
  /** Stable identity: kind and what identifies that kind in the minimized run; 16 hex digits. */
  readonly signature: string;
  /** What the signature was made of, readable. */
  readonly identity: readonly string[];
  /** Provisional bucket: kind and site. */
  readonly bucket: string;
  readonly message: string;
  readonly design: string;
  readonly scene: string;
  readonly place: PlaceRecord | null;
  readonly allocated: PlaceRecord | null;
  readonly freed: PlaceRecord | null;
  /** The second place of a data race, an inversion of locks or a lost wake-up. */
  readonly other?: PlaceRecord | null;
  /** Class and offset of the object concerned; empty if none. */
  readonly object: string;
  /** Two-column diagram, ready to print. */
  readonly diagram: string;
  /** Full text report: title, diagram, places. */
  readonly report: string;
  readonly schedule: Schedule;
  /** To be run before it: an order of locks that this finding inverts. Mostly none. */
  readonly earlier?: readonly Schedule[];
  /** State hash at the end of the minimized run, hex. */
  readonly hash: string;
  /** When found: executions of the campaign so far. */
  readonly executions: number;
  /** Strategy whose execution it was; `search`, `corpus` (an earlier campaign's entry) or `foreign` (another campaign's). */
  readonly foundBy?: string;
  readonly minimized: boolean;
  /** Steps after which its run is ended, if not the default. */
  readonly maxSteps?: number;
  /** How many preemptions (deviations at points) the schedule has. */
  readonly preemptions: number;
  /** Not there unless it was looked for. */
  readonly minimality?: Minimality;
}
