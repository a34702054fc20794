/** Promise 10 of the IOMMU model: what section 0 of the facts says to be protected is written under its lock, or the lockset oracle says where not. */
import { beforeAll, describe, expect, it } from 'vitest';
import { analyseFinding } from '../../src/findings/analyse.js';
import { keyOfSite } from '../../src/findings/place.js';
import { executorOf, modelAt } from '../support/models.js';
import { randomRun } from '../support/schedules.js';
import { size } from '../support/size.js';
import { modelWithMistakes } from './mistakes.js';

const MODEL = 'assembly/models/iommu/index.ts';
const RUNS = size().name === 'soak' ? 400 : 60;
/** The designs that take the probe mutex for the firmware path as well, or keep it from touching the device. */
const KEEPING = ['v6.7', 'decoupled', 'xlate-helper', 'ask-every-driver', 'v6.15'];

beforeAll(() => modelAt(MODEL), 300_000);

interface Where {
  readonly design: string;
  readonly scene: string;
  readonly options?: Readonly<Record<string, number>>;
}

/** The functions that read dev->iommu without device_lock (S10): of what is read nobody says another lock. */
async function readers(where: Where): Promise<string[]> {
  const loads = (await accesses(where)).filter((place) => / load Device\.iommu(?: #\d+)?$/.test(place));
  return loads.map((place) => place.split(' ')[0] ?? '');
}

/**
 * Where random schedules access anything else that is protected without its lock. At stores to dev->iommu the oracle does not tell which of its two
 * locks it misses.
 */
async function unlocked(where: Where, model = MODEL): Promise<string[]> {
  return (await accesses(where, model)).filter((place) => !/ Device\.iommu(?: #\d+)?$/.test(place));
}

/** Where random schedules access what is protected without its lock. */
async function accesses({ design, scene, options = {} }: Where, model = MODEL): Promise<string[]> {
  const executor = await executorOf(model, { design, scene, options }, { build: 'oracles' });
  const places = new Set<string>();
  for (let seed = 1; seed <= RUNS; seed++) {
    for (const { kind, site } of executor.run(randomRun(executor, seed).recorded).findings) {
      if (kind === 'lockset') places.add(keyOfSite(executor.manifest, site));
    }
  }
  return [...places].sort();
}

describe('the locks of the IOMMU model', () => {
  it('v6.6 writes the fwspec from the firmware path without the probe mutex', async () => {
    expect(await unlocked({ design: 'v6.6', scene: 'walk-client' })).toEqual([
      'dev_iommu_fwspec_set store dev_iommu.fwspec',
    ]);
  });

  it.each(['v6.1', 'v6.6', ...KEEPING])(
    '%s: a walk reads dev->iommu without device_lock, which is S10',
    async (design) => {
      const where = { design, scene: 'walk-client' };
      expect(await readers(where)).toContain('dev_iommu_get');
      const executor = await executorOf(MODEL, where, { build: 'oracles' });
      const { events } = executor.sceneSchedule();
      const inOrder = { events, deviations: [], choices: [] };
      const raw = executor.run(inOrder).findings.find(({ kind }) => kind === 'lockset');
      expect(raw && analyseFinding(executor, inOrder, raw).symptom).toBe('S10');
    },
  );

  it.each(['v6.1', 'v6.6', 'v6.7'])(
    '%s: the firmware path holds it where bus code calls, and not where driver code does',
    async (design) => {
      expect(await readers({ design, scene: 'walk-client' })).not.toContain('dev_iommu_fwspec_get');
      expect(await readers({ design, scene: 'open-coded-after' })).toContain('dev_iommu_fwspec_get');
    },
  );

  it.each(KEEPING)('%s: whoever writes them holds it, and without it the oracle speaks', async (design) => {
    expect(await unlocked({ design, scene: 'walk-client' })).toEqual([]);
    expect(await unlocked({ design, scene: 'rebind-claim' })).toEqual([]);
    expect(await unlocked({ design, scene: 'walk-client', options: { 'probe-mutex': 0 } })).not.toEqual([]);
  });

  it.each(['v6.6', ...KEEPING])('%s: the release of a device takes neither lock (2.7)', async (design) => {
    const where = { design, scene: 'remove-bind-registered' };
    expect(await accesses(where)).toContain('dev_iommu_free store Device.iommu');
  });

  it('unregistering an instance gives up its only group without the probe mutex', async () => {
    const where = { design: 'v6.7', scene: 'grid-E4-E7', options: { profile: 5 } };
    expect(await unlocked(where)).toContain('iommu_put_singleton_group store iommu_device.singleton_group');
  });

  it('groups, drivers and the DMA mode of v6.15 are written under their locks; a copy without them is caught', async () => {
    const clean = { design: 'v6.15', scene: 'grid-E5-E9' };
    expect(await unlocked(clean)).toEqual([]);
    const places = await unlocked(clean, await modelWithMistakes());
    expect(places).toEqual(
      expect.arrayContaining([
        'really_probe store Device.driver',
        'iommu_change_default_domain store iommu_group.default_domain',
        'iommu_setup_dma_ops store Device.dma_ops',
      ]),
    );
  }, 300_000);
});
