/**
 * The threads of one search. The calling thread searches too: a small scene is done before a helper has started. All share one set of visited
 * states; a state belongs to the thread that came to it first. What is left to be tried moves from thread to thread as a path.
 */
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { Piscina } from 'piscina';
import { compiledFile } from '../compiled-file.js';
import { Observations } from '../executor/observed.js';
import type { Search } from '../executor/search.js';
import type { RawFinding } from '../executor/types.js';
import type { Counts, FromHelper, SearchSetup, ToHelper } from './protocol.js';

const NO_COUNTS: Counts = { states: 0, transitions: 0, depth: 0, depthMax: 0, bounded: false, isVoid: false };

interface Member {
  readonly port: MessagePort;
  busy: boolean;
  halted: boolean;
  /** It was asked to share and has not answered. */
  asked: boolean;
  /** What was left when it halted. */
  path: Uint8Array;
  counts: Counts;
}

/** What helpers tell that the search as a whole must react to. */
export type News = Exclude<
  FromHelper,
  { type: 'counts' } | { type: 'edges' } | { type: 'idle' } | { type: 'shared' } | { type: 'halted' }
>;

export class Team {
  private readonly pool: Piscina;
  private readonly members: Member[] = [];
  private readonly news: News[] = [];
  private readonly offers: Uint8Array[] = [];
  readonly reached = new Set<number>();
  readonly observations = new Observations();
  private wake: () => void = () => {};
  private failure: Error | null = null;

  constructor(
    helpers: number,
    search: SearchSetup,
    memory: WebAssembly.Memory,
    learned: Uint8Array,
    private readonly onEdges: (records: Uint8Array) => void,
  ) {
    this.pool = new Piscina({
      filename: compiledFile('verify/helper.js'),
      workerData: { search, memory },
      minThreads: helpers,
      maxThreads: helpers,
      idleTimeout: Number.POSITIVE_INFINITY,
      atomics: 'disabled',
    });
    this.pool.on('error', () => {}); // the rejected task says it already
    for (let i = 0; i < helpers; i++) this.start();
    this.pass(learned);
  }

  private start(): void {
    const { port1, port2 } = new MessageChannel();
    const member: Member = {
      port: port1,
      busy: false,
      halted: false,
      asked: false,
      path: new Uint8Array(),
      counts: NO_COUNTS,
    };
    port1.on('message', (message: FromHelper) => {
      this.hear(member, message);
      this.wake();
    });
    this.members.push(member);
    this.pool.run({ port: port2 }, { transferList: [port2] }).catch((error: Error) => {
      this.failure = error;
      this.wake();
    });
  }

  private hear(member: Member, message: FromHelper): void {
    if ('counts' in message) member.counts = message.counts;
    if (message.type === 'idle') {
      member.busy = false;
      for (const site of message.reached) this.reached.add(site);
      this.observations.add(message.observed);
    } else if (message.type === 'shared') {
      member.asked = false;
      if (message.path) this.offers.push(message.path);
    } else if (message.type === 'halted') {
      member.halted = true;
      member.path = message.path;
    } else if (message.type === 'edges') this.onEdges(message.records);
    else if (message.type !== 'counts') this.news.push(message);
  }

  private say(member: Member, message: ToHelper): void {
    member.port.postMessage(message);
  }

  get counts(): Counts[] {
    return this.members.map((member) => member.counts);
  }
  get busy(): boolean {
    return this.offers.length > 0 || this.members.some((member) => member.busy || member.asked);
  }

  /** Something was told that nobody has taken. */
  get hasNews(): boolean {
    return this.news.length > 0;
  }

  /** @throws Error if a helper died. */
  takeNews(): News | undefined {
    if (this.failure) throw new Error(`a thread of the search died: ${this.failure.message}`, { cause: this.failure });
    return this.news.shift();
  }

  /** Moves work: from `search` and from busy helpers to those who have none. Answers what the caller should adopt, if it has none itself. */
  balance(search: Search, isIdle: boolean): Uint8Array | null {
    const hungry = this.members.filter((member) => !member.busy && !member.halted);
    for (const member of hungry) {
      const path = this.offers.shift() ?? (isIdle ? null : search.share());
      if (!path) break;
      member.busy = true;
      this.say(member, { type: 'work', path });
    }
    if (isIdle && this.offers.length > 0) return this.offers.shift() ?? null;
    const wanted = isIdle || this.members.some((member) => !member.busy);
    if (wanted && this.offers.length === 0) {
      for (const member of this.members) {
        if (!member.busy || member.asked) continue;
        member.asked = true;
        this.say(member, { type: 'share' });
      }
    }
    return null;
  }

  acknowledge(finding: RawFinding): void {
    for (const member of this.members) this.say(member, { type: 'known', finding });
  }

  /** Until something is heard. */
  async listen(): Promise<void> {
    if (this.news.length > 0 || this.offers.length > 0 || this.failure) return;
    await new Promise<void>((resolve) => {
      this.wake = resolve;
    });
  }

  /** All helpers stand still. Answers the paths that are left to be tried, those on offer included. */
  async halt(): Promise<Uint8Array[]> {
    for (const member of this.members) {
      member.halted = false;
      this.say(member, { type: 'halt' });
    }
    while (this.members.some((member) => !member.halted) && !this.failure) {
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
    }
    return [...this.offers, ...this.members.map((member) => member.path)].filter((path) => path.length > 0);
  }

  /** They go on where they halted. */
  go(): void {
    for (const member of this.members) {
      member.halted = false;
      this.say(member, { type: 'go' });
    }
  }

  /** A new pass; all have halted or have not begun. */
  pass(learned: Uint8Array): void {
    this.offers.length = 0;
    this.news.length = 0;
    for (const member of this.members) {
      member.busy = member.halted = member.asked = false;
      member.counts = NO_COUNTS;
      this.say(member, { type: 'pass', learned });
    }
  }

  async close(): Promise<void> {
    for (const member of this.members) this.say(member, { type: 'end' });
    await this.pool.destroy();
    for (const member of this.members) member.port.close();
  }
}
