/** Names of the IOMMU model's findings: each is found where it is meant, and its twin, which looks like it, has another name. */
import { beforeAll, describe, expect, it } from 'vitest';
import { fromPortable } from '../../src/executor/portable.js';
import { analyseFinding } from '../../src/findings/analyse.js';
import { bucketOf } from '../../src/findings/place.js';
import { parseSchedule } from '../../src/schedule/text.js';
import { executorOf, modelAt } from '../support/models.js';
import { MODEL, symptomsOf } from './shows.js';

beforeAll(() => modelAt(MODEL), 300_000);

/** What a schedule shows, `symptom: title`; its text without the first two lines. */
async function shownBy(...lines: string[]): Promise<string[]> {
  const schedule = parseSchedule(['heddle-schedule 1', 'model iommu', ...lines, ''].join('\n'), 'test');
  const { design, scene, options } = schedule;
  const executor = await executorOf(MODEL, { design, scene, options });
  const { hot, dropped } = fromPortable(executor, schedule);
  expect(dropped).toEqual([]);
  const places = executor.run(hot).findings.map((raw) => bucketOf(raw, executor.manifest));
  return places
    .map((place) => analyseFinding(executor, hot, place))
    .map(({ symptom, title }) => `${symptom}: ${title}`);
}

const names = (shown: readonly string[]): string[] => [...new Set(shown.map((text) => text.split(':')[0] ?? ''))];

describe('S1, a fault in the firmware path', () => {
  it('is one whoever freed the memory: an instance that leaves while its client is bound again', async () => {
    const events = ['event rebind 0', 'event unregister 0'];
    const switches = ['switch 0 of_iommu_configure load iommu_fwspec.ops -> 1'];
    const shown = await shownBy('design v6.7', 'scene rebind-unregister', ...events, ...switches);
    expect(shown).toContain('S1: use-after-free of iommu_fwspec in of_iommu_configure (load iommu_fwspec.ops)');
  });

  it('is not one of a probe, an attach or a release', async () => {
    const walks = await symptomsOf({ design: 'v6.15', scene: 'walk-walk' }, 4_000, 'record-race');
    expect(walks).toContain('record-race');
    expect(walks).not.toContain('S1');
    for (const design of ['v6.7', 'decoupled', 'xlate-helper']) {
      const released = await symptomsOf({ design, scene: 'open-coded-after' }, 4_000, 'record-race');
      expect([...released], design).toContain('record-race');
      expect([...released], design).not.toContain('S1');
    }
  }, 120_000);
});

describe('S4, a store that overwrites another record', () => {
  it('is seen at the store', async () => {
    expect([...(await symptomsOf({ design: 'v6.6', scene: 'walk-client' }, 4_000, 'S4'))]).toContain('S4');
    expect([...(await symptomsOf({ design: 'v6.7', scene: 'walk-client' }, 4_000, 'S4'))]).not.toContain('S4');
  }, 60_000);

  it('is not each lost record: of a failing registration that frees it, the fwspec that a bind stores is lost, too', async () => {
    const lines = [
      'event register 0',
      'event bind 0',
      'switch 0 iommu_release_device load Device.iommu #1 -> 1',
      'switch 1 iommu_fwspec_init store dev_iommu.fwspec -> 0',
      'switch 0 dev_iommu_free free *3 -> 1',
      'switch 1 Design.lock_iommu_device_list lock SpinLock *2 -> 0',
      'choose 0 call_attach_dev fault = 1',
    ];
    const found = names(await shownBy('design v6.15', 'scene faults-walk-client', 'option profile 3', ...lines));
    expect(found).toContain('lost-record');
    expect(found).not.toContain('S4');
  });
});

describe('S7, what an error path does not give back', () => {
  const DART = { profile: 3 };

  it.each(['v6.7', 'decoupled', 'v6.15'])(
    '%s: takes a failure; a reference that a success keeps is another thing',
    async (design) => {
      expect(
        names(
          await shownBy(
            `design ${design}`,
            'scene walk-client',
            'option profile 3',
            'event register 0',
            'event bind 0',
          ),
        ),
      ).toEqual(['kept-reference']);
      const failed = await symptomsOf({ design, scene: 'two-specifiers-first', options: DART }, 4_000, 'S7');
      expect([...failed]).toContain('S7');
    },
    60_000,
  );

  it('xlate-helper shows neither', async () => {
    const where = { design: 'xlate-helper', scene: 'two-specifiers-first', options: DART };
    const found = await symptomsOf(where, 4_000);
    expect([...found]).not.toEqual(expect.arrayContaining(['S7']));
    expect([...found]).not.toEqual(expect.arrayContaining(['kept-reference']));
  }, 60_000);
});

describe('S8, a device of two instances', () => {
  it('is no device of one', async () => {
    const two = await symptomsOf({ design: 'v6.7', scene: 'two-specifiers-first' }, 4_000, 'S8');
    expect([...two]).toContain('S8');
    const one = await symptomsOf({ design: 'v6.7', scene: 'rebind-unregister' }, 4_000);
    expect([...one]).toContain('no-wait');
    expect([...one]).not.toContain('S8');
  }, 60_000);
});

describe('S13, a device that nobody has claimed', () => {
  it('takes its removal, in order', async () => {
    const shown = await shownBy('design v6.1', 'scene remove-bind', 'event bind 0', 'event remove 0');
    expect(names(shown)).toEqual(['S13']);
  });

  it('is none that is being claimed, and takes a removal', async () => {
    const claimed = await symptomsOf({ design: 'v6.1', scene: 'remove-register', options: { profile: 6 } }, 8_000);
    expect([...claimed]).toContain('release-race');
    expect([...claimed]).not.toContain('S13');
    expect([...(await symptomsOf({ design: 'v6.1', scene: 'walk-client' }, 8_000))]).not.toContain('S13');
  }, 120_000);
});
