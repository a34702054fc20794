/** The mutation check on the examples: every removal is noticed, or the reason why not is known. */
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { buildModel } from '../../src/build/index.js';
import { MEMORY_KINDS } from '../../src/campaign/types.js';
import { DEFAULT_LIMITS, Executor } from '../../src/executor/executor.js';
import { FINDING_KINDS } from '../../src/executor/types.js';
import { fuzzLook } from '../../src/mutate/fuzz.js';
import { listRemovals, type Removal } from '../../src/mutate/mutants.js';
import { type MutateOptions, type MutateResult, mutate } from '../../src/mutate/run.js';
import { siteKey } from '../../src/schedule/site.js';
import { heddle } from '../cli/run.js';
import { modelAt } from '../support/models.js';
import { temporaryFolder } from '../support/temporary.js';

const never = new AbortController().signal;

async function check(
  path: string,
  design: string,
  scenes: readonly string[],
  more: Partial<MutateOptions> = {},
): Promise<MutateResult> {
  const entry = resolve(path);
  const whole = await modelAt(path, 'exact');
  return mutate(
    {
      build: async (without) => (without.length === 0 ? whole : buildModel(entry, { flavour: 'exact', without })),
      removals: listRemovals(whole.manifest),
      design,
      scenes,
      options: {},
      oracles: FINDING_KINDS,
      memoryBytes: 16 << 20,
      maxTimeMs: 20_000,
      maxExecutions: 2_000,
      limits: DEFAULT_LIMITS,
      ...more,
    },
    () => {},
    never,
  );
}

const nameOf = (r: Removal): string => `${r.kind}: ${r.operation} in ${r.function}`;

/** By removal, the outcome in each scene and what noticed it. */
function table(result: MutateResult): Record<string, string[]> {
  return Object.fromEntries(
    result.mutants.map(({ removal, judgements }) => [
      `${nameOf(removal)} :${removal.line}`,
      judgements.map((j) => (j.outcome === 'noticed' ? `noticed by ${j.kind}` : j.outcome)),
    ]),
  );
}

describe('the examples', () => {
  it('bank, locked: the lock is noticed', async () => {
    const result = await check('examples/bank.ts', 'locked', ['two-transfers']);
    expect(result.baselines).toEqual([
      { scene: 'two-transfers', verdict: 'verified', states: expect.any(Number), known: [] },
    ]);
    expect(Object.values(table(result))).toEqual([['noticed by invariant']]);
    expect(result.mutants[0]?.judgements[0]?.by).toBe('invariant “no money is lost”');
  });

  it('bank, racy: what is noticed in the model itself does not notice anything', async () => {
    const result = await check('examples/bank.ts', 'racy', ['two-transfers']);
    expect(result.baselines[0]?.known).toContain('invariant “no money is lost”');
    expect(result.mutants.map((m) => m.outcome)).not.toContain('noticed');
  });

  it('abba, ordered: each lock alone goes unnoticed, because the other protects the counter; both together do not', async () => {
    const result = await check('examples/abba.ts', 'ordered', ['opposite']);
    expect(result.mutants.map((m) => [m.removal.function, m.outcome])).toEqual([
      ['forward', 'unnoticed'],
      ['forward', 'unnoticed'],
      ['backward', 'unnoticed'],
      ['backward', 'unnoticed'],
    ]);
    const without = result.mutants.filter((m) => m.removal.function === 'forward').flatMap((m) => m.removal.keys);
    const artefact = await buildModel(resolve('examples/abba.ts'), { flavour: 'exact', without });
    const look = { artefact, configuration: { design: 'ordered' }, limits: DEFAULT_LIMITS, executions: 500 };
    expect((await fuzzLook(look, new AbortController().signal)).map((s) => s.kind)).toContain('data-race');
  });

  it('double-checked, fixed: the lock is noticed; no removal makes the check fail, since it is there for the order of two stores', async () => {
    const result = await check('examples/double-checked.ts', 'fixed', ['two-users']);
    expect(result.mutants.map((m) => [m.removal.kind, m.outcome])).toEqual([
      ['lock', 'noticed'],
      ['check', 'unnoticed'],
    ]);
    expect(result.mutants[1]?.judgements[0]?.reason).toBe(
      'with each removal something else fails first, or nothing does',
    );
    const broken = await check('examples/double-checked.ts', 'broken', ['two-users']);
    expect(broken.mutants[1]?.judgements[0]?.by).toMatch(/it fails in the model itself/);
  });
});

describe('an interrupt', () => {
  it('ends the look at a scene, of which then nothing is told', async () => {
    const whole = await modelAt('examples/bank.ts', 'exact');
    const controller = new AbortController();
    const removals = listRemovals(whole.manifest);
    const options = { removals, design: 'locked', scenes: ['two-transfers'], options: {}, oracles: FINDING_KINDS };
    const bounds = { memoryBytes: 16 << 20, maxTimeMs: 20_000, maxExecutions: 1_000_000, limits: DEFAULT_LIMITS };
    const build = async () => {
      setTimeout(() => controller.abort(), 500);
      return whole;
    };
    const result = await mutate({ ...options, ...bounds, build }, () => {}, controller.signal);
    expect(result).toEqual({ baselines: [], mutants: [] });
  });

  it('is answered at once, and what is printed says so', async () => {
    let sent = false;
    const { code, stdout, stderr } = await heddle(['mutate', 'bank', '--max-execs', '1M'], {
      onStderr: (child, text) => {
        if (!sent && text.includes('to judge')) setTimeout(() => child.kill('SIGINT'), 500);
        sent ||= text.includes('to judge');
      },
    });
    expect(stderr).toMatch(/to judge\nstopping; once more to quit at once\n$/);
    expect(stdout).toMatch(/it was interrupted: the rest was not judged\n$/);
    expect(code).toBe(4);
  });
});

describe('a model with useless parts', () => {
  it('has them named, and only them', async () => {
    const result = await check('test/mutate/fixtures/useless-lock.ts', '', ['adders', 'handover']);
    expect(table(result)).toEqual({
      'lock: Mutex.lock useless in add :19': ['unnoticed', 'unreached'],
      'lock: Mutex.lock needed in add :22': ['noticed by invariant', 'unreached'],
      'wake-up: WaitQueue.wakeAll nobody in produce :30': ['unreached', 'unnoticed'],
      'wake-up: Completion.complete done in produce :31': ['unreached', 'noticed by deadlock'],
      'check: check in consume :36': ['unreached', 'unnoticed'],
      'lock: Mutex.lock needed in neverCalled :40': ['unreached', 'unreached'],
    });
    expect(result.mutants.map((m) => m.outcome)).toEqual([
      'unnoticed',
      'noticed',
      'unnoticed',
      'noticed',
      'unnoticed',
      'unreached',
    ]);
    for (const { judgements } of result.mutants) {
      for (const j of judgements)
        if (j.outcome === 'unnoticed' && j.kind !== 'none') expect(j.states).toBeGreaterThan(0);
    }
  });

  it('never says that a removal is unnoticed when the search was cut', async () => {
    const path = 'test/mutate/fixtures/useless-lock.ts';
    const { manifest } = await modelAt(path, 'exact');
    const removals = listRemovals(manifest).filter((r) => r.operation === 'Mutex.lock needed' && r.function === 'add');
    const more = { removals, memoryBytes: 1 << 15, maxExecutions: 64, oracles: MEMORY_KINDS };
    const { baselines, mutants } = await check(path, '', ['crowd'], more);
    expect(baselines.map((b) => b.verdict)).toEqual(['incomplete']);
    expect(mutants.map((m) => m.outcome)).toEqual(['undecided']);
    expect(mutants[0]?.judgements[0]?.reason).toBe('the visited set is full; 64 random schedules show nothing either');
  });
});

describe('a check', () => {
  it('is noticed if another removal is noticed by nothing else', async () => {
    const result = await check('test/mutate/fixtures/checked.ts', '', ['two']);
    expect(result.mutants.map((m) => [nameOf(m.removal), m.outcome])).toEqual([
      ['lock: Mutex.lock mutex in move', 'noticed'],
      ['lock: Mutex.lock mutex in look', 'noticed'],
      ['check: check in look', 'noticed'],
    ]);
    expect(result.mutants[2]?.judgements[0]?.by).toBe('only it notices that Mutex.lock mutex is missing');
  });
});

describe('listRemovals', () => {
  it('takes a lock out of both functions if one takes it and the other gives it back, and all its ways out', async () => {
    const { manifest } = await modelAt('test/mutate/fixtures/apart.ts', 'exact');
    const removals = listRemovals(manifest);
    expect(removals.map((r) => [r.operation, r.function, r.sites.length])).toEqual([
      ['Mutex.lock', 'enter_box, leave_box', 2],
      ['Mutex.lock', 'box_lock, box_unlock', 2],
      ['RwSem.downWrite sem', 'twoWays', 3],
    ]);
    const result = await check('test/mutate/fixtures/apart.ts', '', ['increments']);
    expect(Object.values(table(result))).toEqual([['noticed by invariant'], ['unreached'], ['unreached']]);
  });
});

describe('a model built without some calls', () => {
  it('has the same sites under another hash, and the calls do nothing', async () => {
    const entry = resolve('examples/bank.ts');
    const whole = await modelAt('examples/bank.ts');
    const [lock] = listRemovals(whole.manifest);
    const cacheDir = temporaryFolder('mutate');
    const mutant = await buildModel(entry, { cacheDir, without: lock?.keys ?? [] });
    const again = await buildModel(entry, { cacheDir, without: [...(lock?.keys ?? [])].reverse() });
    expect(mutant.manifest.sites).toEqual(whole.manifest.sites);
    expect(mutant.manifest.hash).not.toBe(whole.manifest.hash);
    expect([again.manifest.hash, again.cached]).toEqual([mutant.manifest.hash, false]);
    expect((await buildModel(entry, { cacheDir })).manifest.hash).toBe(whole.manifest.hash);
    const executor = Executor.create({ artefact: mutant, configuration: { design: 'locked' } });
    const { trace } = executor.trace(executor.sceneSchedule());
    const operations = trace.map((t) => mutant.manifest.sites[t.site]?.operation);
    expect(operations).toContain('store');
    expect(operations).not.toContain('lock');
  });

  it.each(['transfer lock Mutex #7', 'transfer load Account.balance', 'nowhere lock Mutex'])(
    'cannot be built without what is no call of the kit: %s',
    async (key) => {
      await expect(buildModel(resolve('examples/bank.ts'), { without: [key] })).rejects.toMatchObject({
        code: 'HDL_USAGE',
        message: expect.stringContaining(key),
      });
    },
  );

  it('names sites as schedules do', async () => {
    const { manifest } = await modelAt('examples/abba.ts');
    for (const { sites, keys } of listRemovals(manifest)) {
      const named = sites.map((i) => manifest.sites[i]).map((site) => (site ? siteKey(site) : ''));
      expect(named).toEqual(keys);
    }
  });
});
