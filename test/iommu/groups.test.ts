/** Groups of several members, owners of a group's DMA, containers, instances that firmware has switched off (designs.md 2.2, 2.5, 2.6, 2.9). */
import { beforeAll, describe, expect, it } from 'vitest';
import type { Executor } from '../../src/executor/executor.js';
import type { HotEvent } from '../../src/schedule/schedule.js';
import { executorOf, modelAt } from '../support/models.js';
import { randomRun } from '../support/schedules.js';

const MODEL = 'assembly/models/iommu/index.ts';
const RUNS = 500;
const TAKEN_FROM_OWNER = '3: the members of a group whose DMA has an owner stay blocked';
const NOT_ASKED_FOR = '3: the domain of a device that its driver manages changes only by a claim';
const OTHER_GROUPS = '6: groups are those of probing in the order of device_add';

beforeAll(() => modelAt(MODEL), 300_000);

interface Where {
  readonly design: string;
  readonly scene: string;
  readonly options?: Record<string, number>;
}

const designs = async (): Promise<string[]> => (await executorOf(MODEL)).declarations.designs.map(({ name }) => name);

/** What is broken when one event is interrupted once, at each of its steps, and the other one runs to its end meanwhile. */
async function interrupted({ design, scene, options = {} }: Where): Promise<string[][]> {
  const executor = await executorOf(MODEL, { design, scene, options });
  const { events } = executor.sceneSchedule();
  const steps = executor.run({ events, deviations: [], choices: [] }).tasks[0]?.steps ?? 0;
  return Array.from({ length: steps }, (_, step) =>
    executor
      .run({ events, deviations: [{ task: 0, step, target: 1 }], choices: [] })
      .findings.map(({ message }) => message),
  );
}

/** What is broken in the scene's orders and in random schedules. */
async function broken({ design, scene, options = {} }: Where): Promise<Set<string>> {
  const executor = await executorOf(MODEL, { design, scene, options });
  const { events } = executor.sceneSchedule();
  const found = new Set<string>();
  for (const order of [events, [...events].reverse()]) {
    for (const { message } of executor.run({ events: order, deviations: [], choices: [] }).findings) found.add(message);
  }
  for (let seed = 1; seed <= RUNS; seed++) {
    for (const { message } of executor.run(randomRun(executor, seed).recorded).findings) found.add(message);
  }
  return found;
}

/** The functions that the scene's last event reaches after the first one, or the first after the last. */
async function reached({ design, scene, options = {} }: Where, reverse = false): Promise<Set<string>> {
  const executor: Executor = await executorOf(MODEL, { design, scene, options });
  const { events } = executor.sceneSchedule();
  const order: readonly HotEvent[] = reverse ? [...events].reverse() : events;
  const { trace } = executor.trace({ events: order, deviations: [], choices: [] });
  const second = trace.filter(({ task }) => task === 1);
  return new Set(second.map(({ site }) => executor.manifest.sites[site]?.function ?? ''));
}

describe('a claim of a group’s DMA (2.9)', () => {
  it('succeeds before the group has a default domain, and the walk then takes the DMA from its owner', async () => {
    for (const design of await designs()) {
      const runs = await interrupted({ design, scene: 'grid-E3-E10', options: { profile: 6 } });
      expect([design, runs.some((run) => run.includes(TAKEN_FROM_OWNER))]).toEqual([design, true]);
    }
  });

  it('does not excuse what attaches the members to another domain afterwards', async () => {
    const runs = await interrupted({ design: 'v6.7', scene: 'grid-E3-E10', options: { profile: 6 } });
    const taken = runs.filter((run) => run.includes(TAKEN_FROM_OWNER));
    expect(taken.length).toBeGreaterThan(0);
    expect(taken.filter((run) => !run.includes(NOT_ASKED_FOR))).toEqual([]);
  });

  it('may be released, and claimed again', async () => {
    for (const scene of [
      'release-claim',
      'release-unbind',
      'release-remove',
      'group-claim-claim',
      'group-release-claim',
    ]) {
      for (const design of await designs())
        expect([design, scene, [...(await broken({ design, scene }))]]).toEqual([design, scene, []]);
    }
    const twin = await broken({ design: 'xlate-helper', scene: 'release-register' });
    expect([...twin]).toEqual([]);
  });

  it('turns away a driver that leaves DMA to the core, and is turned away by one', async () => {
    for (const scene of ['group-bind-claim', 'group-bind-claim-iommufd']) {
      for (const design of await designs()) {
        const claims = await reached({ design, scene });
        expect([design, claims.has('iommu_group_claim_dma_owner'), claims.has('enter_blocking_domain')]).toEqual([
          design,
          true,
          false,
        ]);
        const bind = await reached({ design, scene }, true);
        expect([design, bind.has('use_default_domain'), bind.has('driver_bound')]).toEqual([design, true, false]);
        expect([...(await broken({ design, scene }))]).toEqual([]);
      }
    }
  });
});

describe('members that want different domains (2.6)', () => {
  it('get the identity in v6.15, DMA before', async () => {
    expect(await reached({ design: 'v6.15', scene: 'group-register' })).toContain('iommu_dma_map');
    expect(await reached({ design: 'v6.15', scene: 'group-types' })).not.toContain('iommu_dma_map');
    expect(await reached({ design: 'v6.15', scene: 'group-types-bind' })).not.toContain('iommu_dma_map');
    for (const design of ['v6.6', 'v6.7', 'decoupled', 'xlate-helper', 'ask-every-driver']) {
      expect(await reached({ design, scene: 'group-types-bind' })).toContain('iommu_dma_map');
    }
  });

  it('are all attached when a user changes the type, and a bound one prevents it', async () => {
    expect(await reached({ design: 'v6.7', scene: 'group-type-bind' })).not.toContain('iommu_dma_map');
    expect(await reached({ design: 'v6.7', scene: 'group-type-bind' }, true)).not.toContain('__iommu_attach_device');
    expect(await reached({ design: 'v6.1', scene: 'group-type-bind' })).toContain('iommu_dma_map'); // one member only
    expect([...(await broken({ design: 'v6.15', scene: 'group-type-bind' }))]).toEqual([]);
  });
});

describe('a device in a container of fsl-mc (2.5)', () => {
  it('is in the container’s group if that was probed before', async () => {
    const options = { profile: 2 };
    expect(await broken({ design: 'v6.7', scene: 'container-bind', options })).toContain(OTHER_GROUPS);
    expect(await broken({ design: 'v6.15', scene: 'container-bind', options })).not.toContain(OTHER_GROUPS);
    for (const design of await designs()) {
      expect([design, [...(await broken({ design, scene: 'container-bound', options }))]]).toEqual([design, []]);
    }
  });

  it('is on its own without one', async () => {
    const options = { profile: 2, bus: 3 };
    expect(await broken({ design: 'v6.7', scene: 'deferral-bind', options })).not.toContain(OTHER_GROUPS);
  });
});

describe('a client of an instance that firmware has switched off (2.2)', () => {
  it('binds without translation, and waits for nobody', async () => {
    for (const scene of ['disabled', 'disabled-first']) {
      for (const design of ['v6.7', 'decoupled', 'xlate-helper', 'ask-every-driver']) {
        expect([design, [...(await broken({ design, scene }))]]).toEqual([design, []]);
        const bind = await reached({ design, scene });
        expect([design, bind.has('driver_bound'), bind.has('iommu_fwspec_assign')]).toEqual([design, true, false]);
      }
    }
  });

  it('keeps the fwspec of the other one in v6.7, whose instance then claims it', async () => {
    const left = '8: a failed configuration leaves no dev->iommu and no fwspec';
    expect(await broken({ design: 'v6.7', scene: 'disabled-second' })).toContain(left);
    for (const design of ['decoupled', 'xlate-helper', 'ask-every-driver', 'v6.15']) {
      expect(await broken({ design, scene: 'disabled-second' })).not.toContain(left);
    }
  });
});

describe('the end of the selftest (E11)', () => {
  it('releases the device of its bus, and leaves the device of another one that its driver has taken', async () => {
    expect([...(await broken({ design: 'v6.7', scene: 'mock-exit-bind' }))]).toEqual([]);
    const kinds = async (design: string): Promise<string[]> => {
      const executor = await executorOf(MODEL, { design, scene: 'mock-exit-register' });
      const events = [...executor.sceneSchedule().events].reverse();
      return executor.run({ events, deviations: [], choices: [] }).findings.map(({ kind }) => kind);
    };
    expect(await kinds('v6.7')).not.toContain('use-after-free');
    expect(await kinds('ask-every-driver')).toContain('use-after-free');
  });
});
