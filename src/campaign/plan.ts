/** Which strategies the next batch runs, on what: the same corpus, shares and random source give the same plan. */
import type { Declarations, SceneDeclaration } from '../executor/declarations.js';
import type { EventDomain } from '../schedule/draft.js';
import { mutate } from '../schedule/mutate.js';
import { pickOne, type Random } from '../schedule/prng.js';
import type { HotEvent, HotSchedule } from '../schedule/schedule.js';
import type { Stage } from '../worker/protocol.js';
import type { Bandit } from './bandit.js';
import type { Entries, Entry } from './entries.js';
import { AIMS_AT_LOCK_CYCLES, MANY_OBJECTS, OBJECTS, OPENING, type OpeningStage } from './opening.js';
import type { CampaignStrategy } from './types.js';

/** Stages of a batch: enough to mix strategies, few enough that their set-up costs nothing. */
export const STAGES = 8;
const STEPS_GUESS = 32;

/** A stage and where it came from. */
export interface PlannedStage {
  readonly stage: Stage;
  /** What users call it: SURW and POS also run as `urw` and `lock-cycles`. */
  readonly strategy: string;
  /** Id of the parent entry, or empty. */
  readonly parent: string;
  /** Strategy, with the operators that changed the parent. */
  readonly origin: string;
}

/** What a batch is granted of `--max-execs`. */
export const executionsOf = (planned: readonly PlannedStage[]): number =>
  planned.reduce((sum, { stage }) => sum + stage.executions, 0);

export interface PlanContext {
  readonly declarations: Declarations;
  /** Scenes to run; one = it is fixed, and so are its events. */
  readonly scenes: readonly SceneDeclaration[];
  readonly strategy: CampaignStrategy;
  readonly entries: Entries;
  readonly random: Random;
  readonly executionsPerStage: number;
  readonly workers: number;
  /** Openings of each scene so far: every worker should have one, since an enumeration is dealt among them. */
  readonly opened: Map<string, number>;
  readonly bandit: Pick<Bandit<Sampler>, 'draw'>;
  /** Whether the enumeration of a scene has nothing left on any worker. */
  isSpent(scene: string): boolean;
}

/** What the portfolio chooses from. */
export const SAMPLERS = ['bounded', 'surw', 'reads-from', 'pos', 'pct', 'random', 'mutation'] as const;
export type Sampler = (typeof SAMPLERS)[number] | 'delay' | 'last-first' | 'turns';

export function planBatch(context: PlanContext): PlannedStage[] {
  const { strategy, scenes, random, executionsPerStage: executions } = context;
  if (strategy === 'portfolio') {
    const scene = scenes.find(({ name }) => (context.opened.get(name) ?? 0) < context.workers);
    if (scene) {
      context.opened.set(scene.name, (context.opened.get(scene.name) ?? 0) + 1);
      return OPENING.map((stage) => sceneStage(context, scene, stage));
    }
    const open = SAMPLERS.filter((name) => name !== 'bounded' || scenes.some((s) => !context.isSpent(s.name)));
    return context.bandit
      .draw(open, STAGES, random)
      .map((name) => planStage(context, name, parameterFor(name, random)));
  }
  if (strategy === 'bounded' || strategy === 'delay') {
    return scenes
      .filter(({ name }) => !context.isSpent(name))
      .map((scene) => sceneStage(context, scene, { strategy, parameter: 0, executions }));
  }
  return Array.from({ length: STAGES }, () => {
    const { sampler, parameter } = samplerAlone(strategy, random);
    const planned = planStage(context, sampler, parameter);
    return sampler === strategy ? planned : { ...planned, strategy };
  });
}

/** What runs a strategy that is the only one. SURW draws one object, as in the paper, and URW none. */
function samplerAlone(
  strategy: Exclude<CampaignStrategy, 'portfolio'>,
  random: Random,
): { readonly sampler: Sampler; readonly parameter: number } {
  switch (strategy) {
    case 'pct':
      return { sampler: 'pct', parameter: pctDepth(random) };
    case 'surw':
      return { sampler: 'surw', parameter: 1 };
    case 'urw':
      return { sampler: 'surw', parameter: 0 };
    case 'lock-cycles':
      return { sampler: 'pos', parameter: AIMS_AT_LOCK_CYCLES };
    default:
      return { sampler: strategy, parameter: 0 };
  }
}

/** From 2 to 5. */
const pctDepth = (random: Random): number => 2 + random.below(4);

/** In a portfolio SURW draws no object in particular, one, as many as in the opening, or many: each finds bugs that the others rarely meet. */
function parameterFor(name: Sampler, random: Random): number {
  if (name === 'pct') return pctDepth(random);
  if (name === 'pos') return AIMS_AT_LOCK_CYCLES;
  return name === 'surw' ? (pickOne([0, 1, OBJECTS, MANY_OBJECTS], random) ?? OBJECTS) : 0;
}

/** A stage on the scene's own events. */
function sceneStage(context: PlanContext, scene: SceneDeclaration, opening: OpeningStage): PlannedStage {
  const schedule = sceneSchedule(context.declarations, scene);
  const { strategy, parameter, executions } = opening;
  const steps = schedule.events.map(() => STEPS_GUESS);
  return {
    stage: { strategy, scene: scene.name, parameter, schedule, steps, choices: 0, executions },
    strategy,
    parent: '',
    origin: strategy,
  };
}

function planStage(context: PlanContext, wanted: Sampler, parameter: number): PlannedStage {
  const { scenes, random } = context;
  const executions = context.executionsPerStage;
  if (wanted === 'bounded') {
    const scene = pickOne(
      scenes.filter(({ name }) => !context.isSpent(name)),
      random,
    );
    if (scene) return sceneStage(context, scene, { strategy: wanted, parameter, executions });
  }
  const scene = pickOne(scenes, random);
  if (!scene) throw new Error('a model has at least one scene');
  const fixed = scenes.length === 1;
  const parent = context.entries.pick(random, fixed ? scene.name : null);
  if (wanted === 'mutation' && parent) return mutationStage(context, parent, fixed);
  const strategy = wanted === 'mutation' ? 'random' : wanted;
  const from = !fixed && parent && random.chance(0.5) ? vary(context, parent, fixed) : null;
  const schedule = from?.schedule ?? sceneSchedule(context.declarations, scene);
  const steps = parent && parent.scene === scene.name && !from ? parent.steps : schedule.events.map(() => STEPS_GUESS);
  return {
    stage: {
      strategy,
      scene: from ? (parent?.scene ?? scene.name) : scene.name,
      parameter,
      schedule: { ...schedule, deviations: [], choices: [] },
      steps,
      choices: 0,
      executions,
    },
    strategy,
    parent: from ? (parent?.id ?? '') : '',
    origin: from ? `${strategy}+${from.operators.join('+')}` : strategy,
  };
}

function mutationStage(context: PlanContext, parent: Entry, fixed: boolean): PlannedStage {
  parent.chosen += 1;
  const mutant = context.random.chance(0.5)
    ? vary(context, parent, fixed)
    : { schedule: parent.schedule, operators: [] };
  const same = sameEvents(mutant.schedule.events, parent.schedule.events);
  return {
    stage: {
      strategy: 'mutation',
      scene: parent.scene,
      parameter: 0,
      schedule: mutant.schedule,
      steps: same ? parent.steps : mutant.schedule.events.map((_, i) => parent.steps[i] ?? STEPS_GUESS),
      choices: parent.choices.length,
      executions: context.executionsPerStage,
      samples: context.entries.samples,
    },
    strategy: 'mutation',
    parent: parent.id,
    origin: ['mutation', ...mutant.operators].join('+'),
  };
}

/** A structural mutant of the parent, perhaps spliced with another entry of its scene. */
function vary(
  context: PlanContext,
  parent: Entry,
  fixed: boolean,
): { schedule: HotSchedule; operators: readonly string[] } {
  const events: EventDomain[] = context.declarations.events.map((event) => ({
    name: event.name,
    args: Array.from({ length: event.arity }, (_, i) => event.args[i] ?? { min: 0, max: 0 }),
    atMost: event.atMost,
  }));
  const partner = context.entries.pick(context.random, parent.scene);
  return mutate(
    parent.schedule,
    { events, fixedEvents: fixed, steps: parent.steps, choices: parent.choices },
    context.random,
    partner && partner !== parent ? { partner: partner.schedule } : {},
  );
}

function sameEvents(a: readonly HotEvent[], b: readonly HotEvent[]): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** A scene's events under the default scheduler. */
export function sceneSchedule(declarations: Declarations, scene: SceneDeclaration): HotSchedule {
  const events = scene.events.map((call) => {
    const event = declarations.events.findIndex((e) => e.name === call.event);
    return { event, args: call.args.slice(0, declarations.events[event]?.arity ?? 0) };
  });
  return { events, deviations: [], choices: [] };
}
