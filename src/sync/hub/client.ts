/**
 * A peer's side of a hub: tells what it has found, hears what others have, and says that it is there. Nothing here waits for the hub where
 * the caller could notice: a hub that is down, slow, full or no hub at all costs a warning, and what was not told is told later.
 */
import { now } from '../../clock.js';
import { randomUUID } from 'node:crypto';
import { type HubAddress, shownUrl } from './address.js';
import { REQUEST_MS, reasonOf } from './connect.js';
import type { Received } from './inbox.js';
import { HubLink } from './link.js';
import { type Acknowledged, Outbox, type OutboxCounts } from './outbox.js';
import type { Presence } from './presence.js';
import { ENTRY_BYTES_MAX, FINDING_BYTES_MAX } from './streams.js';
import { type Group, type HubKind, presenceKey, subjectOf } from './subjects.js';

export interface HubHooks {
  /** Once for each change: the hub went away, is full, came back, or has lost what it held. */
  warning(message: string): void;
  /** The hub has lost what it held: whatever it is to have must be told again. */
  renewed?(): void;
}

export interface HubListening {
  /** Whose messages are heard; null: those of all scenes. */
  readonly scene?: string | null;
  /** Milliseconds until a full stream is tried again. */
  readonly fullMs?: number;
}

export interface HubCounts extends OutboxCounts {
  readonly connected: boolean;
  /** Messages that came in, own ones included. */
  readonly received: number;
}

/** JetStream's code for “this stream does not keep it”; its text says why. */
const NOT_KEPT = 10_077;
const FULL = /^maximum (messages|bytes) exceeded/i;
const DOUBLE = /per subject/i;
const TOO_LARGE = 10_054;
/** What a request says if its stream, consumer or bucket is not there. */
const MISSING = ['JetStreamNotEnabled', 'StreamNotFoundError', 'ConsumerNotFoundError', 'NoRespondersError'];
/** What one that is under way is told meanwhile. */
const DELETED = /^(consumer|stream) deleted$|^store is closed$/i;
/** Between two attempts to connect for the first time. */
const RETRY_MS = 2_000;
/** Between two looks whether the streams are those that were there. */
const CHECK_MS = 10_000;
/** Until a second attempt to make again what is gone. */
const MEND_MS = 250;
const BYTES_MAX: Readonly<Record<HubKind, number>> = { corpus: ENTRY_BYTES_MAX, finding: FINDING_BYTES_MAX };

export class HubClient {
  /** This peer among the others. */
  readonly peer = randomUUID().slice(0, 8);
  /** One a stream: one that is full does not hold up the other. */
  private readonly outbox: Readonly<Record<HubKind, Outbox>>;
  private link: HubLink | null = null;
  private linking: Promise<void> | null = null;
  private retry: NodeJS.Timeout | null = null;
  private received = 0;
  private nextCheck = 0;
  private isClosed = false;
  /** null: it has not answered yet, nor failed to. */
  private isAway: boolean | null = null;
  private readonly full = new Set<HubKind>();

  /** Begins to connect; use it at once. */
  constructor(
    private readonly address: HubAddress,
    private readonly group: Group,
    private readonly hooks: HubHooks,
    private readonly listening: HubListening = {},
  ) {
    const outbox = (kind: HubKind): Outbox =>
      new Outbox(
        (subject, data) => this.send(kind, subject, data),
        (reason, detail) => {
          if (reason === 'full') this.isFull(kind);
          // Before the first answer it is for the connection to say so.
          else if (this.link) this.turn(true, detail);
        },
        listening.fullMs,
      );
    this.outbox = { corpus: outbox('corpus'), finding: outbox('finding') };
    this.connectSoon(0);
  }

  /** Resolves when the hub has answered for the first time, or after so long. */
  async ready(maxMs: number): Promise<boolean> {
    await this.until(() => this.link !== null, maxMs);
    return this.link !== null;
  }

  /** Resolves when the hub has answered, or is known to be away, or after so long. */
  async settle(maxMs: number): Promise<void> {
    await this.until(() => this.link !== null || this.isAway !== null, maxMs);
  }

  /** `load` is called when it is sent, perhaps several times; null: it is gone. `scene`: as in `subjectOf`. */
  tell(kind: HubKind, id: string, load: () => Uint8Array | null, scene: string | null = null): void {
    this.outbox[kind].offer(subjectOf(kind, this.group, scene, id), load);
  }

  /** What has come since the last call, at most so many messages; nothing if the hub is away. Takes up to a second. */
  async hear(kind: HubKind, max: number): Promise<Received[]> {
    const { link } = this;
    if (!link) return [];
    try {
      if (now() >= this.nextCheck) await this.check(link);
      const messages = await link.inbox[kind].pull(max);
      this.turn(false, '');
      this.received += messages.length;
      return messages.filter(({ data }) => data.length <= BYTES_MAX[kind]);
    } catch (error) {
      if (!(await this.mends(link, error))) this.turn(true, reasonOf(error));
      return [];
    }
  }

  /** `tailOf` all that the hub has of the group; null: it is away. */
  async tails(kind: HubKind): Promise<ReadonlySet<string> | null> {
    const { link } = this;
    if (!link) return null;
    try {
      return await link.tails(kind);
    } catch (error) {
      if (!(await this.mends(link, error))) this.turn(true, reasonOf(error));
      return null;
    }
  }

  /** Says that this peer is there, and how it is. Never fails. */
  async present(presence: Presence): Promise<void> {
    const { link } = this;
    const put = (): Promise<unknown> | undefined =>
      link?.kv.put(presenceKey(this.group, this.peer), JSON.stringify(presence));
    try {
      await put();
    } catch (error) {
      if (!link || !(await this.mends(link, error))) this.turn(true, reasonOf(error));
      else await put()?.catch(() => {});
    }
  }

  counts(): HubCounts {
    const [a, b] = [this.outbox.corpus.counts(), this.outbox.finding.counts()];
    return {
      waiting: a.waiting + b.waiting,
      stored: a.stored + b.stored,
      duplicates: a.duplicates + b.duplicates,
      refused: a.refused + b.refused,
      bytes: a.bytes + b.bytes,
      connected: this.isAway === false,
      received: this.received,
    };
  }

  /** Sends what is left for so long, and says good-bye. */
  async close(maxMs: number): Promise<void> {
    const sendMs = this.link ? maxMs : 0;
    await Promise.all([this.outbox.finding.close(sendMs), this.outbox.corpus.close(sendMs)]);
    this.isClosed = true;
    if (this.retry) clearTimeout(this.retry);
    await this.linking;
    const { link } = this;
    this.link = null;
    if (!link) return;
    const goodbye = [
      link.inbox.corpus.close(),
      link.inbox.finding.close(),
      link.kv.delete(presenceKey(this.group, this.peer)).catch(() => {}),
    ];
    await Promise.race([Promise.all(goodbye), new Promise((resolve) => setTimeout(resolve, maxMs).unref())]);
    await link.connection.close().catch(() => {});
  }

  private async until(holds: () => boolean, maxMs: number): Promise<void> {
    const end = now() + maxMs;
    while (!holds() && now() < end) await new Promise((resolve) => setTimeout(resolve, 20));
  }

  private connectSoon(ms: number): void {
    if (this.isClosed) return;
    this.retry = setTimeout(() => {
      this.linking = this.connectOnce();
    }, ms);
  }

  private async connectOnce(): Promise<void> {
    try {
      const link = await HubLink.open(this.address, this.group, this.listening.scene ?? null, () => this.renewed());
      this.nextCheck = now() + CHECK_MS;
      this.link = link;
      this.turn(false, '');
      this.tellFormer(await link.former().catch(() => 0));
    } catch (error) {
      this.turn(true, reasonOf(error));
      this.connectSoon(RETRY_MS);
    }
  }

  private async send(kind: HubKind, subject: string, data: Uint8Array): Promise<Acknowledged> {
    const { link } = this;
    if (!link) throw new Error('it has not answered yet');
    if (data.length > BYTES_MAX[kind]) return 'refused';
    try {
      return await this.publish(link, kind, subject, data);
    } catch (error) {
      if (await this.mends(link, error)) return this.publish(link, kind, subject, data);
      throw error;
    }
  }

  private async publish(link: HubLink, kind: HubKind, subject: string, data: Uint8Array): Promise<Acknowledged> {
    try {
      const { duplicate } = await link.js.publish(subject, data, { timeout: REQUEST_MS });
      this.turn(false, '');
      // A message that is smaller than others can have room where they have none.
      if (this.outbox[kind].counts().waiting <= 1) this.full.delete(kind);
      return duplicate ? 'duplicate' : 'stored';
    } catch (error) {
      const { code, message } = error as { code?: number; message: string };
      if (code === NOT_KEPT && DOUBLE.test(message)) return 'duplicate';
      if (code === NOT_KEPT && FULL.test(message)) return 'full';
      if (code === TOO_LARGE) return 'refused';
      throw error;
    }
  }

  /** If a request failed since what it asked for is gone, that is made again. Answers whether it is there now. */
  private async mends(link: HubLink, error: unknown): Promise<boolean> {
    const { name, message } = error as Error;
    if (!MISSING.includes(name) && !DELETED.test(message)) return false;
    // A second look: the first can come while somebody is between taking away and making anew.
    for (const wait of [0, MEND_MS]) {
      await new Promise((resolve) => setTimeout(resolve, wait));
      try {
        await this.check(link);
        return true;
      } catch {}
    }
    return false;
  }

  private async check(link: HubLink): Promise<void> {
    await link.check();
    this.nextCheck = now() + CHECK_MS;
  }

  private renewed(): void {
    if (this.isClosed) return;
    this.hooks.renewed?.();
    this.hooks.warning(`${this.name} had lost what it held; it is told again what the campaign’s folder has`);
  }

  private tellFormer(messages: number): void {
    if (messages === 0 || this.isClosed) return;
    const what = `${this.name} holds ${messages} messages of this model in the form of an older version`;
    this.hooks.warning(`${what}, and neither reads the other’s: use one version of Heddle in a fleet`);
  }

  private get name(): string {
    return `the hub ${shownUrl(this.address.url)}`;
  }

  /** Says once that a stream is full, until it has taken all that waits. */
  private isFull(kind: HubKind): void {
    if (this.isClosed || this.full.has(kind)) return;
    this.full.add(kind);
    const what = kind === 'corpus' ? 'corpus' : 'findings';
    this.hooks.warning(
      `${this.name} is full: its stream of ${what} takes no more messages; raise its max_bytes (docs/fleet.md)`,
    );
  }

  /** Tells a change, once. */
  private turn(isAway: boolean, detail: string): void {
    if (this.isClosed || this.isAway === isAway) return;
    const before = this.isAway;
    this.isAway = isAway;
    if (isAway) this.hooks.warning(`${this.name} is away: ${detail}; the campaign goes on, and tells it later`);
    else if (before === true) this.hooks.warning(`${this.name} is back`);
  }
}
