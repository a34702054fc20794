/**
 * One event after the other: every design ends in the state that designs promise, whatever the order, but for what needs no race: drivers
 * that never give back what their of_xlate took (S7), binds that do not wait for a second instance (S8), groups by the order of binds (S6).
 */
import { beforeAll, describe, expect, it } from 'vitest';
import type { Executor } from '../../src/executor/executor.js';
import { analyseFinding } from '../../src/findings/analyse.js';
import type { HotSchedule } from '../../src/schedule/schedule.js';
import { executorOf, modelAt } from '../support/models.js';

const MODEL = 'assembly/models/iommu/index.ts';
const DESIGNS = ['v6.1', 'v6.6', 'v6.7', 'decoupled', 'xlate-helper', 'ask-every-driver', 'v6.15'];
const WITHOUT_FWSPEC = ['xlate-helper', 'ask-every-driver'];
const SMMU = 0;
const VIRTIO = 2;
const DART = 3;
const IPMMU = 5;

/** Scenes without a race of their own: boot, late registration, hotplug, unbind and rebind. Every client gets its driver in the end. */
const QUIET = [
  'walk-client',
  'walk-client-two-ids',
  'walk-walk-bind',
  'walk-add-bind',
  'deferral',
  'deferral-bind',
  'remove-bind-registered',
  'remove-unbind',
  'remove-register-second',
  'rebind-register-second',
  'rebind-bind',
  'rebind-unbind',
  'rebind-remove',
] as const;

beforeAll(() => modelAt(MODEL), 300_000);

type Events = HotSchedule['events'];

function orders(events: Events): Events[] {
  if (events.length < 2) return [events];
  return events.flatMap((first, i) => orders(events.filter((_, k) => k !== i)).map((rest) => [first, ...rest]));
}

/** `symptom: name or title` of everything that is wrong in some order of the scene's events. */
function wrongIn(executor: Executor): string[] {
  const wrong = new Set<string>();
  for (const events of orders(executor.sceneSchedule().events)) {
    const schedule = { events, deviations: [], choices: [] };
    for (const finding of executor.run(schedule).findings) {
      const { symptom, kind, message } = analyseFinding(executor, schedule, finding);
      wrong.add(`${symptom}: ${message || kind}`);
    }
  }
  return [...wrong].sort();
}

const run = async (scene: string, design: string, profile: number): Promise<string[]> =>
  wrongIn(await executorOf(MODEL, { design, scene, options: { profile } }));

const symptomsOf = (wrong: readonly string[]): string[] =>
  [...new Set(wrong.map((text) => text.split(':')[0] ?? ''))].sort();

const REFERENCE = 'kept-reference: 1: a configuration that succeeds keeps no reference to the device of an instance';

describe('one event after the other', () => {
  it.each(DESIGNS)('%s: smmu ends as promised, whatever the order', async (design) => {
    for (const scene of QUIET) expect([scene, await run(scene, design, SMMU)]).toEqual([scene, []]);
  });

  it.each(DESIGNS.filter((design) => design !== 'v6.15'))('%s: so does virtio', async (design) => {
    for (const scene of QUIET) expect([scene, await run(scene, design, VIRTIO)]).toEqual([scene, []]);
  });

  it('v6.15: virtio is not found by a walk, for its driver is bound only afterwards; a bind then warns of itself', async () => {
    const wrong = await run('walk-client', 'v6.15', VIRTIO);
    expect(wrong).toEqual(['other: 12: v6.15 warns of a late probe only where dma_configure is open-coded']);
  });

  it.each(DESIGNS)('%s: dart keeps references for ever, where it has of_xlate, and nothing fails', async (design) => {
    const expected = WITHOUT_FWSPEC.includes(design) ? [] : [REFERENCE];
    for (const scene of ['walk-client', 'deferral', 'remove-unbind']) {
      expect([scene, await run(scene, design, DART)]).toEqual([scene, expected]);
    }
  });

  it('decoupled: a bind parses anew, so dart gets its streams again (S7), and ipmmu loses its fwspec', async () => {
    expect(await run('rebind-bind', 'decoupled', DART)).toContain('S7: 4: a grouped device has each ID once');
    expect(await run('rebind-bind', 'decoupled', IPMMU)).toContain('other: 4: a grouped device has its fwspec');
    expect(await run('rebind-bind', 'v6.7', DART)).toEqual([REFERENCE]);
  });

  it('v6.15: a probe that lacks a second instance loses what of_xlate has made (S7)', async () => {
    expect(symptomsOf(await run('two-specifiers', 'v6.15', DART))).toEqual(['S7', 'S7-leak', 'kept-reference']);
  });

  it.each(DESIGNS)('%s: a client of two instances waits for both, or not (S8)', async (design) => {
    const found = symptomsOf(await run('two-specifiers', design, SMMU));
    if ([...WITHOUT_FWSPEC, 'v6.15'].includes(design)) expect(found).toEqual([]);
    else expect(found).toContain('S8');
  });

  it('decoupled with the agreed deferral waits', async () => {
    const options = { profile: SMMU, 'agreed-deferral': 1 };
    expect(wrongIn(await executorOf(MODEL, { design: 'decoupled', scene: 'two-specifiers', options }))).toEqual([]);
  });

  it.each(DESIGNS)('%s: groups depend on who is bound first, or not (S6)', async (design) => {
    const found = symptomsOf(await run('aliases-bridge', design, SMMU));
    expect(found).toEqual(design === 'v6.15' ? [] : ['S6']);
    const lonely = await run('walk-add', design, SMMU);
    expect(symptomsOf(lonely)).toEqual(design === 'v6.15' ? [] : ['S6']);
  });

  it('v6.15 leaves a device in mode iommu when its instance goes; the others do not', async () => {
    for (const design of DESIGNS) {
      const wrong = await run('unregister-bind', design, SMMU);
      const isLeft = wrong.includes('other: 3: the DMA mode is that of a domain');
      expect([design, isLeft, wrong.length === 0]).toEqual([design, design === 'v6.15', design !== 'v6.15']);
    }
  });

  it('v6.1 releases what nobody has claimed (S13); the others do not', async () => {
    for (const design of DESIGNS) {
      expect([design, symptomsOf(await run('remove-bind', design, SMMU))]).toEqual([
        design,
        design === 'v6.1' ? ['S13'] : [],
      ]);
    }
  });
});
