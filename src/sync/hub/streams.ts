/** Streams and bucket of a fleet: made if they are missing, used as an operator has configured them if they are not (docs/fleet.md). */
import type { JetStreamManager } from '@nats-io/jetstream';
import { type HubKind, STREAM_OF } from './subjects.js';

/** Larger messages are neither sent nor taken. The server's own limit is a megabyte. */
export const ENTRY_BYTES_MAX = 64 * 1024;
export const FINDING_BYTES_MAX = 512 * 1024;

const DAY_NS = 24 * 3600 * 1e9;

type StreamToAdd = Parameters<JetStreamManager['streams']['add']>[0] & { readonly name: string };

/**
 * One message a subject, and a second one refused: the subject ends with the content's hash, so the stream itself removes doubles, for as
 * long as it keeps the first. A full stream refuses instead of forgetting what late joiners need.
 */
const STREAMS = [
  { kind: 'corpus', subjects: ['heddle.corpus.>'], max_bytes: 1 << 30, max_msg_size: ENTRY_BYTES_MAX + 1024 },
  {
    kind: 'finding',
    subjects: ['heddle.finding.>'],
    max_bytes: 256 << 20,
    max_msg_size: FINDING_BYTES_MAX + 1024,
  },
] as const;

/**
 * Answers when each stream was made, by the hub's clock: one that was made anew has another time.
 *
 * @throws what the client throws if JetStream is off, or this user may not make streams that are missing.
 */
export async function ensureStreams(jsm: JetStreamManager): Promise<Readonly<Record<HubKind, string>>> {
  const made = { corpus: '', finding: '' };
  for (const { kind, ...stream } of STREAMS) {
    const name = STREAM_OF[kind];
    try {
      made[kind] = (await jsm.streams.info(name)).created;
    } catch (error) {
      if ((error as Error).name !== 'StreamNotFoundError') throw error;
      const config = {
        ...stream,
        name,
        subjects: [...stream.subjects],
        storage: 'file',
        discard: 'new',
        discard_new_per_subject: true,
        max_msgs_per_subject: 1,
        max_age: 30 * DAY_NS,
      };
      made[kind] = await add(jsm, config as StreamToAdd);
    }
  }
  return made;
}

/** If somebody else makes it at the same time, perhaps as an operator has configured it, it is that one. */
async function add(jsm: JetStreamManager, config: StreamToAdd): Promise<string> {
  try {
    return (await jsm.streams.add(config)).created;
  } catch (error) {
    const there = await jsm.streams.info(config.name).catch(() => null);
    if (there === null) throw error;
    return there.created;
  }
}
