/** The ways to verify: with bounds, in bits, with the costly oracles, interrupted and resumed; and what each may say. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { HeddleError } from '../../src/errors.js';
import { Executor } from '../../src/executor/executor.js';
import { type VerifyOptions, type VerifyResult, verify } from '../../src/verify/verify.js';
import { size } from '../support/size.js';
import { Violations } from '../../src/verify/violations.js';
import { modelAt } from '../support/models.js';

async function run(
  path: string,
  more: Partial<VerifyOptions> = {},
  signal = new AbortController().signal,
  progress: () => void = () => {},
): Promise<VerifyResult> {
  const base = { design: '', scene: '', options: {}, oracles: null, reduce: true, all: true };
  const limits = { memoryBytes: 64 << 20, stepLimit: 2_000, fuelLimit: 1 << 16 };
  const artefacts = { exact: await modelAt(path, 'exact'), fast: await modelAt(path) };
  return verify({ ...artefacts, ...base, ...limits, ...more }, progress, signal);
}

describe('bounds', () => {
  it('are said to be bounds: without a preemption abba does not fail, with one it does', async () => {
    const bounds = { preemptions: 0, depth: null };
    const none = await run('examples/abba.ts', { design: 'abba', bounds });
    expect([none.verdict, none.exhausted]).toEqual(['bounded', true]);
    const one = await run('examples/abba.ts', { design: 'abba', bounds: { preemptions: 1, depth: null } });
    expect(one.records.map((r) => r.kind)).toEqual(['deadlock']);
  });

  it('are not mentioned when nothing lies beyond them', async () => {
    const bounds = { preemptions: 50, depth: 1000 };
    expect((await run('examples/bank.ts', { design: 'locked', bounds })).verdict).toBe('verified');
    const shallow = await run('examples/bank.ts', {
      design: 'locked',
      reduce: false,
      bounds: { preemptions: null, depth: 3 },
    });
    expect(shallow.verdict).toBe('bounded');
  });
});

describe('the fewest preemptions', () => {
  it.each([
    ['examples/abba.ts', 'abba', 1],
    ['examples/bank.ts', 'racy', 1],
  ])('%s %s: %i, and it is proved that fewer do not', async (path, design, preemptions) => {
    const { records, fewest } = await run(path, { design, all: false, fewest: true });
    expect(records.map((r) => r.preemptions)).toEqual([preemptions]);
    expect(Object.values(fewest)).toEqual([true]);
  });
});

describe('bitstate', () => {
  it('finds what there is and proves nothing', async () => {
    const racy = await run('examples/bank.ts', { design: 'racy', bitstate: true, memoryBytes: 1 << 20 });
    expect(racy.verdict).toBe('violated');
    const locked = await run('examples/bank.ts', { design: 'locked', bitstate: true, memoryBytes: 1 << 20 });
    expect([locked.verdict, locked.exhausted]).toEqual(['incomplete', false]);
    expect(locked.cut).toMatch(/bits/);
  });
});

/** Their names say it: a twin is correct, the others show the kind that they are named after. */
describe.each(['test/models/races.ts', 'test/models/oracles.ts'])('with the costly oracles, %s', (path) => {
  it('every canary is found, every twin is verified; beyond the default size without reduction as well', async () => {
    const { scenes } = Executor.describe(await modelAt(path));
    for (const { name } of scenes) {
      // Counting for ever has as many states as there are numbers.
      const ways = name.endsWith('step-limit') || size().name === 'default' ? [true] : [true, false];
      for (const reduce of ways) {
        const result = await run(path, { scene: name, reduce, costly: true });
        const kinds = result.records.map((r) => r.kind).filter((kind) => kind !== 'leak');
        if (name.endsWith('-twin')) expect([name, kinds]).toEqual([name, []]);
        else expect([name, kinds.length > 0]).toEqual([name, true]);
        const kind = /^(data-race|lock-order|lockset|livelock|starvation)/.exec(name)?.[1];
        if (kind && !/twin|step-limit/.test(name)) expect(kinds, name).toContain(kind);
      }
    }
  }, 120_000);
});

/** The first violation ends a search, so these were found by it and not in the schedules that are sampled at its end. */
describe('data races of accesses to more or less than one cell', () => {
  it.each(['wide', 'wide-copy', 'wide-fill', 'byte'])('%s', async (name) => {
    const path = 'test/models/races.ts';
    const { records, exhausted } = await run(path, { scene: `data-race-${name}`, costly: true, all: false });
    expect([records.map((r) => r.kind), exhausted]).toEqual([['data-race'], false]);
  });
});

describe('a search that is interrupted', () => {
  const scene = { scene: 'three', reduce: false } as const;

  async function inFolder(work: (file: string) => Promise<void>): Promise<void> {
    const folder = mkdtempSync(join(tmpdir(), 'heddle-verify-'));
    try {
      await work(join(folder, 'three.checkpoint'));
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }

  it('goes on until it is done, with the same number of states', async () => {
    await inFolder(async (file) => {
      const whole = await run('test/models/toy.ts', scene);
      let result: VerifyResult | undefined;
      let interrupts = 0;
      while (!result?.exhausted) {
        const controller = new AbortController();
        const checkpoint = { file, resume: interrupts > 0 };
        result = await run('test/models/toy.ts', { ...scene, checkpoint }, controller.signal, () => controller.abort());
        if (!result.exhausted) expect([result.verdict, result.checkpoint]).toEqual(['incomplete', file]);
        interrupts++;
      }
      expect(interrupts).toBeGreaterThan(2);
      expect([result.verdict, result.states, result.checkpoint]).toEqual(['verified', whole.states, '']);
    });
  });

  it('refuses a checkpoint that is damaged, missing or of another search', async () => {
    await inFolder(async (file) => {
      const resume = { file, resume: true };
      const attempt = (more: Partial<VerifyOptions>): Promise<unknown> =>
        run('test/models/toy.ts', { ...scene, checkpoint: resume, ...more }).catch((error: unknown) => error);
      expect(await attempt({})).toMatchObject({ code: 'HDL_USAGE' });
      const controller = new AbortController();
      await run('test/models/toy.ts', { ...scene, checkpoint: { file, resume: false } }, controller.signal, () =>
        controller.abort(),
      );
      expect(await attempt({ reduce: true })).toMatchObject({ code: 'HDL_SCHEDULE_MODEL' });
      const bytes = readFileSync(file);
      for (const damage of [
        bytes.subarray(0, bytes.length - 9),
        Buffer.concat([bytes, Buffer.from('x')]),
        Buffer.from('junk'),
      ]) {
        writeFileSync(file, damage);
        expect(await attempt({})).toBeInstanceOf(HeddleError);
      }
    });
  });
});

describe('orders of locks that different threads have met', () => {
  it('are put together', async () => {
    const path = 'test/models/oracles.ts';
    const configuration = { scene: 'lock-order-apart' };
    const artefact = await modelAt(path);
    const first = Executor.create({ artefact, configuration }).sceneSchedule();
    const second = { ...first, deviations: [{ task: 0, step: 0, target: 1 }] };
    const kinds = (orders: (typeof first)[]): string[] => {
      const violations = new Violations(
        { artefact, configuration },
        { costly: true, liveness: false, oracles: null, known: new Set<string>() },
      );
      for (const schedule of orders) violations.learnOrder(schedule);
      violations.mergeOrders();
      return violations.all.map((r) => r.kind);
    };
    expect([kinds([first]), kinds([second])]).toEqual([[], []]);
    expect(kinds([first, second])).toEqual(['lock-order']);
  });
});

describe('several threads', () => {
  it('judge with the costly oracles as one does', async () => {
    const scene = { scene: 'locks', design: 'racy', costly: true };
    const [one, two] = [
      await run('bench/models/exhaust.ts', scene),
      await run('bench/models/exhaust.ts', { ...scene, jobs: 2, helpersAfterMs: 0 }),
    ];
    expect([two.exhausted, two.verdict, two.threads]).toEqual([one.exhausted, one.verdict, 2]);
    expect(two.records.map((r) => r.bucket).sort()).toEqual(one.records.map((r) => r.bucket).sort());
  }, 60_000);

  it('visit as many states as one', async () => {
    const path = 'bench/models/exhaust.ts';
    const scene = { scene: 'locks', design: 'racy' };
    const [one, two] = [
      await run(path, { ...scene, reduce: false }),
      await run(path, { ...scene, reduce: false, jobs: 2, helpersAfterMs: 0 }),
    ];
    expect([two.exhausted, two.verdict, two.states]).toEqual([one.exhausted, one.verdict, one.states]);
    expect(two.threads).toBe(2);
  }, 60_000);

  it.runIf(size().name !== 'default')(
    'visit as many states as one where freed memory is read',
    async () => {
      const scene = { scene: 'bind', design: 'racy', memoryBytes: 256 << 20, reduce: false };
      const one = await run('bench/models/exhaust.ts', scene);
      const two = await run('bench/models/exhaust.ts', { ...scene, jobs: 2 });
      expect([two.exhausted, two.cut, two.states, two.transitions]).toEqual([true, '', one.states, one.transitions]);
    },
    240_000,
  );

  it('visit as many states as one where freed memory is read, in a small scene', async () => {
    const scene = { scene: 'reads', reduce: false };
    const one = await run('test/models/stale.ts', scene);
    const two = await run('test/models/stale.ts', { ...scene, jobs: 2, helpersAfterMs: 0 });
    expect([two.exhausted, two.cut, two.states, two.transitions]).toEqual([true, '', one.states, one.transitions]);
  });

  it('find what one finds; with reduction the number of states depends on what was learned first', async () => {
    // Long enough for a helper to do its part.
    const scene = { scene: 'bind', design: 'racy', memoryBytes: 256 << 20 };
    const [one, two] = [
      await run('bench/models/exhaust.ts', scene),
      await run('bench/models/exhaust.ts', { ...scene, jobs: 2, helpersAfterMs: 0 }),
    ];
    expect([two.exhausted, two.verdict, two.threads]).toEqual([one.exhausted, one.verdict, 2]);
    expect(two.records.map((r) => r.bucket).sort()).toEqual(one.records.map((r) => r.bucket).sort());
  }, 240_000);
});
