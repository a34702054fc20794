/** What the keys of a shared search say (`verify/board.ts`), and which searches a hub holds. All of it is untrusted. */
import type { JetStreamManager } from '@nats-io/jetstream';
import type { KvEntry, Kvm } from '@nats-io/kv';
import * as v from 'valibot';
import { printable } from '../../printable.js';
import { decodePlan } from '../../verify/partitions.js';
import { entriesOf, keysOf } from './keys.js';
import { VERIFY_BUCKET } from './subjects.js';

/** Keys below the search's name: what all follow, each violation, and what is searched. */
export const PLAN = 'plan';
export const VIOLATION = 'violation.';
export const ABOUT = 'about';
/** The key of a partition: its plan's hash, its number. */
export const PARTITION = /^([0-9a-f]{64})\.(0|[1-9]\d{0,5})$/;

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const peer = v.pipe(v.string(), v.maxLength(64));
const word = v.pipe(
  v.string(),
  v.maxLength(200),
  v.transform((text) => printable(text)),
);

const PartSchema = v.variant('state', [
  v.object({ schema: v.literal('heddle.partition/1'), state: v.literal('taken'), peer }),
  v.object({
    schema: v.literal('heddle.partition/1'),
    state: v.literal('done'),
    peer,
    states: count,
    transitions: count,
    depthMax: count,
    bounded: v.boolean(),
    violations: count,
    reached: v.pipe(v.array(v.pipe(count, v.maxValue(0xffff))), v.maxLength(0x10000)),
  }),
]);
export type Part = v.InferOutput<typeof PartSchema>;

const AboutSchema = v.object({
  schema: v.literal('heddle.search/1'),
  model: word,
  design: word,
  scene: word,
});
/** What is searched, for those who look at the hub. */
export type SearchAbout = Omit<v.InferOutput<typeof AboutSchema>, 'schema'>;

export const partText = (part: Part): string => JSON.stringify(part);
export const aboutText = (about: SearchAbout): string => JSON.stringify({ schema: 'heddle.search/1', ...about });

/** null: no partition of this version. */
export const parsePart = (value: Uint8Array): Part | null => parse(PartSchema, value);

function parse<T>(schema: v.GenericSchema<unknown, T>, value: Uint8Array): T | null {
  try {
    const result = v.safeParse(schema, JSON.parse(new TextDecoder().decode(value)));
    return result.success ? result.output : null;
  } catch {
    return null;
  }
}

export interface SearchStatus {
  readonly search: string;
  /** null: nobody has said what it is of. */
  readonly about: SearchAbout | null;
  /** Of the plan that is followed: partitions that were searched to the end, and those that somebody has. */
  readonly done: number;
  readonly taken: number;
  /** Visited in the partitions that are done; some by several processes. */
  readonly states: number;
  /** Who has, or has done, a partition of the plan. */
  readonly processes: number;
  readonly violations: number;
  /** When something was last told, milliseconds since 1970, by the hub's clock. */
  readonly at: number;
}

/** @throws what the requests throw. */
export async function searchesOn(jsm: JetStreamManager, kvm: Kvm): Promise<SearchStatus[]> {
  const searches = new Map<string, KvEntry[]>();
  if ((await keysOf(jsm, VERIFY_BUCKET)).length === 0) return [];
  for (const entry of await entriesOf(jsm, await kvm.open(VERIFY_BUCKET), VERIFY_BUCKET)) {
    if (entry.operation !== 'PUT') continue;
    const search = entry.key.slice(0, Math.max(0, entry.key.indexOf('.')));
    const entries = searches.get(search);
    if (entries) entries.push(entry);
    else searches.set(search, [entry]);
  }
  return [...searches].map(([search, entries]) => statusOf(search, entries)).sort((a, b) => b.at - a.at);
}

function statusOf(search: string, entries: readonly KvEntry[]): SearchStatus {
  const named = entries.map((entry) => ({ name: entry.key.slice(search.length + 1), value: entry.value }));
  const value = (wanted: string): Uint8Array => named.find(({ name }) => name === wanted)?.value ?? new Uint8Array();
  const about = parse(AboutSchema, value(ABOUT));
  const hash = decodePlan(value(PLAN))?.hash;
  const parts = named.flatMap((one) => {
    const part = PARTITION.exec(one.name)?.[1] === hash ? parsePart(one.value) : null;
    return part ? [part] : [];
  });
  const done = parts.flatMap((part) => (part.state === 'done' ? [part] : []));
  return {
    search: printable(search),
    about: about && { model: about.model, design: about.design, scene: about.scene },
    done: done.length,
    taken: parts.length - done.length,
    states: done.reduce((sum, { states }) => sum + states, 0),
    processes: new Set(parts.map((part) => part.peer)).size,
    violations: named.filter(({ name }) => name.startsWith(VIOLATION)).length,
    at: Math.max(...entries.map(({ created }) => created.getTime())),
  };
}
