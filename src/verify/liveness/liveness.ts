/** Livelock and starvation: whether a fair run can stay in some states for ever, and a schedule that shows it. */
import { Search } from '../../executor/search.js';
import type { FindingKind } from '../../executor/types.js';
import { Visited } from '../../executor/visited.js';
import { type SearchSetup, SLICE } from '../protocol.js';
import type { Violations } from '../violations.js';
import { type FairCycle, fairCycles } from './fair.js';
import { StateGraph } from './graph.js';

/** Cycles of a kind that are tried, and states of one that are tried as its beginning. */
const CYCLES_MAX = 32;
const STARTS_MAX = 64;
const VISITED_START = 16;
const VISITED_MAX = 28;

export class Liveness {
  private graph = new StateGraph();

  constructor(private readonly maxBytes: number) {}

  get isFull(): boolean {
    return this.graph.bytes > this.maxBytes;
  }
  add(records: Uint8Array): void {
    if (!this.isFull) this.graph.add(records);
  }
  clear(): void {
    this.graph = new StateGraph();
  }

  /** After a search that came to its end: adds what can repeat for ever, or that no replay shows it. */
  async judge(setup: SearchSetup, learned: Uint8Array, violations: Violations, signal: AbortSignal): Promise<void> {
    const cycles = fairCycles(this.graph);
    for (const kind of ['livelock', 'starvation'] as const) {
      if (!violations.wants(kind)) continue;
      const some = cycles.filter((cycle) => cycle.kind === kind).slice(0, CYCLES_MAX);
      let shown = 0;
      for (const cycle of some) {
        if (signal.aborted) break;
        if (await this.show(cycle, setup, learned, violations)) shown++;
      }
      if (some.length > 0 && shown === 0) violations.unconfirmed.push(kind);
    }
  }

  /** Walks to a state of the cycle, and lets turns go round from there. */
  private async show(
    cycle: FairCycle,
    setup: SearchSetup,
    learned: Uint8Array,
    violations: Violations,
  ): Promise<boolean> {
    const visited = Visited.create(VISITED_START, false);
    const search = new Search({ ...setup, liveness: false, visited });
    search.teach(learned);
    const every = Math.max(1, Math.floor(cycle.states.length / STARTS_MAX));
    search.lookFor(cycle.states.filter((_, i) => i % every === 0).map((state) => this.graph.keyOf(state)));
    search.start();
    for (let log2 = VISITED_START; ; ) {
      const event = search.run(SLICE);
      if (event === 'target') {
        if (showRepeat(search, cycle.kind, violations)) return true;
      } else if (event === 'finding') search.violations();
      else if (event === 'restart') {
        visited.clear(log2, false);
        search.start();
      } else if (event === 'visited-full' && log2 < VISITED_MAX) visited.grow(++log2);
      else if (event !== 'more' && event !== 'order') return false;
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
}

function showRepeat(search: Search, kind: FindingKind, violations: Violations): boolean {
  for (const schedule of search.schedulesWithTurns()) {
    const finding = violations.repeats(schedule, kind);
    if (!finding) continue;
    violations.add({ finding, schedule, adjacent: [] });
    return true;
  }
  return false;
}
