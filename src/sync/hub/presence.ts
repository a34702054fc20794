/** What a peer says of itself. */
import * as v from 'valibot';
import { printable } from '../../printable.js';

/** A peer that has said nothing for so long is gone. */
export const PRESENCE_TTL_MS = 30_000;
/** Between two messages of one peer. */
export const PRESENCE_MS = 5_000;

const amount = v.pipe(v.number(), v.minValue(0), v.maxValue(Number.MAX_SAFE_INTEGER));
const word = v.pipe(
  v.string(),
  v.maxLength(200),
  v.transform((text: string) => printable(text)),
);

const PresenceSchema = v.object({
  schema: v.literal('heddle.presence/1'),
  host: word,
  pid: amount,
  version: word,
  model: word,
  design: word,
  scene: v.nullable(word),
  elapsedMs: amount,
  executions: amount,
  executionsPerSecond: amount,
  corpus: amount,
  features: amount,
  findings: amount,
  workers: amount,
});
export type Presence = v.InferOutput<typeof PresenceSchema>;

/** Its words are fit to be shown. null: not what a peer of this version says. */
export function parsePresence(text: string): Presence | null {
  try {
    const result = v.safeParse(PresenceSchema, JSON.parse(text));
    return result.success ? result.output : null;
  } catch {
    return null;
  }
}
