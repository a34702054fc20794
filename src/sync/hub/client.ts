/**
 * A peer's side of a hub: tells what it has found, hears what others have, and says that it is there. Nothing here waits for the hub where
 * the caller could notice: a hub that is down, slow, full or no hub at all costs a warning, and what was not told is told later.
 */
import { now } from '../../clock.js';
import { randomUUID } from 'node:crypto';
import type { JetStreamClient, JetStreamManager } from '@nats-io/jetstream';
import type { KV } from '@nats-io/kv';
import type { NatsConnection } from '@nats-io/transport-node';
import { type HubAddress, shownUrl } from './address.js';
import { connectHub, REQUEST_MS, reasonOf } from './connect.js';
import { Inbox, type Received } from './inbox.js';
import { type Acknowledged, Outbox, type OutboxCounts } from './outbox.js';
import { PRESENCE_TTL_MS, type Presence } from './presence.js';
import { ENTRY_BYTES_MAX, ensureStreams, FINDING_BYTES_MAX } from './streams.js';
import {
  CORPUS_STREAM,
  FINDINGS_STREAM,
  type Group,
  type HubKind,
  PRESENCE_BUCKET,
  presenceKey,
  subjectOf,
  subjectsOf,
} from './subjects.js';

export interface HubHooks {
  /** Once for each change: the hub went away, is full, or came back. */
  warning(message: string): void;
}

export interface HubCounts extends OutboxCounts {
  readonly connected: boolean;
  /** Messages that came in, own ones included. */
  readonly received: number;
}

interface Link {
  readonly connection: NatsConnection;
  readonly js: JetStreamClient;
  readonly jsm: JetStreamManager;
  readonly kv: KV;
  readonly inbox: Readonly<Record<HubKind, Inbox>>;
}

/** JetStream's code for “this stream keeps no more”; its text says whether of this subject or at all. */
const FULL = 10_077;
const TOO_LARGE = 10_054;
/** Between two attempts to connect for the first time. */
const RETRY_MS = 2_000;

export class HubClient {
  /** This peer among the others. */
  readonly peer = randomUUID().slice(0, 8);
  private readonly outbox: Outbox;
  private link: Link | null = null;
  private linking: Promise<void> | null = null;
  private retry: NodeJS.Timeout | null = null;
  private received = 0;
  private isClosed = false;
  private state: 'new' | 'there' | 'away' | 'full' = 'new';

  /** Begins to connect; use it at once. */
  constructor(
    private readonly address: HubAddress,
    private readonly group: Group,
    private readonly hooks: HubHooks,
  ) {
    this.outbox = new Outbox(
      (subject, data) => this.send(subject, data),
      (reason, detail) => this.turn(reason, detail),
    );
    this.connectSoon(0);
  }

  /** Resolves when the hub has answered for the first time, or after so long. */
  async ready(maxMs: number): Promise<boolean> {
    const end = now() + maxMs;
    while (!this.link && now() < end) await new Promise((resolve) => setTimeout(resolve, 20));
    return this.link !== null;
  }

  /** `load` is called when it is sent, perhaps several times; null: it is gone. */
  tell(kind: HubKind, id: string, load: () => Uint8Array | null): void {
    this.outbox.offer(subjectOf(kind, this.group, id), load);
  }

  /** What has come since the last call, at most so many messages; nothing if the hub is away. Takes up to a second. */
  async hear(kind: HubKind, max: number): Promise<Received[]> {
    if (!this.link) return [];
    try {
      const messages = await this.link.inbox[kind].pull(max);
      this.turn('there', '');
      this.received += messages.length;
      return messages.filter(({ data }) => data.length <= (kind === 'corpus' ? ENTRY_BYTES_MAX : FINDING_BYTES_MAX));
    } catch (error) {
      this.turn('away', reasonOf(error));
      return [];
    }
  }

  /** Says that this peer is there, and how it is. Never fails. */
  async present(presence: Presence): Promise<void> {
    await this.link?.kv
      .put(presenceKey(this.group, this.peer), JSON.stringify(presence))
      .catch((error: unknown) => this.turn('away', reasonOf(error)));
  }

  counts(): HubCounts {
    return {
      ...this.outbox.counts(),
      connected: this.state === 'there' || this.state === 'full',
      received: this.received,
    };
  }

  /** Sends what is left for so long, and says good-bye. */
  async close(maxMs: number): Promise<void> {
    if (this.link) await this.outbox.close(maxMs);
    else await this.outbox.close(0);
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

  private connectSoon(ms: number): void {
    if (this.isClosed) return;
    this.retry = setTimeout(() => {
      this.linking = this.connectOnce();
    }, ms);
  }

  private async connectOnce(): Promise<void> {
    let connection: NatsConnection | null = null;
    try {
      connection = await connectHub(this.address);
      const { jetstream, jetstreamManager } = await import('@nats-io/jetstream');
      const { Kvm } = await import('@nats-io/kv');
      const jsm = await jetstreamManager(connection, { timeout: REQUEST_MS });
      const js = jetstream(connection, { timeout: REQUEST_MS });
      await ensureStreams(jsm);
      const kv = await new Kvm(js).create(PRESENCE_BUCKET, { ttl: PRESENCE_TTL_MS, history: 1 });
      const inbox = (kind: HubKind): Inbox =>
        new Inbox(js, jsm, kind === 'corpus' ? CORPUS_STREAM : FINDINGS_STREAM, subjectsOf(kind, this.group));
      this.link = { connection, js, jsm, kv, inbox: { corpus: inbox('corpus'), finding: inbox('finding') } };
      this.turn('there', '');
    } catch (error) {
      await connection?.close().catch(() => {});
      this.turn('away', reasonOf(error));
      this.connectSoon(RETRY_MS);
    }
  }

  private async send(subject: string, data: Uint8Array): Promise<Acknowledged> {
    const { link } = this;
    if (!link) throw new Error('it has not answered yet');
    const max = subject.startsWith('heddle.corpus.') ? ENTRY_BYTES_MAX : FINDING_BYTES_MAX;
    if (data.length > max) return 'refused';
    try {
      const { duplicate } = await link.js.publish(subject, data, { timeout: REQUEST_MS });
      this.turn('there', '');
      return duplicate ? 'duplicate' : 'stored';
    } catch (error) {
      const { code, message } = error as { code?: number; message: string };
      if (code === FULL && /per subject/.test(message)) return 'duplicate';
      if (code === FULL) return 'full';
      if (code === TOO_LARGE) return 'refused';
      throw error;
    }
  }

  /** Tells a change of state, once. */
  private turn(state: 'there' | 'away' | 'full', detail: string): void {
    if (this.isClosed || this.state === state) return;
    const before = this.state;
    // A full hub still answers; only a message that it stores says that there is room again.
    this.state = state;
    if (before === 'full' && state === 'there') return;
    const hub = `the hub ${shownUrl(this.address.url)}`;
    if (state === 'away') this.hooks.warning(`${hub} is away: ${detail}; the campaign goes on, and tells it later`);
    if (state === 'full') this.hooks.warning(`${hub} is full: ${detail}; raise its stream’s max_bytes (docs/fleet.md)`);
    if (state === 'there' && before === 'away') this.hooks.warning(`${hub} is back`);
  }
}
