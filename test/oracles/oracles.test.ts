// The oracles that cost time: each sees its fault, within a second of fuzzing, and says nothing of the correct twin in any interleaving.
import { beforeAll, describe, expect, it } from 'vitest';
import { Executor } from '../../src/executor/executor.js';
import type { ExecutorBuild, ModelArtefact } from '../../src/executor/instance.js';
import { COSTLY_KINDS, keepLockOrder, learnLockOrder } from '../../src/executor/oracles.js';
import type { FindingKind, RawFinding } from '../../src/executor/types.js';
import type { HotSchedule } from '../../src/schedule/schedule.js';
import { analyseFinding } from '../../src/findings/analyse.js';
import { enumerateExecutor } from '../support/enumerate.js';
import { modelAt } from '../support/models.js';
import { failingSchedules, randomRun } from '../support/schedules.js';

let artefacts: readonly ModelArtefact[];

beforeAll(async () => {
  artefacts = [await modelAt('test/models/races.ts'), await modelAt('test/models/oracles.ts')];
}, 120_000);

function artefactOf(scene: string): ModelArtefact {
  return artefacts[scene.startsWith('data-race') ? 0 : 1] as ModelArtefact;
}

function executorOf(scene: string, build: ExecutorBuild = 'oracles'): Executor {
  const limits = { steps: 4000, fuel: 1 << 20 };
  return Executor.create({ artefact: artefactOf(scene), configuration: { scene }, build, limits });
}

/** Kinds that random walks of a scene show. */
function kindsIn(scene: string, runs = 200): FindingKind[] {
  const executor = executorOf(scene);
  const kinds = new Set<FindingKind>();
  for (let seed = 1; seed <= runs; seed++) for (const { kind } of randomRun(executor, seed).findings) kinds.add(kind);
  return [...kinds].sort();
}

const FAULTS = [
  'data-race',
  'data-race-one-locked',
  'data-race-wrong-lock',
  'data-race-shared',
  'data-race-publish',
  'data-race-completion',
  'data-race-spawn',
  'data-race-work',
  'data-race-free',
  'data-race-list',
  'data-race-readers',
  'data-race-grace',
  'lock-order',
  'lock-order-ring',
  'lock-order-class',
  'lock-order-named',
  'lock-order-device',
  'lockset',
  'lockset-shared',
  'lockset-writes',
  'lost-wakeup',
  'livelock',
  'starvation',
  'starvation-sleeper',
];
const TWINS = [
  'data-race-twin',
  'data-race-spinlock-twin',
  'data-race-shared-twin',
  'data-race-marked-twin',
  'data-race-publish-twin',
  'data-race-completion-twin',
  'data-race-spawn-twin',
  'data-race-work-twin',
  'data-race-free-twin',
  'data-race-list-twin',
  'data-race-grace-twin',
  'lock-order-twin',
  'lock-order-apart-twin',
  'lock-order-ring-twin',
  'lock-order-try-twin',
  'lock-order-class-twin',
  'lock-order-device-twin',
  'lockset-twin',
  'lockset-shared-twin',
  'lockset-writes-twin',
  'lost-wakeup-twin',
];

describe('costly oracles', () => {
  it.each(FAULTS)('%s is seen', (scene) => {
    const kind = COSTLY_KINDS.find((k) => scene.startsWith(k)) ?? 'none';
    expect(kindsIn(scene)).toContain(kind);
  });

  it.each(TWINS)('%s is silent in every interleaving', (scene) => {
    const executor = executorOf(scene);
    const found = new Map<string, RawFinding>();
    const leaves = enumerateExecutor(executor, ({ findings }) => {
      keepLockOrder(executor);
      for (const finding of findings)
        if (COSTLY_KINDS.includes(finding.kind)) found.set(`${finding.kind} ${finding.site}`, finding);
    });
    expect(leaves).toBeGreaterThan(0);
    expect([...found.values()]).toEqual([]);
  });

  it.each([
    ['bank', 'locked'],
    ['abba', 'ordered'],
    ['double-checked', 'fixed'],
  ])('the example %s is silent as %s', async (name, design) => {
    const executor = Executor.create({
      artefact: await modelAt(`examples/${name}.ts`),
      configuration: { design },
      build: 'oracles',
    });
    const found = new Set<string>();
    enumerateExecutor(executor, ({ findings }) => {
      keepLockOrder(executor);
      for (const { kind } of findings) found.add(kind);
    });
    expect([...found]).toEqual([]);
  });

  it('tells a lost wake-up from a wait for what nobody ever does', () => {
    expect(kindsIn('lost-wakeup')).toEqual(['lost-wakeup']);
    expect(kindsIn('lost-wakeup-deadlock')).toEqual(['deadlock']);
  });

  it('tells a livelock from a run that is long, and from one that is over', () => {
    expect(kindsIn('livelock')).toEqual(['livelock']);
    expect(kindsIn('livelock-step-limit')).toEqual(['step-limit']);
    expect(kindsIn('livelock-twin')).toEqual([]);
  });

  it('tells a starvation from a livelock, from a run that is long, and from one that is over', () => {
    expect(kindsIn('starvation')).toEqual(['starvation']);
    expect(kindsIn('starvation-sleeper')).toEqual(['starvation']);
    expect(kindsIn('starvation-step-limit')).toEqual(['step-limit']);
    expect(kindsIn('starvation-twin')).toEqual([]);
  });

  it('says of a starvation who waits where, and where the others go on', () => {
    const executor = executorOf('starvation');
    const [schedule] = failingSchedules(executor, 'starvation');
    const record = analyseFinding(executor, schedule as HotSchedule, null);
    expect(record.title).toBe('starvation of Mutex in setsLocked (lock Mutex), while pollsLocked goes on for ever');
    expect(record.identity).toEqual(['starvation', 'waits at setsLocked lock Mutex']);
    expect(record.report).toContain('Goes on      pollsLocked');
  });

  it('finds two orders that never meet in one execution', () => {
    const executor = executorOf('lock-order-apart');
    expect(kindsIn('lock-order-apart')).toEqual([]);
    const walks = Array.from({ length: 20 }, (_, seed) => randomRun(executor, seed + 1).recorded);
    let seen: RawFinding | undefined;
    const learnt: HotSchedule[] = [];
    for (const schedule of walks) {
      seen ??= executor.run(schedule).findings.find(({ kind }) => kind === 'lock-order');
      if (keepLockOrder(executor)) learnt.push(schedule);
    }
    expect(seen).toMatchObject({ otherTask: -1 });
    expect(learnt).toHaveLength(2);
    learnLockOrder(executor, learnt.slice(0, 1));
    expect(executor.run(learnt[1] as HotSchedule).findings.map(({ kind }) => kind)).toEqual(['lock-order']);
    learnLockOrder(executor, []);
    expect(executor.run(learnt[1] as HotSchedule).findings).toEqual([]);
  });

  it('names both places and tasks of a race, and each pair once', () => {
    const executor = executorOf('data-race-one-locked');
    const pairs = new Map<string, RawFinding>();
    enumerateExecutor(executor, ({ findings }) => {
      for (const f of findings) pairs.set([f.site, f.otherSite].join(), f);
    });
    expect([...pairs.values()].every((f) => f.otherTask === 1 - f.task)).toBe(true);
    const names = [...pairs.values()].map((f) => [f.site, f.otherSite ?? 0].map((site) => siteName(site)).join(' / '));
    expect(names.sort()).toEqual([
      'add load / addLocked store',
      'add store / addLocked load',
      'add store / addLocked store',
      'addLocked load / add store',
      'addLocked store / add load',
      'addLocked store / add store',
    ]);
  });

  it('leaves what the release build does as it is', () => {
    for (const scene of [...FAULTS, ...TWINS]) {
      if (/^(livelock|starvation)/.test(scene)) continue; // the fair scheduler before the step limit is the oracle's own
      const release = executorOf(scene, 'release');
      const costly = executorOf(scene);
      for (let seed = 1; seed <= 20; seed++) {
        const a = randomRun(release, seed);
        const b = randomRun(costly, seed);
        expect([b.hash, b.points, b.recorded]).toEqual([a.hash, a.points, a.recorded]);
      }
    }
  });

  it('traces the values that accesses leave, also where a race is told before the access', () => {
    const valuesOf = (build: ExecutorBuild, recorded: HotSchedule): unknown[] =>
      executorOf('data-race', build)
        .trace(recorded)
        .trace.flatMap((step) => (step.kind === 'access' ? [[step.task, step.site, step.value]] : []));
    const { recorded, findings } = randomRun(executorOf('data-race'), 1);
    expect(findings.map(({ kind }) => kind)).toContain('data-race');
    expect(valuesOf('oracles', recorded)).toEqual(valuesOf('release', recorded));
    expect(valuesOf('release', recorded).length).toBeGreaterThan(2);
  });
});

function siteName(site: number): string {
  const found = artefactOf('data-race').manifest.sites[site];
  return `${found?.function} ${found?.operation}`;
}
