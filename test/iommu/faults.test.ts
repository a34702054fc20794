/**
 * What holds after one injected error, one task at a time: the designs whose error paths are whole keep every promise, whichever call fails;
 * in the others only what their error paths leave is told.
 */
import { beforeAll, describe, expect, it } from 'vitest';
import type { Executor } from '../../src/executor/executor.js';
import { bucketOf } from '../../src/findings/place.js';
import type { HotEvent, HotSchedule } from '../../src/schedule/schedule.js';
import { executorOf, modelAt } from '../support/models.js';
import { sourcesOf } from '../edits/copies.js';
import { bodiesOf } from './bodies.js';

const MODEL = 'assembly/models/iommu/index.ts';
const SCENES = [
  'walk-client',
  'walk-walk',
  'two-specifiers',
  'aliases',
  'remove',
  'rebind',
  'open-coded',
  'deferral',
].map((theme) => `faults-${theme}`);

beforeAll(() => modelAt(MODEL), 300_000);

function orders(events: readonly HotEvent[]): HotEvent[][] {
  if (events.length < 2) return [[...events]];
  return events.flatMap((first, i) => orders(events.filter((_, k) => k !== i)).map((rest) => [first, ...rest]));
}

/** Each place where an error can be injected, as `function`, and what then is told beyond what the same order tells without it. */
function injected(executor: Executor): Map<string, Set<string>> {
  const told = new Map<string, Set<string>>();
  const seen = (schedule: HotSchedule): string[] =>
    executor.run(schedule).findings.map((raw) => bucketOf(raw, executor.manifest));
  for (const events of orders(executor.sceneSchedule().events)) {
    const clean = { events, deviations: [], choices: [] };
    const before = new Set(seen(clean));
    const counts = new Map<number, number>();
    for (const { kind, task, site } of executor.trace(clean).trace) {
      if (kind !== 'choose') continue;
      const nth = counts.get(task) ?? 0;
      counts.set(task, nth + 1);
      const place = executor.manifest.sites[site]?.function ?? '';
      const news = seen({ ...clean, choices: [{ task, nth, value: 1 }] }).filter((bucket) => !before.has(bucket));
      told.set(place, new Set([...(told.get(place) ?? []), ...news]));
    }
  }
  return told;
}

async function inScenes(
  scenes: readonly string[],
  design: string,
  options: Record<string, number>,
): Promise<Map<string, Set<string>>> {
  const told = new Map<string, Set<string>>();
  for (const scene of scenes) {
    const executor = await executorOf(MODEL, { design, scene, options });
    for (const [place, news] of injected(executor)) told.set(place, new Set([...(told.get(place) ?? []), ...news]));
  }
  return told;
}

const inAllScenes = (design: string, options: Record<string, number> = {}): Promise<Map<string, Set<string>>> =>
  inScenes(SCENES, design, options);

const news = (told: Map<string, Set<string>>): string[] => [...new Set([...told.values()].flatMap((set) => [...set]))];

describe('one injected error', () => {
  it.each(['xlate-helper', 'ask-every-driver'])('%s keeps every promise', async (design) => {
    for (const profile of [0, 2, 3, 4, 5]) expect(news(await inAllScenes(design, { profile }))).toEqual([]);
  });

  it('v6.7: what the failed configuration leaves, and what later binds make of it', async () => {
    const told = await inAllScenes('v6.7');
    const ofFirmware = news(new Map([...told].filter(([place]) => /of_xlate|module_get|fwspec/.test(place))));
    expect(ofFirmware).toContain('invariant “8: a failed configuration leaves no dev->iommu and no fwspec”');
    expect([...(told.get('__iommu_attach_device') ?? [])]).toEqual([]);
    expect([...(told.get('iommu_domain_alloc') ?? [])]).toEqual([]);
    expect([...(told.get('call_device_group') ?? [])]).toEqual([]);
  });

  it('is possible at every call of fault() that there is', async () => {
    const reached = new Set<string>();
    const reach = async (design: string, options: Record<string, number>, scenes: readonly string[]): Promise<void> => {
      for (const place of (await inScenes(scenes, design, options)).keys()) reached.add(place.replace(/^.*\./, ''));
    };
    for (const options of [{}, ...[2, 3, 4, 5, 6].map((profile) => ({ profile }))]) {
      await reach('v6.7', options, ['faults-walk-client']);
    }
    await reach('v6.7', { 'dma-ranges': 1 }, ['faults-walk-client']);
    await reach('v6.7', { faults: 1, 'fw-devlink': 1 }, ['grid-E1-E5']);
    await reach('v6.7', {}, ['faults-open-coded', 'faults-rebind']);
    await reach('v6.7', { faults: 1 }, ['grid-E1-E11']);
    for (const ids of [1, 2]) await reach('decoupled', { ids }, ['faults-walk-client']);
    for (const profile of [0, 2, 3, 4, 5]) await reach('xlate-helper', { profile }, ['faults-walk-client']);
    const bodies = bodiesOf(sourcesOf(MODEL)).filter(({ text }) => text.includes("fault('"));
    expect(bodies.length).toBeGreaterThan(30);
    expect(bodies.map(({ name }) => name).filter((name) => !reached.has(name))).toEqual([]);
  }, 120_000);
});
