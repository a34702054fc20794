// What is run for docs/iommu.md, as tasks: each is one call of the command line whose result is kept. Pure.
import {
  BUDGETS,
  DESIGNS,
  EXPECTED,
  EXPERIMENTS,
  FIRST,
  LARGEST,
  LOCK_EXECUTIONS,
  LOCK_SCENES,
  SMALLEST,
  SOAK,
  SWEEPS,
} from './experiments.mjs';
import { MUTATIONS } from './mutations.mjs';
import { SMALLEST as SHOWN } from './smallest.mjs';

const PER = 'devices bound';

/** The part of the experiment that the model can run; null if there is none. */
export function fitting({ scenes, options = {}, ...rest }, model) {
  const own = scenes.filter((scene) => model.scenes.includes(scene));
  if (own.length === 0 || Object.keys(options).some((name) => !model.options.includes(name))) return null;
  const designs = (rest.designs ?? DESIGNS).filter((design) => model.designs.includes(design));
  return { ...rest, scenes: own, options, designs };
}

const optionFlags = (options = {}) =>
  Object.entries(options).flatMap(([name, value]) => ['--option', `${name}=${value}`]);

/** One deterministic comparison an experiment: the matrix, and what breaks without a design's key lock. */
export function comparisons(model, budget) {
  const of = (list, part) =>
    list.flatMap((experiment) => {
      const own = fitting(experiment, model);
      if (own === null) return [];
      const args = ['compare', 'iommu', '--designs', own.designs.join(','), '--scenes', own.scenes.join(',')];
      args.push(
        ...optionFlags(own.options),
        ...Object.entries(budget).flatMap(([name, value]) => [`--${name}`, value]),
      );
      args.push('--deterministic', '--seed', '1', ...(own.cost ? ['--per', PER] : []));
      return [{ id: own.id, part, args, experiment: own, weight: own.designs.length * own.scenes.length }];
    });
  return [...of(EXPERIMENTS, 'matrix'), ...of(MUTATIONS, 'mutations')];
}

/** The exhaustive searches of a comparison alone. */
export function withoutFuzzing({ id, args = [], ...task }) {
  return { ...task, id: `proof-${id}`, args: args.map((word, i) => (args[i - 1] === '--budget' ? '0' : word)) };
}

export function sweeps(model) {
  return SWEEPS.flatMap((sweep) => {
    const own = fitting({ ...sweep, scenes: [sweep.scene] }, model);
    if (own === null || !model.options.includes(sweep.option)) return [];
    const args = ['compare', 'iommu', '--designs', own.designs.join(','), '--scenes', sweep.scene];
    args.push(...optionFlags(own.options), '--option', `${sweep.option}=${sweep.from}..${sweep.to}`);
    args.push('--budget', '0', '--no-verify', '--seed', '1', '--per', PER);
    return [{ id: `by-${sweep.id}`, part: 'sweeps', args, experiment: own, weight: 1 }];
  });
}

const optionsText = (options = {}) => Object.entries(options).map(([name, value]) => `${name}=${value}`);

/** One campaign each for the symptoms that a design is said to have and that one scene, with the same options, can show. */
export function firstGroups(model, where) {
  const groups = new Map();
  for (const [symptom, smallest] of Object.entries(SMALLEST)) {
    DESIGNS.forEach((design, i) => {
      if (EXPECTED[symptom][i] !== 'P' || !model.designs.includes(design)) return;
      const shown = SHOWN.find((one) => one.symptom === symptom && one.design === design);
      const { scene, options = {} } = where === 'full' ? { scene: LARGEST, options: shown?.full ?? {} } : smallest;
      if (fitting({ scenes: [scene], options }, model) === null) return;
      const id = ['first', where, design, scene, ...optionsText(options)].join('-');
      const group = groups.get(id) ?? { id, where, design, scene, options, symptoms: [] };
      group.symptoms.push(symptom);
      groups.set(id, group);
    });
  }
  return [...groups.values()];
}

/** A campaign of a group, for the symptoms that are still of interest. Plain `heddle fuzz` on two workers. */
export function firstTask({ id, where, design, scene, options }, symptoms, seed, limits) {
  const args = ['fuzz', 'iommu', '--design', design, '--scene', scene, ...optionFlags(options)];
  args.push('--stop-on-symptom', symptoms.join(','), '--max-time', limits[where], '--seed', `${seed}`, '--jobs', '2');
  return { id: `${id}-${seed}`, part: 'first', args };
}

/** A campaign that is to stay silent on these symptoms. */
export function soakTask({ design, scene, options, symptoms }, executions) {
  const id = ['soak', design, scene, ...optionsText(options)].join('-');
  const args = ['fuzz', 'iommu', '--design', design, '--scene', scene, ...optionFlags(options)];
  args.push('--stop-on-symptom', symptoms.join(','), '--deterministic', '--max-execs', executions, '--seed', '1');
  return { id, part: 'soaks', args, soak: { design, scene, options, symptoms }, weight: 1 };
}

/** Who accesses dev->iommu without device_lock: one campaign with the lockset oracle a design and scene. */
export function lockTasks(model) {
  return LOCK_SCENES.flatMap((scene) =>
    (fitting({ scenes: [scene] }, model)?.designs ?? []).map((design) => {
      const args = ['fuzz', 'iommu', '--design', design, '--scene', scene, '--oracles', 'lockset'];
      args.push('--deterministic', '--max-execs', LOCK_EXECUTIONS, '--seed', '1');
      return { id: ['locks', design, scene].join('-'), part: 'locks', args, design, scene, weight: 1 };
    }),
  );
}

/** Budgets by the size of the run. */
export function budgets(quick, own = {}) {
  const size = quick ? 'quick' : 'full';
  return { comparison: { ...BUDGETS[size], ...own }, first: FIRST[size], soak: SOAK[size] };
}
