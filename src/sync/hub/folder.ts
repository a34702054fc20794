/** What a campaign's folder holds for the hub: when the hub was away, or has lost what it had, it is told from there. */
import { readEntryFile } from '../../corpus/read-entry.js';
import { CorpusStore } from '../../corpus/store.js';
import type { Declarations } from '../../executor/declarations.js';
import type { FindingRecord } from '../../findings/finding.js';
import { loadFindings } from '../../findings/store.js';
import type { Schedule } from '../../schedule/schedule.js';
import { formatSchedule } from '../../schedule/text.js';
import { join } from 'node:path';
import { configurationOf, sceneOf } from './configuration.js';
import type { Group, HubKind } from './subjects.js';

/** One thing to tell. */
export interface Item {
  readonly kind: HubKind;
  /** `sceneOf`. */
  readonly scene: string | null;
  /** The content's hash, or the signature. */
  readonly id: string;
  /** null: it is gone. */
  load(): Uint8Array | null;
}

export class HubFolder {
  constructor(
    private readonly dir: string,
    private readonly declarations: Declarations,
    private readonly group: Group,
  ) {}

  entry(id: string, schedule: Schedule, load: () => Uint8Array | null): Item {
    return { kind: 'corpus', scene: sceneOf(this.declarations, schedule), id, load };
  }

  /** The schedule is the finding: whoever gets it sees for himself what it shows. */
  finding({ signature, schedule }: Pick<FindingRecord, 'signature' | 'schedule'>): Item {
    const scene = sceneOf(this.declarations, schedule);
    return { kind: 'finding', scene, id: signature, load: () => Buffer.from(formatSchedule(schedule)) };
  }

  /** Findings of this design and these options. What cannot be read is for the campaign to tell. */
  *findings(): Generator<Item> {
    for (const record of loadFindings(this.dir, () => {})) if (this.isOurs(record.schedule)) yield this.finding(record);
  }

  /** Entries of this design and these options that this build of the model has run, its own or others', each read when it is asked for. */
  *entries(): Generator<Item> {
    for (const { id, path, schedule, sidecar } of new CorpusStore(join(this.dir, 'corpus')).read(() => {})) {
      if (sidecar?.model !== this.group.modelHash || !this.isOurs(schedule)) continue;
      yield this.entry(id, schedule, () => {
        const again = readEntryFile(path, true);
        return again.id === null ? null : Buffer.from(formatSchedule(again.schedule));
      });
    }
  }

  private isOurs({ design, options }: Schedule): boolean {
    return (
      design === this.group.design && configurationOf(this.declarations, design, options) === this.group.configuration
    );
  }
}
