/** What a bucket of keys holds. */
import type { JetStreamManager } from '@nats-io/jetstream';
import type { KV, KvEntry } from '@nats-io/kv';

/** What the client takes for a key. Whoever may publish can put others into the bucket: they are nobody's. */
const KEY = /^(?!\.)[-/=.\w]+(?<!\.)$/;
/** Requests under way at once. */
const WINDOW = 256;

/**
 * The keys of a bucket that match `filter` (wildcards of NATS), those of values that were deleted as well. `KV.keys` of the client is not used: it
 * counts down the messages that were there when it began, and waits half a minute where one of them was meanwhile written over.
 *
 * @throws what the request throws; a bucket that is not there holds nothing.
 */
export async function keysOf(jsm: JetStreamManager, bucket: string, filter = '>'): Promise<string[]> {
  const prefix = `$KV.${bucket}.`;
  const info = await jsm.streams
    .info(`KV_${bucket}`, { subjects_filter: `${prefix}${filter}` })
    .catch((error: Error) => {
      if (error.name === 'StreamNotFoundError') return null;
      throw error;
    });
  return Object.keys(info?.state.subjects ?? {})
    .map((subject) => subject.slice(prefix.length))
    .filter((key) => KEY.test(key));
}

/** The last entry of each of these keys, asked for many at a time; a value that was deleted may be one. Throws as `keysOf`. */
export async function entriesOf(jsm: JetStreamManager, kv: KV, bucket: string, filter = '>'): Promise<KvEntry[]> {
  const keys = await keysOf(jsm, bucket, filter);
  const entries: (KvEntry | null)[] = [];
  for (let i = 0; i < keys.length; i += WINDOW) {
    entries.push(...(await Promise.all(keys.slice(i, i + WINDOW).map((key) => kv.get(key)))));
  }
  return entries.filter((entry) => entry !== null);
}
