/**
 * Schedules that come from elsewhere: a shared folder, a hub, a file that somebody sent. The only way by which they get into a campaign or a
 * corpus: size, text and grammar first (corpus/read-entry.ts), then model, design, options and an execution (worker/inspect.ts); what stays is
 * what adds a feature. Nothing that a file says of itself is believed.
 */
import { now } from '../clock.js';
import type { EntryFile } from '../corpus/read-entry.js';
import { parseEntry } from '../corpus/read-entry.js';
import type { Declarations, SceneDeclaration } from '../executor/declarations.js';
import type { Schedule } from '../schedule/schedule.js';
import type { Discovery, Sighting } from '../worker/protocol.js';
import { type Inspector, inspectAll } from './take-over.js';

export interface ForeignEntry {
  /** Where it came from, for messages: a file, a peer. */
  readonly origin: string;
  readonly file: EntryFile;
}

/** What became of one. */
export interface Verdict {
  readonly origin: string;
  /** Of the text that came; null if that could not be read. */
  readonly id: string | null;
  /** `known`: it adds nothing to what is there. */
  readonly outcome: 'admitted' | 'known' | 'refused';
  /** Why it was refused; else null. */
  readonly reason: string | null;
}

/** Who takes schedules in: a campaign, or a corpus that lies there. */
export interface Recipient {
  readonly inspector: Inspector;
  /** Whether this is in the corpus, so that it need not be run. */
  has(id: string): boolean;
  /** Why a schedule has no place here whatever it reaches; null: it has. */
  misfit?(schedule: Schedule): string | null;
  /** Keeps what has features of its own; answers whether it did. */
  admit(discovery: Discovery): boolean;
  /** A foreign schedule has failed. */
  sight?(sighting: Sighting): void;
}

/** Why a schedule has no place among these scenes, or null: with one scene only its own events are fuzzed. */
export function misfit(
  declarations: Declarations,
  scenes: readonly SceneDeclaration[],
  schedule: Schedule,
): string | null {
  const arity = new Map(declarations.events.map((event) => [event.name, event.arity]));
  // A scene declares as many arguments as an event can have.
  const keyOf = (events: Schedule['events']): string =>
    JSON.stringify(events.map(({ event, args }) => [event, args.slice(0, arity.get(event) ?? 0)]));
  const name = schedule.scene || (declarations.scenes[0]?.name ?? '');
  const scene = scenes.find((one) => one.name === name);
  if (!scene) return `its scene ${name} is not fuzzed here`;
  if (scenes.length > 1 || keyOf(schedule.events) === keyOf(scene.events)) return null;
  return `its events are not those of the scene ${name}`;
}

/** Text or bytes as they came. `id`: the content's id that they came under, which they must have; null: they have none. */
export function foreignEntry(origin: string, data: string | Uint8Array, id: string | null): ForeignEntry {
  return { origin, file: parseEntry(typeof data === 'string' ? Buffer.from(data) : data, origin, id) };
}

/** Examines the entries, runs those that can be run, and admits them in their order. `jobs` requests at a time; never throws for what they hold. */
export async function admitForeign(
  recipient: Recipient,
  entries: readonly ForeignEntry[],
  jobs: number,
): Promise<Verdict[]> {
  const fresh = new Map<string, Schedule>();
  for (const { file } of entries) {
    if (file.id === null || recipient.has(file.id) || recipient.misfit?.(file.schedule)) continue;
    fresh.set(file.id, file.schedule);
  }
  const unnumbered = [...fresh.values()].map((schedule) => ({ schedule, numbers: null }));
  const inspected = await inspectAll(recipient.inspector, unnumbered, jobs);
  const results = new Map([...fresh.keys()].map((id, i) => [id, inspected[i]]));
  return entries.map(({ origin, file }): Verdict => {
    const { id } = file;
    const reason = id === null ? file.reason : (recipient.misfit?.(file.schedule) ?? null);
    if (id === null || reason !== null) return { origin, id, outcome: 'refused', reason };
    const one = results.get(id);
    results.delete(id);
    // In the corpus, twice among these, or left since the campaign ends.
    if (!one) return { origin, id, outcome: 'known', reason: null };
    for (const sighting of one.sightings) recipient.sight?.(sighting);
    if (!one.discovery) return { origin, id, outcome: 'refused', reason: one.reason };
    return { origin, id, outcome: recipient.admit(one.discovery) ? 'admitted' : 'known', reason: null };
  });
}

/** Entries that wait at most. */
const QUEUE_MAX = 4096;
/** Entries of one round. */
const ROUND_MAX = 64;
/** After a round, this many times its length pass before the next: foreign entries get a fifth of one worker at most. */
const REST = 4;
/** Ids that need not be looked at again. */
const LOOKED_MAX = 100_000;

/** What a running campaign is given from elsewhere; it takes some between batches. */
export class Intake {
  private readonly queue: ForeignEntry[] = [];
  private readonly looked = new Set<string>();
  private running: Promise<void> | null = null;
  private failure: Error | null = null;
  private next = 0;

  constructor(
    private readonly recipient: Recipient,
    private readonly told: (verdict: Verdict) => void,
  ) {}

  /** How many entries would be taken now. */
  get room(): number {
    return QUEUE_MAX - this.queue.length;
  }

  /** Queues entries and returns at once; answers how many it took, from the first on. Offer the others later. */
  take(entries: readonly ForeignEntry[]): number {
    const taken = entries.slice(0, this.room);
    this.queue.push(...taken);
    return taken.length;
  }

  /** Begins a round if something waits and it is time. Never two at once. */
  round(): void {
    if (this.running !== null || this.queue.length === 0 || now() < this.next) return;
    const begin = now();
    this.running = this.look(this.queue.splice(0, ROUND_MAX))
      .catch((error: Error) => {
        this.failure ??= error;
      })
      .finally(() => {
        this.next = now() + REST * (now() - begin);
        this.running = null;
      });
  }

  private async look(entries: readonly ForeignEntry[]): Promise<void> {
    const fresh = entries.filter(({ file }) => file.id === null || !this.looked.has(file.id));
    for (const { file } of fresh) if (file.id !== null) this.looked.add(file.id);
    if (this.looked.size > LOOKED_MAX) this.looked.clear();
    for (const verdict of await admitForeign(this.recipient, fresh, 1)) this.told(verdict);
  }

  /** Waits for the round that is under way; what still waits stays outside. @throws what went wrong in one. */
  async settle(): Promise<void> {
    await this.running;
    if (this.failure) throw this.failure;
  }
}
