/** The exhaustive search of one scene in parts, for who has other things to do as well: a campaign. One thread, no bounds, no checkpoint. */
import { Search, type SearchEvent, UNBOUNDED, type Violation } from '../executor/search.js';
import { Visited } from '../executor/visited.js';
import { type SearchSetup, SLICE, VISITED_START } from './protocol.js';
import { SCOUTS_AT, scouting } from './scout.js';

/** Entries that the visited set has at least, as a power of two. */
const VISITED_MIN = 10;
/** Part of the memory for visited states, of 8 bytes each; while they are moved to a larger table they are there twice. */
const VISITED_PART = 0.5;
/** Part for the path; bytes, at least and at most. */
const PATH_PART = 0.125;
const PATH_MIN = 1 << 20;
const PATH_MAX = 64 << 20;

const CUTS: Partial<Readonly<Record<SearchEvent, string>>> = {
  'visited-full': 'its memory for visited states is full',
  'path-full': 'its memory for the path is full',
  cut: 'a transition made more choices, or a run had more findings, than it keeps',
};

export class Exhaustion {
  /** Of all passes. */
  transitions = 0;
  /** `exhausted`: every schedule was covered. `cut`: it cannot go on, see `cut`. */
  outcome: 'open' | 'exhausted' | 'cut' = 'open';
  /** Why it cannot go on. */
  cut = '';
  private readonly search: Search;
  private readonly visited: Visited;
  private readonly maxLog2: number;
  private log2: number;
  /** Transitions of the pass that are in `transitions`. */
  private counted = 0;
  private scouts: Generator | null = null;
  private restarts = 0;

  /** `memoryBytes`: for visited states and the path together. */
  constructor(setup: Omit<SearchSetup, 'pathBytes' | 'reduce' | 'costly' | 'bounds'>, memoryBytes: number) {
    this.maxLog2 = Math.max(VISITED_MIN, Math.floor(Math.log2((memoryBytes * VISITED_PART) / 8)));
    this.log2 = Math.min(VISITED_START, this.maxLog2);
    this.visited = Visited.create(this.log2, false);
    const pathBytes = Math.min(PATH_MAX, Math.max(PATH_MIN, memoryBytes * PATH_PART));
    const whole = { reduce: true, costly: false, bounds: UNBOUNDED };
    this.search = new Search({ ...setup, ...whole, pathBytes, visited: this.visited });
    this.search.learn();
    this.search.start();
  }

  /** Of this pass. */
  get states(): number {
    return this.search.states;
  }

  /** Goes on for at least so many transitions, to the end or to violations, which it answers; each is told once. */
  run(transitions: number): Violation[] {
    const end = this.transitions + transitions;
    while (this.outcome === 'open' && this.transitions < end) {
      if (this.scouts) this.scout(this.scouts);
      else {
        const event = this.search.run(Math.min(SLICE, end - this.transitions));
        this.count();
        if (event === 'finding') return this.search.violations();
        this.react(event);
      }
    }
    return [];
  }

  private count(): void {
    const { transitions } = this.search;
    this.transitions += transitions - (transitions < this.counted ? 0 : this.counted);
    this.counted = transitions;
  }

  private react(event: SearchEvent): void {
    if (event === 'finished') this.outcome = 'exhausted';
    else if (event === 'restart') {
      // The pass relied on what is not so: it begins anew with what was learned.
      if (++this.restarts === SCOUTS_AT) this.scouts = scouting(this.search, this.visited, this.maxLog2);
      else this.restart();
    } else if (event === 'visited-full' && this.log2 < this.maxLog2) this.grow();
    else if (event !== 'more') {
      this.outcome = 'cut';
      this.cut = CUTS[event] ?? event;
    }
  }

  private scout(scouts: Generator): void {
    const { done } = scouts.next();
    this.count();
    if (!done) return;
    this.scouts = null;
    this.restart();
  }

  private restart(): void {
    this.visited.clear(this.log2, false);
    this.search.start();
    this.counted = 0;
  }

  private grow(): void {
    try {
      this.visited.grow(this.log2 + 1);
      this.log2 += 1;
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      this.outcome = 'cut';
      this.cut = 'the machine has no more memory for visited states';
    }
  }
}
