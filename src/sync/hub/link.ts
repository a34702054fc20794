/** A connection to a hub with its streams and bucket: made where they are missing, and made again where they are lost. */
import type { JetStreamClient, JetStreamManager } from '@nats-io/jetstream';
import type { KV } from '@nats-io/kv';
import type { NatsConnection } from '@nats-io/transport-node';
import type { HubAddress } from './address.js';
import { connectHub, REQUEST_MS } from './connect.js';
import { Inbox } from './inbox.js';
import { PRESENCE_TTL_MS } from './presence.js';
import { ensureStreams } from './streams.js';
import {
  formerSubjectsOf,
  type Group,
  type HubKind,
  PRESENCE_BUCKET,
  STREAM_OF,
  subjectsOf,
  tailOfSubject,
} from './subjects.js';

const KINDS: readonly HubKind[] = ['corpus', 'finding'];

export class HubLink {
  private checking: Promise<void> | null = null;

  private constructor(
    readonly connection: NatsConnection,
    readonly js: JetStreamClient,
    private readonly jsm: JetStreamManager,
    private readonly group: Group,
    private made: Readonly<Record<HubKind, string>>,
    private bucket: KV,
    readonly inbox: Readonly<Record<HubKind, Inbox>>,
    private readonly renewed: () => void,
  ) {}

  /**
   * `scene`: whose messages are heard; null: those of all. `renewed` is called when the hub has lost what it held.
   *
   * @throws what `connectHub` and `ensureStreams` throw.
   */
  static async open(address: HubAddress, group: Group, scene: string | null, renewed: () => void): Promise<HubLink> {
    const connection = await connectHub(address);
    try {
      const { jetstream, jetstreamManager } = await import('@nats-io/jetstream');
      const jsm = await jetstreamManager(connection, { timeout: REQUEST_MS });
      const js = jetstream(connection, { timeout: REQUEST_MS });
      const made = await ensureStreams(jsm);
      const inbox = (kind: HubKind): Inbox =>
        new Inbox(js, jsm, STREAM_OF[kind], subjectsOf(kind, group, scene), renewed);
      const inboxes = { corpus: inbox('corpus'), finding: inbox('finding') };
      return new HubLink(connection, js, jsm, group, made, await bucketOf(js), inboxes, renewed);
    } catch (error) {
      await connection.close().catch(() => {});
      throw error;
    }
  }

  get kv(): KV {
    return this.bucket;
  }

  /** Makes what is missing, and looks whether somebody else has. @throws as `ensureStreams`. */
  check(): Promise<void> {
    this.checking ??= this.checkOnce().finally(() => {
      this.checking = null;
    });
    return this.checking;
  }

  private async checkOnce(): Promise<void> {
    const made = await ensureStreams(this.jsm);
    this.bucket = await bucketOf(this.js);
    const anew = KINDS.filter((kind) => made[kind] !== this.made[kind]);
    this.made = made;
    for (const kind of anew) this.inbox[kind].restart();
    if (anew.length > 0) this.renewed();
  }

  /** `tailOf` each message of the group. @throws what the request throws. */
  async tails(kind: HubKind): Promise<Set<string>> {
    const subjects = await this.subjects(kind, subjectsOf(kind, this.group, null));
    return new Set(subjects.map(tailOfSubject));
  }

  /** How many messages an older version has told of this model and design. @throws what the request throws. */
  async former(): Promise<number> {
    const all = await Promise.all(KINDS.map((kind) => this.subjects(kind, formerSubjectsOf(kind, this.group))));
    return all.flat().length;
  }

  private async subjects(kind: HubKind, filter: string): Promise<string[]> {
    const { state } = await this.jsm.streams.info(STREAM_OF[kind], { subjects_filter: filter });
    return Object.keys(state.subjects ?? {});
  }
}

async function bucketOf(js: JetStreamClient): Promise<KV> {
  const { Kvm } = await import('@nats-io/kv');
  return new Kvm(js).create(PRESENCE_BUCKET, { ttl: PRESENCE_TTL_MS, history: 1 });
}
