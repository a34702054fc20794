/**
 * The board of a shared search (`verify/board.ts`) on NATS: a bucket of keys below the search's name. A partition is taken by writing its key at
 * the revision that was seen, so of two who try one succeeds; who has it writes again now and then. A key that has not changed for a
 * lease, by the reader's own clock, is free again. Once the board is open nothing here fails: a hub that is away makes the process
 * go on alone, and what it has to tell waits.
 */
import { randomUUID } from 'node:crypto';
import type { JetStreamManager } from '@nats-io/jetstream';
import type { KV, KvEntry } from '@nats-io/kv';
import type { NatsConnection } from '@nats-io/transport-node';
import { now } from '../../clock.js';
import { HeddleError } from '../../errors.js';
import type { Board, Done, PartitionReport } from '../../verify/board.js';
import { type HubAddress, shownUrl } from './address.js';
import { connectHub, reasonOf } from './connect.js';
import { entriesOf } from './keys.js';
import {
  ABOUT,
  aboutText,
  PARTITION,
  PLAN,
  type Part,
  parsePart,
  partText,
  type SearchAbout,
  VIOLATION,
} from './searches.js';
import { VERIFY_BUCKET } from './subjects.js';

/** A search that nobody goes on with is forgotten after a day. */
const TTL_MS = 24 * 3600 * 1000;
/** Of one request. */
const REQUEST_MS = 3_000;
/** A partition whose process has been silent for so long is taken by another. */
const LEASE_MS = 15_000;
/** Larger values are neither sent nor taken: the server's own limit is a megabyte. */
const VALUE_BYTES_MAX = 1_000_000;
/** While the watch does not answer. */
const RETRY_MS = 1_000;

interface Seen {
  readonly revision: number;
  /** When it was seen to change, by this process's clock. */
  readonly at: number;
  /** null: free. */
  readonly part: Part | null;
}

export interface BoardHooks {
  /** Once for each change: the hub went away, or came back. */
  warning(message: string): void;
}

export class HubBoard implements Board {
  readonly peer = randomUUID().slice(0, 8);
  plan: Board['plan'] = null;
  isAway = false;
  private readonly parts = new Map<string, Seen>();
  private readonly foreign: Uint8Array[] = [];
  private readonly heard = new Set<string>();
  /** What the hub has not stored yet, by key. */
  private readonly unsent = new Map<string, string>();
  private held: { readonly key: string; revision: number } | null = null;
  private nextTry = 0;
  private isClosed = false;
  private readonly timer: NodeJS.Timeout;
  private watching: Promise<void> = Promise.resolve();
  private stopWatch: () => void = () => {};

  private constructor(
    private readonly connection: NatsConnection,
    private readonly jsm: JetStreamManager,
    private readonly kv: KV,
    /** Makes the bucket if the hub has lost it. */
    private readonly remake: () => Promise<KV>,
    private readonly address: HubAddress,
    /** `searchName`. */
    private readonly search: string,
    private readonly hooks: BoardHooks,
    private readonly leaseMs: number,
  ) {
    this.timer = setInterval(() => void this.beat(), leaseMs / 5);
  }

  /**
   * Connects, and reads what is there.
   *
   * @throws HeddleError HDL_IO if the hub is not there or has no JetStream, HDL_USAGE for an address or file that is wrong.
   */
  static async open(
    address: HubAddress,
    search: string,
    about: SearchAbout,
    hooks: BoardHooks,
    leaseMs = LEASE_MS,
  ): Promise<HubBoard> {
    const connection = await connectHub(address);
    try {
      const { jetstream, jetstreamManager } = await import('@nats-io/jetstream');
      const { Kvm } = await import('@nats-io/kv');
      const js = jetstream(connection, { timeout: REQUEST_MS });
      const jsm = await jetstreamManager(connection, { timeout: REQUEST_MS });
      const make = (): Promise<KV> => new Kvm(js).create(VERIFY_BUCKET, { ttl: TTL_MS, history: 1 });
      const kv = await make();
      const board = new HubBoard(connection, jsm, kv, make, address, search, hooks, leaseMs);
      await board.read('>');
      await kv.put(`${search}.${ABOUT}`, aboutText(about));
      board.watching = board.watch();
      return board;
    } catch (cause) {
      await connection.close().catch(() => {});
      throw new HeddleError('HDL_IO', `the hub ${shownUrl(address.url)} does not answer: ${reasonOf(cause)}`, {
        hint: 'it must be a NATS server with JetStream (nats-server -js), whose user may use $KV.HEDDLE_VERIFY; without --hub the search needs none',
        cause,
      });
    }
  }

  async propose(bytes: Uint8Array, revision: number): Promise<number | null> {
    // Larger than a message can be: each goes on alone.
    if (bytes.length > VALUE_BYTES_MAX) return null;
    const key = `${this.search}.${PLAN}`;
    const stored = await this.write(key, bytes, revision);
    if (stored !== null) this.plan = { bytes, revision: stored };
    return stored;
  }

  async take(plan: string, partitions: number): Promise<number | 'wait' | 'done'> {
    let isLeft = false;
    // Each begins somewhere else, so that they seldom try the same one.
    const first = Number.parseInt(this.peer, 16) % Math.max(1, partitions);
    for (let k = 0; k < partitions; k++) {
      const i = (first + k) % partitions;
      const key = this.partKey(plan, i);
      const seen = this.parts.get(key);
      if (seen?.part?.state === 'done') continue;
      isLeft = true;
      const isOthers = seen?.part?.state === 'taken' && seen.part.peer !== this.peer;
      if (isOthers && now() - seen.at < this.leaseMs) continue;
      if (await this.claim(key, seen?.revision ?? 0)) return i;
    }
    return isLeft ? 'wait' : 'done';
  }

  async report(plan: string, partition: number, report: PartitionReport): Promise<void> {
    const key = this.partKey(plan, partition);
    const part: Part = {
      schema: 'heddle.partition/1',
      state: 'done',
      peer: this.peer,
      ...report,
      reached: [...report.reached],
    };
    this.held = null;
    this.parts.set(key, { revision: this.parts.get(key)?.revision ?? 0, at: now(), part });
    await this.tell(key, partText(part));
  }

  async release(): Promise<void> {
    const { held } = this;
    this.held = null;
    if (!held) return;
    this.parts.set(held.key, { revision: held.revision, at: now(), part: null });
    if (!this.isAway) await this.kv.delete(held.key, { previousSeq: held.revision }).catch(() => {});
  }

  done(plan: string): ReadonlyMap<number, Done> {
    const all = new Map<number, Done>();
    const prefix = this.partKey(plan, '');
    for (const [key, { part }] of this.parts) {
      if (part?.state === 'done' && key.startsWith(prefix)) all.set(Number(key.slice(prefix.length)), part);
    }
    return all;
  }

  async tellViolation(id: string, text: string): Promise<void> {
    const key = `${this.search}.${VIOLATION}${id}`;
    this.heard.add(key);
    if (Buffer.byteLength(text) <= VALUE_BYTES_MAX) await this.tell(key, text);
  }

  async settle(): Promise<void> {
    if (this.isAway) return;
    try {
      await this.read(`${VIOLATION}*`);
    } catch (error) {
      this.turn(true, reasonOf(error));
    }
  }

  takeViolations(): Uint8Array[] {
    return this.foreign.splice(0);
  }

  get hasViolations(): boolean {
    return this.foreign.length > 0;
  }

  /** Tells what is left, once more, and leaves. Never fails. */
  async close(): Promise<void> {
    clearInterval(this.timer);
    await this.release();
    if (this.isAway) await this.comeBack();
    this.nextTry = 0;
    await this.flush();
    this.isClosed = true;
    this.stopWatch();
    await Promise.race([this.watching, new Promise((resolve) => setTimeout(resolve, REQUEST_MS).unref())]);
    await this.connection.close().catch(() => {});
  }

  /** Of a plan's partition; the plan's hash in it makes that what is done for one plan never counts for another. */
  private partKey(plan: string, i: number | ''): string {
    return `${this.search}.${plan}.${i}`;
  }

  private async claim(key: string, revision: number): Promise<boolean> {
    const part: Part = { schema: 'heddle.partition/1', state: 'taken', peer: this.peer };
    const stored = await this.write(key, partText(part), revision);
    // A hub that is away cannot say who has it: then it may be searched twice, and that is all.
    if (stored === null && !this.isAway) return false;
    const known = stored ?? revision;
    this.held = { key, revision: known };
    this.parts.set(key, { revision: known, at: now(), part });
    return true;
  }

  /** Writes what nobody else has written since `revision`. null: somebody has, or the hub is away. */
  private async write(key: string, value: string | Uint8Array, revision: number): Promise<number | null> {
    if (this.isAway && now() < this.nextTry) return null;
    try {
      const stored = revision === 0 ? await this.kv.create(key, value) : await this.kv.update(key, value, revision);
      this.turn(false, '');
      return stored;
    } catch (error) {
      if (!isConflict(error)) {
        this.turn(true, reasonOf(error));
        return null;
      }
    }
    try {
      const entry = await this.kv.get(key);
      if (entry) this.hear(entry);
      else this.parts.delete(key);
    } catch (error) {
      this.turn(true, reasonOf(error));
    }
    return null;
  }

  private async tell(key: string, value: string): Promise<void> {
    this.unsent.set(key, value);
    await this.flush();
  }

  private async flush(): Promise<void> {
    if (this.isAway && now() < this.nextTry) return;
    for (const [key, value] of [...this.unsent]) {
      try {
        await this.kv.put(key, value, { timeout: REQUEST_MS });
        this.unsent.delete(key);
        this.turn(false, '');
      } catch (error) {
        this.turn(true, reasonOf(error));
        return;
      }
    }
  }

  /** Says that this process is still at work, and what the hub has missed. */
  private async beat(): Promise<void> {
    if (this.isAway && now() >= this.nextTry) await this.comeBack();
    const { held } = this;
    if (held && !this.isAway) {
      const text = partText({ schema: 'heddle.partition/1', state: 'taken', peer: this.peer });
      let stored = await this.write(held.key, text, held.revision);
      // The key is gone, with the bucket perhaps.
      if (stored === null && !this.parts.has(held.key)) stored = await this.write(held.key, text, 0);
      if (stored !== null) held.revision = stored;
    }
    await this.flush();
  }

  /** Asks a hub that is away whether it is there, and gives it the bucket if it has lost it. */
  private async comeBack(): Promise<void> {
    await this.remake().then(
      () => this.turn(false, ''),
      (error: unknown) => this.turn(true, reasonOf(error)),
    );
  }

  /** All keys of the search that match, once. */
  private async read(filter: string): Promise<void> {
    const entries = await entriesOf(this.jsm, this.kv, VERIFY_BUCKET, `${this.search}.${filter}`);
    for (const entry of entries) this.hear(entry);
  }

  private async watch(): Promise<void> {
    while (!this.isClosed) {
      try {
        const entries = await this.kv.watch({ key: `${this.search}.>` });
        this.stopWatch = () => entries.stop();
        if (this.isClosed) entries.stop();
        for await (const entry of entries) this.hear(entry);
      } catch (error) {
        this.turn(true, reasonOf(error));
      }
      if (!this.isClosed) await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
  }

  /** An entry, perhaps an old one, perhaps nonsense. */
  private hear({ key, revision, operation, value }: KvEntry): void {
    const name = key.slice(this.search.length + 1);
    const isThere = operation === 'PUT' && value.length <= VALUE_BYTES_MAX;
    if (name === PLAN) {
      if (isThere && revision > (this.plan?.revision ?? 0)) this.plan = { bytes: value, revision };
    } else if (name.startsWith(VIOLATION)) {
      if (!isThere || this.heard.has(key)) return;
      this.heard.add(key);
      this.foreign.push(value);
    } else if (PARTITION.test(name)) {
      const before = this.parts.get(key);
      // What is done stays done.
      if (before && (before.revision >= revision || before.part?.state === 'done')) return;
      this.parts.set(key, { revision, at: now(), part: isThere ? parsePart(value) : null });
    }
  }

  /** Tells a change, once. */
  private turn(isAway: boolean, detail: string): void {
    if (isAway) this.nextTry = now() + REQUEST_MS;
    if (this.isClosed || this.isAway === isAway) return;
    this.isAway = isAway;
    const hub = `the hub ${shownUrl(this.address.url)}`;
    if (isAway) this.hooks.warning(`${hub} is away: ${detail}; the search goes on alone, and tells it later`);
    else this.hooks.warning(`${hub} is back`);
  }
}

/** Somebody else has written the key: JetStream's code for a wrong last sequence. */
const isConflict = (error: unknown): boolean => (error as { code?: number }).code === 10_071;
