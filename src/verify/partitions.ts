/**
 * The parts into which a search is divided among processes. The top of the space is searched breadth first; each state at its lower edge is the
 * root of a part. That depends on the model, the scene, the bounds and on what was learned, and on nothing else, so each process makes
 * the paths itself and need not believe others' ones; a hash of all of them tells whether they are the same.
 */
import { createHash } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';
import { isLearnedBlock, LEARNED_BYTES } from '../executor/learned.js';
import type { Search, SearchEvent } from '../executor/search.js';
import { identityOf } from './checkpoint.js';
import type { VerifyOptions } from './types.js';

/** Parts, at least, unless the space is too narrow. */
export const PARTITIONS = 64;
/** States above them, at most. */
const EXPANDED_MAX = 2_048;
/** A path's frames (assembly/search/frame.ts), and what of them depends on the path alone: fields, the script that was used, the state's key. */
const FRAME = 128;
const FIELDS = 4;
const FIELDS_END = 44;
const USED_CHOICES = 32;
const USED = 88;
const USED_MAX = 32;
const KEY = 120;

/** What all processes of a pass have in common. */
export interface Plan {
  readonly learned: Uint8Array;
  readonly partitions: number;
  /** Of what was learned and all paths; hex. */
  readonly hash: string;
}

const MAGIC = Buffer.from('heddle.plan/1\n');
/** Bytes of the hash in a message. */
const HASH = 32;

/** What processes must have in common to share a search, as one name. `version`: Heddle's. */
export function searchName(options: VerifyOptions, version: string): string {
  const { oracles, known, partitions = PARTITIONS } = options;
  const rest = JSON.stringify([identityOf(options), oracles, [...(known ?? [])], partitions, EXPANDED_MAX, version]);
  return createHash('sha256').update(rest).digest('hex').slice(0, 32);
}

/**
 * Divides a search that has just begun a pass into `wanted` parts at least. `react` handles what is neither `more` nor `finished`, and answers whether to go on; if not,
 * the answer is null. No part is left where the search ended on the way.
 */
export async function divide(
  search: Search,
  wanted: number,
  react: (event: SearchEvent) => Promise<boolean>,
): Promise<Uint8Array[] | null> {
  const first = search.run(0);
  if (first !== 'more' && !(await react(first))) return null;
  const queue = [search.path()].filter((path) => path.length > 0);
  for (let expanded = 0; expanded < EXPANDED_MAX && queue.length > 0 && queue.length < wanted; expanded++) {
    const children = await expand(search, queue.shift() ?? new Uint8Array(), react);
    if (!children) return null;
    queue.push(...children);
  }
  return queue;
}

/** Runs all transitions of the state at the end of a path. Answers the paths to the new states behind them. */
async function expand(
  search: Search,
  path: Uint8Array,
  react: (event: SearchEvent) => Promise<boolean>,
): Promise<Uint8Array[] | null> {
  const children: Uint8Array[] = [];
  if (!search.adopt(path)) return null;
  const { depth } = search;
  for (;;) {
    const event = search.run(1);
    if (event === 'finished') return children;
    if (event !== 'more' && !(await react(event))) return null;
    if (search.depth < depth) return children;
    if (search.depth > depth) children.push(search.shareTop());
  }
}

/** `learned`: as the pass begins with it; later there may be words in it that nothing depends on. */
export function planOf(learned: Uint8Array, paths: readonly Uint8Array[]): Plan {
  const hash = createHash('sha256').update(learned);
  for (const path of paths) {
    hash.update(`\n${path.length}\n`);
    const words = new DataView(path.buffer, path.byteOffset, path.byteLength);
    for (let at = 0; at < path.length; at += FRAME) {
      const used = Math.min(words.getUint32(at + USED_CHOICES, true), USED_MAX);
      hash.update(path.subarray(at + FIELDS, at + FIELDS_END));
      hash.update(path.subarray(at + USED, at + USED + used)).update(path.subarray(at + KEY, at + FRAME));
    }
  }
  return { learned, partitions: paths.length, hash: hash.digest('hex') };
}

/** A message: magic, hash, what was learned (gzip). */
export function encodePlan({ learned, hash }: Plan): Uint8Array {
  return Buffer.concat([MAGIC, Buffer.from(hash, 'hex'), gzipSync(learned)]);
}

/** null: no plan. Never throws, whatever the bytes are. */
export function decodePlan(bytes: Uint8Array): Omit<Plan, 'partitions'> | null {
  const start = MAGIC.length + HASH;
  if (bytes.length < start || !MAGIC.equals(bytes.subarray(0, MAGIC.length))) return null;
  try {
    const learned = gunzipSync(bytes.subarray(start), { maxOutputLength: LEARNED_BYTES });
    if (!isLearnedBlock(learned)) return null;
    return { learned, hash: Buffer.from(bytes.subarray(MAGIC.length, start)).toString('hex') };
  } catch {
    return null;
  }
}
