/** Streams and bucket of a fleet: made if they are missing, used as an operator has configured them if they are not (docs/fleet.md). */
import type { JetStreamManager } from '@nats-io/jetstream';
import { CORPUS_STREAM, FINDINGS_STREAM } from './subjects.js';

/** Larger messages are neither sent nor taken. The server's own limit is a megabyte. */
export const ENTRY_BYTES_MAX = 64 * 1024;
export const FINDING_BYTES_MAX = 512 * 1024;

const DAY_NS = 24 * 3600 * 1e9;

/**
 * One message a subject, and a second one refused: the subject ends with the content's hash, so the stream itself removes doubles, for as
 * long as it keeps the first. A full stream refuses instead of forgetting what late joiners need.
 */
const STREAMS = [
  { name: CORPUS_STREAM, subjects: ['heddle.corpus.>'], max_bytes: 1 << 30, max_msg_size: ENTRY_BYTES_MAX + 1024 },
  {
    name: FINDINGS_STREAM,
    subjects: ['heddle.finding.>'],
    max_bytes: 256 << 20,
    max_msg_size: FINDING_BYTES_MAX + 1024,
  },
];

/** @throws what the client throws if JetStream is off, or this user may not make streams that are missing. */
export async function ensureStreams(jsm: JetStreamManager): Promise<void> {
  for (const stream of STREAMS) {
    try {
      await jsm.streams.info(stream.name);
    } catch (error) {
      if ((error as Error).name !== 'StreamNotFoundError') throw error;
      await jsm.streams.add({
        ...stream,
        storage: 'file',
        discard: 'new',
        discard_new_per_subject: true,
        max_msgs_per_subject: 1,
        max_age: 30 * DAY_NS,
      } as Parameters<JetStreamManager['streams']['add']>[0]);
    }
  }
}
