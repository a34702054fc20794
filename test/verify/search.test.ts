/** The parts of a search that threads and processes exchange: paths, knowledge, visited states. */
import { describe, expect, it } from 'vitest';
import type { ModelArtefact } from '../../src/executor/instance.js';
import { Search, type SearchBounds, UNBOUNDED } from '../../src/executor/search.js';
import { Visited } from '../../src/executor/visited.js';
import { scout } from '../../src/verify/scout.js';
import { modelAt } from '../support/models.js';

const LIMITS = { steps: 20_000, fuel: 1 << 20 };
const TOY = 'test/models/toy.ts';
/** In the block of what was learned (assembly/search/locations.ts): a task asked for its own number. */
const NUMBERS_KNOWN = 0x120000 + 20;

function searchOf(
  artefact: ModelArtefact,
  scene: string,
  visited: Visited,
  more: { reduce?: boolean; bounds?: SearchBounds } = {},
): Search {
  return new Search({
    artefact,
    configuration: { scene },
    limits: LIMITS,
    visited,
    pathBytes: 1 << 20,
    reduce: more.reduce ?? false,
    costly: false,
    bounds: more.bounds ?? UNBOUNDED,
  });
}

/** To its end; answers the states. */
function exhaust(search: Search): number {
  search.learn();
  search.start();
  while (search.run(1000) === 'more');
  return search.states;
}

describe('a search whose work is shared', () => {
  it('visits every state once, whoever comes to it', async () => {
    const artefact = await modelAt(TOY, 'exact');
    const alone = exhaust(searchOf(artefact, 'three', Visited.create(17, false)));
    const visited = Visited.create(17, false);
    const team = [0, 1, 2].map(() => searchOf(artefact, 'three', new Visited(visited.memory)));
    const [first, ...others] = team;
    if (!first) throw new Error('no search');
    for (const search of team) search.start();
    // The others begin with nothing: the state that all of them start from is the first one's.
    const busy = new Set<Search>([first]);
    let shared = 0;
    while (busy.size > 0) {
      for (const search of busy) if (search.run(200) === 'finished') busy.delete(search);
      for (const idle of others) {
        if (busy.has(idle)) continue;
        const giver = [...busy].find((search) => search !== idle);
        const path = giver?.share();
        if (!path) continue;
        expect(idle.adopt(path)).toBe(true);
        busy.add(idle);
        shared++;
      }
    }
    expect(shared).toBeGreaterThan(2);
    expect(team.reduce((sum, search) => sum + search.states, 0)).toBe(alone);
    expect(others.every((search) => search.states > 0)).toBe(true);
  });

  it('goes on in another search from its path and its keys', async () => {
    const artefact = await modelAt(TOY, 'exact');
    const alone = exhaust(searchOf(artefact, 'three', Visited.create(17, false)));
    const before = Visited.create(16, false);
    const first = searchOf(artefact, 'three', before);
    first.start();
    for (let slices = 0; slices < 20; slices++) first.run(1000);
    const after = Visited.create(14, false);
    const second = searchOf(artefact, 'three', after);
    second.start();
    after.clear(14, false);
    after.load(before.keys(), 17);
    expect(second.adopt(first.path())).toBe(true);
    while (second.run(1000) === 'more');
    // `start` has counted the first state for both.
    expect(first.states + second.states - 1).toBe(alone);
  });
});

describe('what one search has learned, taught to another', () => {
  it('says that equal tasks ask for their numbers, so that they do not stand for each other', async () => {
    const artefact = await modelAt('test/models/kit-rcu.ts', 'exact');
    const whole = exhaust(searchOf(artefact, 'rcu-two', Visited.create(14, false)));
    /** Events of a pass with this knowledge, and its states. */
    const pass = (learned?: Uint8Array): { search: Search; events: Set<string>; states: number } => {
      const search = searchOf(artefact, 'rcu-two', Visited.create(14, false), { reduce: true });
      if (learned) search.teach(learned);
      const events = new Set<string>();
      search.start();
      for (let event = ''; event !== 'finished' && event !== 'restart'; events.add(event)) event = search.run(1_000);
      return { search, events, states: search.states };
    };
    let last = pass();
    expect([...last.events]).toContain('restart');
    while (last.events.has('restart')) last = pass(last.search.learned());
    const learned = last.search.learned();
    const again = pass(learned);
    expect([...again.events]).toEqual([...last.events]);
    expect(again.states).toBe(last.states);
    expect(again.states).toBeLessThanOrEqual(whole);
    // The same without that word: the pass takes readers for equal, and finds out.
    const fewer = learned.slice();
    expect(fewer[NUMBERS_KNOWN]).toBe(1);
    fewer[NUMBERS_KNOWN] = 0;
    expect([...pass(fewer).events]).toContain('restart');
  });
});

describe('the set of visited states', () => {
  it('keeps what it has when it grows', () => {
    const visited = Visited.create(10, false);
    const add = visited.imports.add as (key: bigint) => number;
    const keys = Array.from({ length: 700 }, (_, i) => (BigInt(i + 1) * 0x9e3779b97f4a7c15n) % (1n << 63n));
    for (const key of keys) expect(add(key)).toBe(1);
    for (let i = 0; i < 100; i++) add((BigInt(i + 1) * 0x1234567887654321n) % (1n << 63n));
    expect(add(77n << 32n)).toBe(-1);
    visited.grow(12);
    for (const key of keys) expect(add(key)).toBe(0);
    expect(add(77n << 32n)).toBe(1);
  });

  it('never calls a visited state new when it keeps bits only', () => {
    const visited = Visited.create(8, true);
    const add = visited.imports.add as (key: bigint) => number;
    const keys = Array.from({ length: 2000 }, (_, i) => (BigInt(i + 1) * 0x9e3779b97f4a7c15n) % (1n << 63n));
    const fresh = keys.filter((key) => add(key) === 1).length;
    expect(fresh).toBeGreaterThan(1500);
    for (const key of keys) expect(add(key)).toBe(0);
  });
});

describe('scouting passes', () => {
  const EXHAUST = 'bench/models/exhaust.ts';
  /** Passes until one has met nothing new; what the last one has. */
  async function passes(scouts: boolean): Promise<{ count: number; states: number; findings: number }> {
    const artefact = await modelAt(EXHAUST, 'exact');
    const visited = Visited.create(20, false);
    const search = new Search({
      // Keys do not depend on which leaks are known when.
      ...{ artefact, limits: LIMITS, visited, reduce: true, costly: false, bounds: UNBOUNDED, shared: true },
      configuration: { design: 'racy', scene: 'bind' },
      pathBytes: 1 << 24,
    });
    // Without random runs there is more to find out.
    if (scouts) await scout(search, visited, 20, new AbortController().signal);
    for (let count = 1, findings = 0; ; ) {
      const event = search.run(20_000);
      if (event === 'finding') findings += search.violations().length;
      if (event === 'finished' && count > 1) return { count: count - 1, states: search.states, findings };
      if (event === 'restart' || event === 'finished' || count === 1) {
        count++;
        visited.clear(20, false);
        search.start();
      }
    }
  }

  it('save passes, change neither states nor findings, and tell none themselves', async () => {
    const [with_, without] = [await passes(true), await passes(false)];
    expect(with_.count).toBeLessThan(without.count / 2);
    expect(with_.states).toBe(without.states);
    expect(with_.findings).toBe(without.findings);
  }, 120_000);

  it('end at an interrupt', async () => {
    const artefact = await modelAt(EXHAUST, 'exact');
    const visited = Visited.create(14, false);
    const search = searchOf(artefact, 'locks', visited, { reduce: true });
    await scout(search, visited, 14, AbortSignal.abort());
    expect(search.transitions).toBe(0);
  });
});

describe('equal events', () => {
  it('share what is learned: of this scene one pass is void, where each of its drivers must show all by itself two are', async () => {
    const artefact = await modelAt('bench/models/exhaust.ts', 'exact');
    const visited = Visited.create(18, false);
    const configuration = { design: 'racy', scene: 'bind' };
    const rest = { limits: LIMITS, reduce: true, costly: false, bounds: UNBOUNDED, pathBytes: 1 << 24 };
    const search = new Search({ artefact, configuration, visited, ...rest });
    search.learn();
    search.start();
    let voided = 0;
    for (let event = search.run(20_000); event !== 'finished'; event = search.run(20_000)) {
      if (event === 'finding') search.violations();
      if (event !== 'restart') continue;
      voided++;
      visited.clear(18, false);
      search.start();
    }
    expect(voided).toBe(1);
  });
});
