/**
 * What the others have told. A position in each stream is kept, so that after a hub's absence reading goes on where it stood; if the stream was
 * made anew meanwhile, from its beginning.
 */
import type { Consumer, JetStreamClient, JetStreamManager } from '@nats-io/jetstream';
import { REQUEST_MS } from './connect.js';
import { printable } from '../../printable.js';
import { idOfSubject, tailOfSubject } from './subjects.js';

export interface Received {
  /** Last token of the subject: what the sender says that the content's hash is. */
  readonly id: string;
  /** The last two tokens, fit to be shown. */
  readonly tail: string;
  readonly data: Uint8Array;
}

/** An unused consumer is dropped by the server after this. */
const IDLE_NS = 120 * 1e9;
/** Shortest wait for messages that the client admits. */
const WAIT_MS = 1_000;

export class Inbox {
  private next = 1;
  private consumer: { readonly from: Consumer; readonly name: string } | null = null;

  constructor(
    private readonly js: JetStreamClient,
    private readonly jsm: JetStreamManager,
    private readonly stream: string,
    private readonly filter: string,
    /** The stream holds less than was heard from it: it was put back to an earlier state. */
    private readonly shortened: () => void = () => {},
  ) {}

  /** The stream was made anew: it is read from its beginning. */
  restart(): void {
    this.next = 1;
    this.consumer = null;
  }

  /**
   * The next messages, at most so many; waits about a second if there are fewer, and never longer than some. Messages that it answered do not come
   * again, and those that it has not answered do.
   *
   * @throws what the client throws if the hub is not there and nothing had come; the next call goes on behind the last message that was answered.
   */
  async pull(max: number): Promise<Received[]> {
    const received: Received[] = [];
    try {
      this.consumer ??= await this.attach();
      const messages = await this.consumer.from.fetch({ max_messages: max, expires: WAIT_MS });
      // If the hub dies at the wrong moment, the client goes on waiting for a minute.
      let isLate = false;
      const limit = setTimeout(() => {
        isLate = true;
        void messages.close();
      }, WAIT_MS + REQUEST_MS);
      try {
        for await (const message of messages) {
          if (isLate) break;
          if (message.seq < this.next) continue;
          this.next = message.seq + 1;
          const { subject, data } = message;
          received.push({ id: idOfSubject(subject), tail: printable(tailOfSubject(subject)), data });
        }
      } finally {
        clearTimeout(limit);
      }
      if (isLate) this.consumer = null;
    } catch (error) {
      this.consumer = null;
      // What came before counts: if the hub is away, the next call says so.
      if (received.length === 0) throw error;
    }
    return received;
  }

  /** Drops the server's side. Never fails. */
  async close(): Promise<void> {
    const name = this.consumer?.name;
    this.consumer = null;
    if (name !== undefined) await this.jsm.consumers.delete(this.stream, name).catch(() => {});
  }

  private async attach(): Promise<{ from: Consumer; name: string }> {
    const { state } = await this.jsm.streams.info(this.stream);
    if (state.last_seq < this.next - 1) {
      this.next = 1;
      this.shortened();
    }
    const { name } = await this.jsm.consumers.add(this.stream, {
      ack_policy: 'none',
      deliver_policy: 'by_start_sequence',
      opt_start_seq: this.next,
      filter_subject: this.filter,
      inactive_threshold: IDLE_NS,
      mem_storage: true,
    } as Parameters<JetStreamManager['consumers']['add']>[1]);
    return { from: await this.js.consumers.get(this.stream, name), name };
  }
}
