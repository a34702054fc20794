/**
 * The portfolio's arm that leaves nothing out: the exhaustive search of each scene (src/verify/), a part at a time, in a thread of its own while
 * one of the campaign's loops waits for it. It begins when the samplers had their first go and the exact artefact is built, gets a share of
 * the work (credit.ts), and ends when each scene was searched or does not fit into the memory.
 */
import { now } from '../clock.js';
import type { ModelArtefact } from '../executor/instance.js';
import type { Declarations } from '../executor/declarations.js';
import type { Request, Result, SearchResult, WorkerSetup } from '../worker/protocol.js';
import { Credit } from './credit.js';
import { WorkerLost, WorkerPool, type Workers } from './pool.js';
import { type CampaignOptions, type SceneSearch, SEARCH_MEMORY_BYTES } from './types.js';

/** How long a part should take. */
const PART_MS = 150;
/** Transitions of the first part, and of all in deterministic campaigns. */
const PART_TRANSITIONS = 20_000;
const PART_MAX = 1_000_000;
/** With several scenes, transitions of one before the next has its turn; each round has so many times more, and begins each scene anew. */
const ROUND_TRANSITIONS = 1_000_000;
const ROUND_GROWTH = 8;

/** What a campaign gives and is told. */
interface Surroundings {
  /** The campaign's workers. */
  readonly pool: Workers;
  readonly scenes: readonly string[];
  nextId(): number;
  /** The search has done a part that cost as much as `points` of the samplers' work. */
  searched(result: SearchResult, points: number): void;
  /** A scene is done: searched, or given up. */
  ended(search: Omit<SceneSearch, 'state'> & { readonly exhausted: boolean }): void;
  warning(message: string): void;
}

interface Context extends Surroundings {
  readonly deterministic: boolean;
  readonly memoryBytes: number;
  /** The model that the campaign runs, whose sources the other must have. */
  readonly fast: ModelArtefact;
  /** Builds the model in the exact flavour. */
  readonly exact: (signal: AbortSignal) => Promise<ModelArtefact>;
  /** The thread that searches. */
  readonly open: () => Workers;
}

/** The search that these options ask for; null: none. */
export function searchingOf(
  options: CampaignOptions,
  setup: WorkerSetup,
  declarations: Declarations,
  surroundings: Surroundings,
): Searching | null {
  const { exact, artefact, deterministic, jobs, hangMs, workerHeapMb, strategy } = options;
  if (!exact || strategy !== 'portfolio') return null;
  const own = { ...setup, workers: 1, begun: new SharedArrayBuffer(4) };
  return new Searching({
    ...surroundings,
    ...{ deterministic, exact, fast: artefact, memoryBytes: options.searchMemoryBytes ?? SEARCH_MEMORY_BYTES },
    open: () => (jobs === 0 ? surroundings.pool : new WorkerPool(1, own, declarations, hangMs, workerHeapMb)),
  });
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

export class Searching {
  private readonly credit: Credit;
  private readonly searches: Mutable<SceneSearch>[];
  private readonly closing = new AbortController();
  private build: Promise<void> | null = null;
  private exact: ModelArtefact | null = null;
  /** The thread has it. */
  private isTold = false;
  private workers: Workers | null = null;
  private current = -1;
  private round = 0;
  private part = PART_TRANSITIONS;
  private isRunning = false;

  constructor(private readonly context: Context) {
    this.credit = new Credit(!context.deterministic);
    this.searches = context.scenes.map((scene) => {
      return { scene, state: 'waiting', states: 0, transitions: 0, reason: '' };
    });
  }

  /** Of each scene. */
  get status(): readonly SceneSearch[] {
    return this.searches.map((search) => ({ ...search }));
  }

  /** The samplers did work worth `points` in so many milliseconds; the search may have `share` of all work. */
  earn(points: number, ms: number, share: number): void {
    this.credit.earn(points, ms, share, this.exact !== null);
    if (!this.credit.hasBegun || this.build) return;
    for (const search of this.searches) search.state = 'building';
    this.build = this.prepare();
  }

  /** Answers whether it was the search's turn; then a part of it is done. */
  async turn(): Promise<boolean> {
    // What comes when must not depend on how long the build takes.
    if (this.context.deterministic) await this.build;
    const next = this.isRunning || !this.credit.isDue ? null : this.next();
    if (!next) return false;
    this.isRunning = true;
    try {
      await this.search(next);
    } catch (error) {
      if (!(error instanceof WorkerLost)) throw error;
      this.giveUp(error.casualty.reason);
    } finally {
      this.isRunning = false;
    }
    return true;
  }

  async close(): Promise<void> {
    this.closing.abort();
    await this.build;
    await this.leave();
  }

  /** Gets the exact artefact. A campaign does without if that fails. */
  private async prepare(): Promise<void> {
    const { context, closing } = this;
    try {
      const exact = await context.exact(closing.signal);
      if (!isSameSource(exact, context.fast)) throw new Error('its source has changed since the campaign began');
      this.exact = exact;
      for (const search of this.searches) search.state = 'waiting';
    } catch (error) {
      if (!closing.signal.aborted) this.giveUp(`the model cannot be built for it: ${(error as Error).message}`);
    }
  }

  /** The scene to go on with; null: none is left. */
  private next(): Mutable<SceneSearch> | null {
    if (!this.exact) return null;
    const current = this.searches[this.current];
    if (current?.state === 'searching' && current.transitions < this.limit()) return current;
    for (let i = this.current + 1; i < 2 * this.searches.length; i++) {
      if (i === this.searches.length) this.round += 1;
      const at = i % this.searches.length;
      const search = this.searches[at];
      if (!search || isOver(search)) continue;
      if (current?.state === 'searching') current.state = 'waiting';
      this.current = at;
      return search;
    }
    return null;
  }

  private limit(): number {
    return this.searches.length === 1 ? Number.POSITIVE_INFINITY : ROUND_TRANSITIONS * ROUND_GROWTH ** this.round;
  }

  private async search(search: Mutable<SceneSearch>): Promise<void> {
    const { context, exact } = this;
    this.workers ??= context.open();
    const request: Request = {
      type: 'search',
      id: context.nextId(),
      scene: search.scene,
      begin: search.state === 'waiting',
      exact: this.isTold ? null : exact,
      memoryBytes: context.memoryBytes,
      transitions: this.part,
    };
    this.isTold = true;
    search.state = 'searching';
    const begin = now();
    const result: Result = await this.workers.run(request);
    if (result.type !== 'search') return;
    const ms = now() - begin;
    search.transitions = result.transitions;
    search.states = result.states;
    if (!context.deterministic && ms > 0 && result.outcome === 'open' && result.spent >= this.part) {
      const fitting = Math.round((result.spent * PART_MS) / ms);
      this.part = Math.max(PART_TRANSITIONS / 10, Math.min(2 * this.part, PART_MAX, fitting));
    }
    context.searched(result, this.credit.spend(result.spent, ms));
    if (result.outcome === 'open') return;
    this.end(search, result);
    if (this.searches.every(isOver)) await this.leave();
  }

  /** The thread and its memory are not needed any more. */
  private async leave(): Promise<void> {
    await this.workers?.close();
    this.workers = null;
  }

  private end(search: Mutable<SceneSearch>, { outcome, cut }: SearchResult): void {
    search.state = outcome === 'exhausted' ? 'exhausted' : 'stopped';
    search.reason = cut;
    const { state, ...rest } = search;
    this.context.ended({ exhausted: state === 'exhausted', ...rest });
  }

  private giveUp(reason: string): void {
    this.context.warning(`the exhaustive search ends: ${reason}`);
    for (const search of this.searches) {
      if (isOver(search)) continue;
      search.state = 'stopped';
      search.reason = reason;
    }
  }
}

const isOver = ({ state }: SceneSearch): boolean => state === 'exhausted' || state === 'stopped';

function isSameSource(a: ModelArtefact, b: ModelArtefact): boolean {
  const of = ({ manifest }: ModelArtefact): string =>
    JSON.stringify(manifest.sources.map((s) => [s.name, s.sha256]).sort());
  return of(a) === of(b);
}
