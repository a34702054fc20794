/** What the designs of the IOMMU model differ in, on the scene walk-client: every schedule where that can be covered, else random ones. */
import { beforeAll, describe, expect, it } from 'vitest';
import { MEMORY_KINDS } from '../../src/campaign/types.js';
import { analyseFinding } from '../../src/findings/analyse.js';
import { bucketOf } from '../../src/findings/place.js';
import type { VerifyResult } from '../../src/verify/verify.js';
import { executorOf, modelAt } from '../support/models.js';
import { searched } from '../support/searched.js';
import { randomRun } from '../support/schedules.js';

const MODEL = 'assembly/models/iommu/index.ts';
const SCENE = 'walk-client';
const DESIGNS = ['v6.1', 'v6.6', 'v6.7', 'decoupled', 'xlate-helper', 'ask-every-driver', 'v6.15'];

beforeAll(async () => {
  await Promise.all([modelAt(MODEL), modelAt(MODEL, 'exact')]);
}, 300_000);

type Options = Readonly<Record<string, number>>;

async function everySchedule(design: string, options: Options = {}): Promise<VerifyResult> {
  const result = await searched((flavour) => modelAt(MODEL, flavour), { design, scene: SCENE, options });
  expect([result.exhausted, result.cut], design).toEqual([true, '']);
  expect(result.states, design).toBeGreaterThan(300);
  return result;
}

/** Symptoms of the findings of random schedules. */
async function symptoms(design: string, runs: number, options: Options = {}, scene = SCENE): Promise<Set<string>> {
  const executor = await executorOf(MODEL, { design, scene, options });
  const found = new Set<string>();
  const seen = new Set<string>();
  for (let seed = 1; seed <= runs; seed++) {
    const { recorded } = randomRun(executor, seed);
    for (const raw of executor.run(recorded).findings) {
      const bucket = bucketOf(raw, executor.manifest);
      if (seen.has(bucket)) continue;
      seen.add(bucket);
      found.add(analyseFinding(executor, recorded, bucket).symptom);
    }
  }
  return found;
}

describe('the designs of the IOMMU model', () => {
  it('are declared in the order of their history', async () => {
    const { declarations } = await executorOf(MODEL);
    expect(declarations.designs.map(({ name }) => name)).toEqual(DESIGNS);
  });

  it.each(DESIGNS)('%s: in order, nothing is wrong', async (design) => {
    const executor = await executorOf(MODEL, { design, scene: SCENE });
    const { events } = executor.sceneSchedule();
    for (const order of [events, [...events].reverse()]) {
      expect(executor.run({ events: order, deviations: [], choices: [] }).findings).toEqual([]);
    }
  });

  it('v6.1 shows S1, S2, S3 and S4: nothing keeps two probes of a device apart', async () => {
    expect([...(await symptoms('v6.1', 2_000))]).toEqual(expect.arrayContaining(['S1', 'S2', 'S3', 'S4']));
  }, 60_000);

  it('v6.6 shows S1, S3 and S4, and S2 in no schedule: its mutex covers the probe only', async () => {
    const found = (await everySchedule('v6.6')).records.map(({ symptom }) => symptom);
    expect(found).toEqual(expect.arrayContaining(['S1', 'S3', 'S4']));
    expect(found).not.toContain('S2');
  }, 60_000);

  it('v6.7 shows none of them in any schedule', async () => {
    const { records } = await everySchedule('v6.7');
    const found = records.map(({ symptom }) => symptom);
    for (const symptom of ['S1', 'S2', 'S3', 'S4']) expect(found).not.toContain(symptom);
    expect(found).toContain('late-domain');
  }, 60_000);

  it.each(['decoupled', 'xlate-helper', 'ask-every-driver'])(
    '%s: nothing is wrong in any schedule',
    async (design) => {
      expect((await everySchedule(design)).records).toEqual([]);
    },
    60_000,
  );

  it('v6.15 shows none of them; it looks at a driver that came between two reads of dev->driver', async () => {
    const { records } = await everySchedule('v6.15');
    const found = records.map(({ symptom }) => symptom);
    for (const symptom of ['S1', 'S2', 'S3', 'S4']) expect(found).not.toContain(symptom);
    const memory = records.filter(({ kind }) => MEMORY_KINDS.includes(kind)).map(({ title }) => title);
    expect(memory).toEqual([expect.stringContaining('driver_managed_dma')]);
  }, 60_000);
});

describe('what a design shows beyond walk-client', () => {
  it('v6.15 drops its mutex in the middle of a probe, so two walks probe a device twice: S2', async () => {
    expect([...(await symptoms('v6.15', 4_000, {}, 'walk-walk'))]).toContain('S2');
    expect([...(await symptoms('v6.7', 1_000, {}, 'walk-walk'))]).not.toContain('S2');
  }, 60_000);

  /** Has a run without preemptions, in either order of the events, a client whose IDs are not firmware's? */
  async function losesIds(design: string, scene: string, options: Options): Promise<boolean> {
    const executor = await executorOf(MODEL, { design, scene, options });
    const { events } = executor.sceneSchedule();
    return [events, [...events].reverse()].some((order) =>
      executor
        .run({ events: order, deviations: [], choices: [] })
        .findings.some(({ kind, message }) => kind === 'invariant' && /IDs|fwspec/.test(message)),
    );
  }

  it('decoupled lends dev->iommu to a driver with of_xlate at each bind, and a rebind loses the fwspec', async () => {
    expect(await losesIds('decoupled', 'rebind-bind', { 'legacy-xlate': 1 })).toBe(true);
    expect(await losesIds('decoupled', 'rebind-bind', {})).toBe(false);
    expect(await losesIds('v6.7', 'rebind-bind', { 'legacy-xlate': 1 })).toBe(false);
  });

  it('v6.15 keeps half of a fwspec that ACPI could not fill', async () => {
    expect(await losesIds('v6.15', 'two-specifiers', { firmware: 1 })).toBe(true);
    expect(await losesIds('v6.15', 'two-specifiers', {})).toBe(false);
  });
});

describe('the probe mutex, option probe-mutex', () => {
  const AROUND_THE_PROBE = { 'probe-mutex': 1 };

  it('v6.7 without it in the firmware path shows what v6.6 shows', async () => {
    expect([...(await symptoms('v6.7', 4_000, AROUND_THE_PROBE))]).toEqual(expect.arrayContaining(['S1', 'S3', 'S4']));
  }, 60_000);

  it('decoupled does not need it there, but for drivers that keep of_xlate', async () => {
    expect((await everySchedule('decoupled', AROUND_THE_PROBE)).records).toEqual([]);
    const legacy = { ...AROUND_THE_PROBE, 'legacy-xlate': 1 };
    expect([...(await symptoms('decoupled', 4_000, legacy))]).toEqual(expect.arrayContaining(['S1', 'S3']));
  }, 60_000);

  it.each(['v6.6', 'v6.7', 'decoupled', 'v6.15'])(
    '%s without it at all probes devices twice: S2',
    async (design) => {
      expect([...(await symptoms(design, 4_000, { 'probe-mutex': 0 }))]).toContain('S2');
    },
    60_000,
  );
});

describe('what the designs cost', () => {
  /** The instance's own device is bound, too; firmware names no IOMMU for it. */
  const INSTANCE_SCANS = 1;

  /** Counters of a run without preemptions. */
  async function cost(design: string, scene: string, options: Options = {}): Promise<ReadonlyMap<string, number>> {
    const executor = await executorOf(MODEL, { design, scene, options });
    const { events } = executor.sceneSchedule();
    expect(executor.run({ events: [...events].reverse(), deviations: [], choices: [] }).findings).toEqual([]);
    return executor.counters();
  }

  it.each([
    ['v6.6', {}, 2],
    ['v6.7', {}, 2],
    ['decoupled', {}, 2],
    ['xlate-helper', {}, 3],
    ['xlate-helper', { 'pinf-cache': 1 }, 2],
  ] as const)('%s %o reads firmware %i times for a bind that is deferred once', async (design, options, scans) => {
    const client = ((await cost(design, SCENE, options)).get('firmware scans') ?? 0) - INSTANCE_SCANS;
    expect(client).toBe(scans);
  });

  it('decoupled reads firmware at each bind, v6.7 at the first only', async () => {
    const rebinds = async (design: string): Promise<number | undefined> =>
      (await cost(design, 'rebind-bind')).get('firmware scans');
    const [series, lock] = [await rebinds('decoupled'), await rebinds('v6.7')];
    expect(series).toBeGreaterThan(lock ?? 0);
  });
});
