/** Each promise of section 11 that is tested by name: a design and a scene that break it, and, where there is one, a twin that keeps it. */
import { beforeAll, describe, expect, it } from 'vitest';
import { executorOf, modelAt } from '../support/models.js';
import { randomRun } from '../support/schedules.js';
import { modelWithMistakes } from './mistakes.js';

const MODEL = 'assembly/models/iommu/index.ts';
const RUNS = 500;

beforeAll(() => modelAt(MODEL), 300_000);

/** What is broken: beginning of its name, then where, and the design that keeps it there. */
const BROKEN: readonly (readonly [
  name: string,
  where: { design: string; scene: string; options?: Record<string, number> },
  keptBy: string,
])[] = [
  ['1: references to nodes', { design: 'v6.6', scene: 'deferral' }, 'v6.7'],
  ['1: references to modules', { design: 'v6.1', scene: 'walk-client' }, 'v6.6'],
  [
    '1: references to the devices of instances',
    { design: 'v6.7', scene: 'two-specifiers', options: { profile: 3 } },
    'xlate-helper',
  ],
  [
    '1: a configuration that succeeds keeps no reference',
    { design: 'v6.7', scene: 'deferral', options: { profile: 3 } },
    'xlate-helper',
  ],
  ['1: a store to dev->iommu', { design: 'v6.6', scene: 'walk-client' }, 'v6.7'],
  ['2: a device is probed once', { design: 'v6.1', scene: 'walk-client' }, 'v6.6'],
  ['2: only a device that was probed', { design: 'v6.1', scene: 'open-coded-unbind' }, 'v6.7'],
  ['3: the domain of a bound client', { design: 'v6.7', scene: 'two-specifiers' }, 'xlate-helper'],
  ['3: the domain of a device that its driver manages', { design: 'v6.7', scene: 'grid-E9-E10' }, ''],
  ['3: the domain of a device that its driver manages', { design: 'v6.15', scene: 'release-register' }, 'xlate-helper'],
  ['3: attach callbacks of one group', { design: 'v6.15', scene: 'group-bind', options: { kdump: 1 } }, ''],
  ['3: the DMA mode of a bound client', { design: 'v6.7', scene: 'grid-E3-E7', options: { profile: 6 } }, ''],
  ['3: the DMA mode is that of a domain', { design: 'v6.15', scene: 'unregister-bind' }, 'v6.7'],
  ['3: the DMA mode is still', { design: 'v6.7', scene: 'grid-E9-E10' }, ''],
  ['3: map and unmap', { design: 'v6.7', scene: 'grid-E3-E7', options: { profile: 6 } }, ''],
  ['3: every member translates', { design: 'v6.1', scene: 'walk-client' }, 'v6.6'],
  ['4: a bind waits for the only', { design: 'v6.6', scene: 'walk-client', options: { bus: 4 } }, ''],
  ['4: a bind waits for the instances', { design: 'v6.7', scene: 'two-specifiers' }, 'xlate-helper'],
  ['4: a device whose driver is probed is in a group', { design: 'v6.6', scene: 'walk-client' }, 'decoupled'],
  ['4: a device whose driver is probed is claimed by', { design: 'ask-every-driver', scene: 'grid-E1-E11' }, 'v6.7'],
  ['4: a device whose driver is probed has a default domain', { design: 'v6.6', scene: 'walk-client' }, 'decoupled'],
  [
    '4: a device whose driver is probed has its fwspec',
    { design: 'decoupled', scene: 'rebind-bind', options: { profile: 5 } },
    'v6.7',
  ],
  [
    '4: a device whose driver is probed has each ID',
    { design: 'decoupled', scene: 'rebind-bind', options: { profile: 3 } },
    'v6.7',
  ],
  [
    '4: a device whose driver is probed has the IDs',
    { design: 'v6.6', scene: 'two-specifiers-first', options: { firmware: 1 } },
    'xlate-helper',
  ],
  ['4: a device of one instance whose driver', { design: 'v6.6', scene: 'walk-client-two-ids' }, 'v6.7'],
  ['4: what probe_device read', { design: 'v6.6', scene: 'walk-client' }, 'v6.7'],
  [
    '4: a device that was accepted for its priv',
    { design: 'v6.6', scene: 'walk-client-two-ids', options: { profile: 3 } },
    'v6.7',
  ],
  [
    '4: the property that probe_device read',
    { design: 'v6.15', scene: 'walk-add-bind', options: { bus: 1, 'late-quirk': 1 } },
    '',
  ],
  [
    '4: a grouped device has its fwspec',
    { design: 'decoupled', scene: 'rebind-bind', options: { profile: 5 } },
    'v6.7',
  ],
  ['4: a grouped device has each ID', { design: 'decoupled', scene: 'rebind-bind', options: { profile: 3 } }, 'v6.7'],
  ['4: a grouped device of one instance', { design: 'v6.6', scene: 'walk-client-two-ids' }, 'v6.7'],
  ['4: a grouped device has the IDs', { design: 'v6.7', scene: 'two-specifiers' }, 'xlate-helper'],
  [
    '4: a grouped device that was accepted for its priv',
    { design: 'v6.7', scene: 'two-specifiers-first', options: { profile: 3 } },
    'xlate-helper',
  ],
  ['5: ', { design: 'v6.7', scene: 'two-specifiers' }, 'xlate-helper'],
  ['6: a device whose instances', { design: 'v6.7', scene: 'walk-add' }, 'v6.15'],
  ['6: no device is in two groups', { design: 'v6.1', scene: 'walk-client' }, 'v6.6'],
  ['6: groups are those', { design: 'v6.7', scene: 'aliases-bridge' }, 'v6.15'],
  ['6: a device is claimed', { design: 'ask-every-driver', scene: 'grid-E1-E11' }, 'v6.7'],
  ['6: ACS is on', { design: 'v6.7', scene: 'aliases-bind', options: { acs: 1 } }, ''],
  ['7: ', { design: 'v6.15', scene: 'walk-walk' }, 'v6.7'],
  ['8: a failed configuration leaves no dev->iommu', { design: 'v6.7', scene: 'open-coded-host1x' }, 'decoupled'],
  [
    '8: a failed configuration leaves no priv',
    { design: 'v6.7', scene: 'open-coded-host1x', options: { profile: 3 } },
    'xlate-helper',
  ],
  ['11: direct mappings', { design: 'v6.1', scene: 'walk-client', options: { 'direct-regions': 1 } }, 'v6.7'],
  ['11: a default domain', { design: 'v6.15', scene: 'group-types' }, 'v6.7'],
  ['12: v6.15 warns', { design: 'v6.15', scene: 'walk-client' }, ''],
  ['12: no domain is left', { design: 'v6.15', scene: 'open-coded-after' }, 'v6.7'],
  ['12: a group is emptied', { design: 'v6.15', scene: 'unregister-bind' }, ''],
  ['12: owner_cnt is 0', { design: 'v6.7', scene: 'grid-E3-E7', options: { profile: 6 } }, ''],
];

/** Broken by the edited model, and in which scene. */
const BROKEN_BY_MISTAKE: readonly (readonly [name: string, scene: string])[] = [
  ['1: references to devices', 'grid-E8-E8'],
  ['1: references to groups', 'rebind-bind'],
  ['9: ', 'deferral'],
  ['11: a default domain', 'walk-client'],
];

interface Where {
  readonly scene: string;
  readonly options?: Record<string, number>;
}

const names = new Map<string, Promise<Set<string>>>();

/** What is broken in a scene of a design. Several promises are broken, or kept, in the same one: it is run once. */
function namesIn(design: string, { scene, options = {} }: Where, model = MODEL): Promise<Set<string>> {
  const key = JSON.stringify([model, design, scene, options]);
  const known = names.get(key) ?? run(design, { scene, options }, model);
  names.set(key, known);
  return known;
}

async function run(design: string, { scene, options = {} }: Where, model: string): Promise<Set<string>> {
  const executor = await executorOf(model, { design, scene, options });
  const found = new Set<string>();
  const { events } = executor.sceneSchedule();
  for (const order of [events, [...events].reverse()]) {
    for (const { message } of executor.run({ events: order, deviations: [], choices: [] }).findings) found.add(message);
  }
  for (let seed = 1; seed <= RUNS; seed++) {
    for (const { message } of executor.run(randomRun(executor, seed).recorded).findings) found.add(message);
  }
  return found;
}

const starting = (found: Set<string>, name: string): string[] => [...found].filter((one) => one.startsWith(name));

describe('promises', () => {
  it.each(BROKEN)('“%s…” is broken in %o', async (name, where, keptBy) => {
    expect(starting(await namesIn(where.design, where), name)).not.toEqual([]);
    if (keptBy !== '') expect(starting(await namesIn(keptBy, where), name)).toEqual([]);
  });

  it('that no design breaks are broken by a mistake in the model', async () => {
    const model = await modelWithMistakes();
    for (const [name, scene] of BROKEN_BY_MISTAKE) {
      const where = { scene, options: {} };
      expect([name, starting(await namesIn('v6.7', where, model), name).length]).toEqual([name, 1]);
      expect([name, starting(await namesIn('v6.7', where), name)]).toEqual([name, []]);
    }
  }, 300_000);

  it('tell of a link to dead memory by the read that follows it', async () => {
    const executor = await executorOf(MODEL, { design: 'ask-every-driver', scene: 'unregister-bind' });
    const places = new Set<string | undefined>();
    for (let seed = 1; seed <= RUNS; seed++) {
      for (const { site } of executor.run(randomRun(executor, seed).recorded).findings) {
        places.add(executor.manifest.sites[site]?.function);
      }
    }
    expect([...places]).toContainEqual(expect.stringMatching(/^follow</));
  });

  it('are tested by name: each declared invariant is in this table, or has its reason', async () => {
    const { declarations } = await executorOf(MODEL);
    const unbroken = declarations.invariants
      .map(({ name }) => name)
      .filter((name) => ![...BROKEN, ...BROKEN_BY_MISTAKE].some(([prefix]) => name.startsWith(prefix)));
    expect(unbroken).toEqual(['1: nothing links to dead memory']);
  });
});
