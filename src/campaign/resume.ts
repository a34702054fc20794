/**
 * Takes over the corpus that an earlier campaign left in the folder. Each entry is run again: with the numbers that its sidecar has, which costs one
 * execution if its run is the entry, else as any schedule of a file. Sidecars that have not the right ones get them.
 */
import { type NewSidecar, numbersFor, type StoredEntry } from '../corpus/store.js';
import { type Discovery, type Inspectable, type Inspected, isSameBucket, type Sighting } from '../worker/protocol.js';
import { scheduleId } from '../corpus/read-entry.js';
import type { CampaignFolder } from './folder.js';
import { type Inspector, inspectEach } from './take-over.js';

export interface Resuming {
  readonly folder: CampaignFolder;
  readonly inspector: Inspector;
  readonly jobs: number;
  /** Hash of the model's build. */
  readonly model: string;
  /** Entries of others are left alone, and counted. */
  readonly design: string;
  readonly scenes: readonly string[];
  /** The corpus has failed so: once for each bucket, after all of it was taken over. */
  sight(sighting: Sighting): void;
  /** Takes what an entry's run has shown; answers what its sidecar should say. */
  take(id: string, entry: StoredEntry, discovery: Discovery): NewSidecar;
}

export interface Resumed {
  /** Entries of this design and scene that were not taken over; null: the folder has no entry at all. */
  readonly refused: number | null;
  /** How many, by reason. */
  readonly left: ReadonlyMap<string, number>;
}

export async function resumeCorpus(resuming: Resuming): Promise<Resumed> {
  const { folder, model, design, scenes } = resuming;
  const left = new Map<string, number>();
  const leave = (reason: string): void => void left.set(reason, (left.get(reason) ?? 0) + 1);
  // Minimizing them costs workers more than running the corpus, and can go on while the campaign does.
  const sightings: Sighting[] = [];
  const counts = { stored: 0, ours: 0, taken: 0 };

  function* ours(): Generator<Inspectable & { readonly entry: StoredEntry }> {
    for (const entry of folder.store.read((file, reason) => folder.setAside(file, reason))) {
      counts.stored += 1;
      const { schedule } = entry;
      const isOurScene = scenes.includes(schedule.scene);
      if (schedule.design !== design) leave(`of the design ${schedule.design}`);
      else if (!isOurScene) leave('of other scenes than are run now');
      if (schedule.design !== design || !isOurScene) continue;
      counts.ours += 1;
      yield { entry, schedule, numbers: numbersFor(model, entry) };
    }
  }

  await inspectEach(resuming.inspector, ours(), resuming.jobs, ({ entry, numbers }, inspected) => {
    for (const sighting of inspected.sightings) {
      if (!sightings.some(({ bucket }) => isSameBucket(bucket, sighting.bucket))) sightings.push(sighting);
    }
    const { discovery, reason } = inspected;
    if (!discovery) {
      leave(reason ?? '');
      return;
    }
    counts.taken += 1;
    const sidecar = resuming.take(entry.id, entry, discovery);
    const isRight = String(numbers) === String(discovery.numbers);
    if (!isRight && isItself(entry, inspected)) folder.annotate(entry.id, renewed(entry, sidecar));
  });
  for (const sighting of sightings) resuming.sight(sighting);
  return { refused: counts.stored === 0 ? null : counts.ours - counts.taken, left };
}

/** Whether the run is the entry; one of which decisions have no place any more is another schedule. */
function isItself({ id }: StoredEntry, { discovery, dropped }: Inspected): boolean {
  return dropped === 0 && discovery !== null && scheduleId(discovery.portable) === id;
}

/** Features of the same build stay as they were found. */
function renewed({ sidecar }: StoredEntry, now: NewSidecar): NewSidecar {
  return sidecar?.model === now.model ? { ...now, features: sidecar.features } : now;
}
