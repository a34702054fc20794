/** Every scene of the IOMMU model boots, and its tasks end when they run one after the other, whoever is first. */
import { beforeAll, describe, expect, it } from 'vitest';
import type { Declarations } from '../../src/executor/declarations.js';
import type { Executor } from '../../src/executor/executor.js';
import type { ExecutionResult, FindingKind } from '../../src/executor/types.js';
import type { HotEvent } from '../../src/schedule/schedule.js';
import { executorOf } from '../support/models.js';
import { randomRun } from '../support/schedules.js';
import { size } from '../support/size.js';

const MODEL = 'assembly/models/iommu/index.ts';
const ENDLESS: ReadonlySet<FindingKind> = new Set([
  'deadlock',
  'self-deadlock',
  'step-limit',
  'no-progress',
  'trap',
  'stack-depth',
]);
/** Broken promises of the environment itself: none of the designs' own bugs. */
const BROKEN: ReadonlySet<FindingKind> = new Set([
  ...ENDLESS,
  'unlock-by-non-owner',
  'invalid-access',
  'invalid-free',
  'sleep-in-atomic',
  'out-of-memory',
]);

let declarations: Declarations;
beforeAll(async () => {
  declarations = (await executorOf(MODEL)).declarations;
}, 180_000);

/** All scenes with all designs in the longer tests; in the short ones each scene with one design, in turn. */
function cases(): [design: string, scene: string][] {
  const designs = declarations.designs.map((d) => d.name);
  return declarations.scenes.flatMap(({ name }, i) =>
    designs
      .filter((_, k) => size().name !== 'default' || k === i % designs.length)
      .map((design): [string, string] => [design, name]),
  );
}

function inOrder(executor: Executor): ExecutionResult[] {
  const { events } = executor.sceneSchedule();
  return [events, [...events].reverse()].map((order) => executor.run({ events: order, deviations: [], choices: [] }));
}

function kinds(results: readonly ExecutionResult[], wanted: ReadonlySet<FindingKind>): string[] {
  return results.flatMap((r) => r.findings.filter((f) => wanted.has(f.kind)).map((f) => f.kind));
}

/** What is wrong with the environment when the tasks of a scene run one after the other. */
async function wrongWith(design: string, scene: string, options: Record<string, number> = {}): Promise<string[]> {
  const executor = await executorOf(MODEL, { design, scene, options });
  const results = inOrder(executor);
  const waiting = results.flatMap((r) => r.tasks.filter((t) => t.state !== 'done').map((t) => `${t.name} waits`));
  const fatal = results.some((r) => r.findings.some((f) => f.kind === 'null-dereference' || f.kind === 'assertion'));
  return [...kinds(results, BROKEN), ...(fatal ? [] : waiting)].map((what) => `${design} ${scene}: ${what}`);
}

describe('the scenes of the IOMMU model', () => {
  it('boot, and their tasks end, one after the other', { timeout: 300_000 }, async () => {
    const wrong: string[] = [];
    for (const [design, scene] of cases()) wrong.push(...(await wrongWith(design, scene)));
    expect(wrong).toEqual([]);
  });

  it('are those of the facts, with a grid of all pairs', () => {
    const names = declarations.scenes.map((s) => s.name);
    for (const theme of [
      'walk-client',
      'walk-walk',
      'two-specifiers',
      'aliases',
      'remove',
      'rebind',
      'open-coded',
      'deferral',
      'faults',
      'full',
    ]) {
      expect(
        names.some((name) => name === theme || name.startsWith(`${theme}-`)),
        theme,
      ).toBe(true);
    }
    expect(names.filter((name) => name.startsWith('grid-'))).toHaveLength(61);
    expect(new Set(names).size).toBe(names.length);
  });

  it.each([
    ['firmware', 1, 'walk-client'],
    ['async-probe', 1, 'walk-add-bind'],
    ['fw-devlink', 1, 'walk-client'],
    ['late-quirk', 1, 'aliases-add'],
    ['acs', 1, 'aliases-add'],
    ['instances', 2, 'grid-E3-E5'],
    ['kdump', 1, 'rebind'],
    ['dma-ranges', 1, 'remove-unbind'],
    ['direct-regions', 1, 'walk-client'],
    ['wanted-domain', 1, 'remove-set-type'],
    ...[1, 2, 3, 4, 5, 6].map((bus): [string, number, string] => ['bus', bus, 'walk-add-bind']),
    ...[1, 2, 3, 4, 5, 6].map((profile): [string, number, string] => ['profile', profile, 'walk-walk-bind']),
  ])('end with the option %s=%i, too', async (option, value, scene) => {
    expect(await wrongWith('v6.7', scene, { [option]: value })).toEqual([]);
  });

  it('reach injected errors only if they are to: one a run in the scenes of faults', async () => {
    const injected = async (scene: string, options: Record<string, number>): Promise<number[]> => {
      const executor = await executorOf(MODEL, { design: 'v6.7', scene, options });
      return Array.from({ length: 100 }, (_, seed) => randomRun(executor, seed + 1).recorded.choices.length);
    };
    expect(Math.max(...(await injected('walk-client', {})))).toBe(0);
    expect(Math.max(...(await injected('faults-walk-client', {})))).toBe(1);
    expect(Math.max(...(await injected('walk-client', { faults: 1 })))).toBeGreaterThan(1);
  });
});

describe('the driver core of the IOMMU model', () => {
  /** The first event is interrupted once, at each of its steps in turn, and the second runs to its end meanwhile. */
  async function interrupted(scene: string, first: string, second: string): Promise<[Executor, ExecutionResult[]]> {
    const executor = await executorOf(MODEL, { design: 'v6.7', scene });
    const { events } = executor.sceneSchedule();
    const named = (name: string): HotEvent[] =>
      events.filter((e) => executor.declarations.events[e.event]?.name === name);
    const order = [...named(first), ...named(second)];
    const steps = executor.run({ events: order, deviations: [], choices: [] }).tasks[0]?.steps ?? 0;
    expect(steps).toBeGreaterThan(25);
    const at = (step: number): ExecutionResult =>
      executor.run({ events: order, deviations: [{ task: 0, step, target: 1 }], choices: [] });
    return [executor, Array.from({ length: steps }, (_, step) => at(step))];
  }

  it('does not lose the wake-up of a bind that is being deferred', async () => {
    const [, results] = await interrupted('walk-client', 'bind', 'register');
    const unbound = results.flatMap((r) => r.findings.filter((f) => f.message.startsWith('9: ')));
    expect(unbound).toEqual([]);
    expect(results.some((r) => r.tasks.length > 2)).toBe(true); // the worker
  });

  it('keeps a device for the walk that stands at it while it is removed', async () => {
    const [executor, results] = await interrupted('remove-register', 'register', 'remove');
    const className = (id: number | undefined): string =>
      executor.manifest.classes.find((c) => c.id === id)?.name ?? '';
    const lost = results.flatMap((r) => r.findings.map((f) => className(f.object?.classId)));
    expect(lost.filter((name) => name === 'Device' || name === 'klist_node')).toEqual([]);
    expect(lost).toContain('dev_iommu'); // the schedules that meet: the walk's probe and the release are under no common lock
  });

  it('tells the IOMMU core of a device that is added, in the thread that adds it', async () => {
    const executor = await executorOf(MODEL, { design: 'v6.7', scene: 'walk-add', options: { profile: 6 } });
    const { trace, tasks } = executor.trace(executor.sceneSchedule());
    const adder = tasks.find((t) => t.name === 'add(0)')?.slot;
    const probes = trace.filter((s) => executor.manifest.sites[s.site]?.function === 'iommu_device_link');
    expect(probes.map((s) => s.task)).toContain(adder);
  });
});

/** Functions that a task of the scene's default run reaches, by their sites. */
async function reachedBy(event: string, scene: string, options: Record<string, number>): Promise<Set<string>> {
  const executor = await executorOf(MODEL, { design: 'v6.7', scene, options });
  const { trace, tasks } = executor.trace(executor.sceneSchedule());
  const slots = new Set(tasks.filter((t) => t.name.startsWith(event)).map((t) => t.slot));
  const sites = trace.filter((s) => slots.has(s.task)).map((s) => executor.manifest.sites[s.site]?.function ?? '');
  return new Set(sites);
}

describe('the entry points of the IOMMU model', () => {
  it.each([
    ['E1', 'add', 'walk-add', {}, 'bus_notify'],
    ['E2', 'remove', 'remove-register', {}, 'iommu_release_device'],
    ['E3', 'register', 'walk-client', {}, 'walk_and_finalize'],
    ['E4', 'unregister', 'unregister-register', {}, 'remove_iommu_group'],
    ['E5, platform', 'bind', 'walk-client', {}, 'platform_dma_configure'],
    ['E5, pci', 'bind', 'walk-client', { bus: 1 }, 'pci_dma_configure'],
    ['E5, amba', 'bind', 'walk-client', { bus: 2 }, 'amba_dma_configure'],
    ['E5, fsl-mc', 'bind', 'walk-client', { bus: 3 }, 'fsl_mc_dma_configure'],
    ['E5, cdx', 'bind', 'walk-client', { bus: 4 }, 'cdx_dma_configure'],
    ['E5, host1x', 'bind', 'walk-client', { bus: 5 }, 'of_iommu_configure'],
    ['E5, ACPI', 'bind', 'walk-client', { firmware: 1 }, 'acpi_iommu_fwspec_ops'],
    ['E6', 'bind-parent', 'open-coded-after', {}, 'iommu_fwspec_assign'],
    ['E7', 'unbind', 'remove-unbind', {}, 'iommu_device_unuse_default_domain'],
    ['E8', 'work', 'deferral', {}, 'deferred_probe_work_func'],
    ['E9', 'set-type', 'remove-set-type', {}, 'iommu_group_store_type'],
    ['E10, VFIO', 'claim', 'remove-claim', {}, '__iommu_take_dma_ownership'],
    ['E10, iommufd', 'claim(0, 1)', 'grid-E10-E10', {}, 'iommu_group_claim_dma_owner'],
    ['E10, the end of a claim', 'release', 'release-claim', {}, '__iommu_release_dma_ownership'],
    ['E10, iommufd alone', 'claim(0, 1)', 'claim-iommufd-remove', {}, '__iommu_take_dma_ownership'],
    ['E11', 'mock', 'grid-E3-E11', {}, 'iommufd_test_init'],
    ['E11, its end', 'mock-exit', 'mock-exit-bind', {}, 'remove_iommu_group'],
    ['fw_devlink', 'bind', 'walk-client', { 'fw-devlink': 1 }, 'device_links_check_suppliers'],
    ['an async bind', '__device_attach_async_helper', 'walk-client', { 'async-probe': 1 }, 'really_probe'],
    ['ACS', 'bind', 'aliases-bind', { acs: 1 }, 'pci_request_acs'],
  ])('%s: %s in %s %o reaches %s', async (_, event, scene, options, name) => {
    expect([...(await reachedBy(event, scene, options as Record<string, number>))]).toContain(name);
  });
});
