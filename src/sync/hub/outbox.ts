/**
 * What this peer has to tell the fleet. Nothing leaves it before the hub has acknowledged it, so a hub that is away, slow or full loses
 * nothing; contents are read when they are sent, so waiting costs a key each.
 */
import { now } from '../../clock.js';
import { reasonOf } from './connect.js';

/** What happened to a message that was offered to the hub. */
export type Acknowledged = 'stored' | 'duplicate' | 'refused' | 'full';

/** Sends one message; rejects if the hub is not there or does not answer. */
export type Send = (subject: string, data: Uint8Array) => Promise<Acknowledged>;

/** Messages under way at once. */
const WINDOW = 64;
/** Milliseconds until the next attempt: after a hub that is away; after a stream that is full. */
const AWAY_MS = 1_000;
const FULL_MS = 30_000;

export interface OutboxCounts {
  /** Waiting or under way. */
  readonly waiting: number;
  readonly stored: number;
  readonly duplicates: number;
  /** Too large for the hub, or not readable any more. */
  readonly refused: number;
  /** Of the contents that the hub has stored. */
  readonly bytes: number;
}

export class Outbox {
  /** By subject, in order of arrival. */
  private readonly waiting = new Map<string, () => Uint8Array | null>();
  private readonly flying = new Set<Promise<void>>();
  private stored = 0;
  private duplicates = 0;
  private refused = 0;
  private bytes = 0;
  private notBefore = 0;
  private isClosed = false;
  private timer: NodeJS.Timeout | null = null;

  constructor(
    private readonly send: Send,
    private readonly trouble: (reason: 'away' | 'full', detail: string) => void,
    private readonly fullMs = FULL_MS,
  ) {}

  /** `load` answers the content, or null if it is gone. The same subject twice is sent once. */
  offer(subject: string, load: () => Uint8Array | null): void {
    if (this.isClosed || this.waiting.has(subject)) return;
    this.waiting.set(subject, load);
    this.pump();
  }

  counts(): OutboxCounts {
    const { stored, duplicates, refused, bytes } = this;
    return { waiting: this.waiting.size + this.flying.size, stored, duplicates, refused, bytes };
  }

  /** Waits until all is sent, or so long; then sends nothing more. */
  async close(maxMs: number): Promise<void> {
    const end = now() + maxMs;
    while (this.waiting.size + this.flying.size > 0 && now() < end) {
      this.pump();
      await Promise.race([...this.flying, pause(Math.min(50, Math.max(1, end - now())))]);
    }
    this.isClosed = true;
    if (this.timer) clearTimeout(this.timer);
  }

  private pump(): void {
    if (this.isClosed) return;
    const wait = this.notBefore - now();
    if (wait > 0) {
      this.timer ??= setTimeout(() => {
        this.timer = null;
        this.pump();
      }, wait);
      return;
    }
    for (const [subject, load] of this.waiting) {
      if (this.flying.size >= WINDOW) return;
      this.waiting.delete(subject);
      const flight = this.fly(subject, load).finally(() => {
        this.flying.delete(flight);
        if (this.waiting.size > 0) this.pump();
      });
      this.flying.add(flight);
    }
  }

  private async fly(subject: string, load: () => Uint8Array | null): Promise<void> {
    const data = load();
    if (data === null) {
      this.refused += 1;
      return;
    }
    try {
      const answer = await this.send(subject, data);
      if (answer === 'full') return this.postpone(subject, load, 'full', this.fullMs, 'it takes no more messages');
      if (answer === 'refused') this.refused += 1;
      else if (answer === 'duplicate') this.duplicates += 1;
      else {
        this.stored += 1;
        this.bytes += data.length;
      }
    } catch (error) {
      this.postpone(subject, load, 'away', AWAY_MS, reasonOf(error));
    }
  }

  private postpone(
    subject: string,
    load: () => Uint8Array | null,
    reason: 'away' | 'full',
    ms: number,
    detail: string,
  ): void {
    this.waiting.set(subject, load);
    this.notBefore = Math.max(this.notBefore, now() + ms);
    this.trouble(reason, detail);
  }
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
