import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Draft } from '../../src/schedule/draft.js';
import { hotKey, isNormalHot, normaliseHot } from '../../src/schedule/hot.js';
import { MUTATORS, type MutationContext, mutate } from '../../src/schedule/mutate.js';
import { createRandom } from '../../src/schedule/prng.js';
import { type HotSchedule, LIMITS } from '../../src/schedule/schedule.js';
import { anyHotSchedule } from './arbitraries.js';

const DOMAINS = [
  { name: 'register', args: [{ min: 0, max: 3 }], atMost: 2 },
  {
    name: 'bind',
    args: [
      { min: -2, max: 2 },
      { min: -0x80000000, max: 0x7fffffff },
    ],
    atMost: 0,
  },
  { name: 'kdump', args: [], atMost: 1 },
];

const CONTEXT: MutationContext = {
  events: DOMAINS,
  fixedEvents: false,
  steps: [10, 20, 0, 5, 0, 7],
  choices: [
    { task: 0, nth: 0, n: 2 },
    { task: 1, nth: 3, n: 5 },
  ],
};

/** Three events; slot 3 is the first spawn of event 0 and slot 5 that of event 2. */
const PARENT: HotSchedule = {
  events: [
    { event: 0, args: [1] },
    { event: 1, args: [0, 7] },
    { event: 2, args: [] },
  ],
  deviations: [
    { task: 0, step: 3, target: 1 },
    { task: 1, step: 12, target: 0 },
    { task: 5, step: 2, target: 3 },
  ],
  choices: [{ task: 1, nth: 3, value: 2 }],
};
const PARTNER: HotSchedule = {
  events: [
    { event: 1, args: [2, 2] },
    { event: 0, args: [3] },
  ],
  deviations: [
    { task: 0, step: 15, target: 1 },
    { task: 1, step: 1, target: 0 },
    { task: 3, step: 4, target: 0 },
  ],
  choices: [{ task: 1, nth: 0, value: 1 }],
};

/** A schedule within the domains: what a campaign mutates. */
const anyLegal = anyHotSchedule.map((schedule): HotSchedule => {
  const counts = [0, 0, 0];
  const events = schedule.events.map(({ event, args: [a = 0, b = 0] }) => {
    const kind = event % 3;
    const count = (counts[kind] ?? 0) + 1;
    counts[kind] = count;
    const atMost = DOMAINS[kind]?.atMost ?? 0;
    const legal = atMost > 0 && count > atMost ? 1 : kind;
    return { event: legal, args: legal === 0 ? [a] : legal === 1 ? [a % 3, b] : [] };
  });
  return normaliseHot({ ...schedule, events });
});

function expectLegal({ events, deviations, choices }: HotSchedule): void {
  expect(isNormalHot({ events, deviations, choices })).toBe(true);
  expect(events.length).toBeGreaterThan(0);
  for (const [kind, domain] of DOMAINS.entries()) {
    const calls = events.filter(({ event }) => event === kind);
    if (domain.atMost > 0) expect(calls.length).toBeLessThanOrEqual(domain.atMost);
    for (const { args } of calls) {
      expect(args).toHaveLength(domain.args.length);
      for (const [i, { min, max }] of domain.args.entries()) {
        expect(args[i]).toBeGreaterThanOrEqual(min);
        expect(args[i]).toBeLessThanOrEqual(max);
      }
    }
  }
}

describe('mutate', () => {
  it('keeps limits, domains and the normal form', { timeout: 60_000 }, () => {
    const property = fc.property(anyLegal, anyLegal, fc.nat(), fc.boolean(), (parent, partner, seed, withPartner) => {
      const { schedule, operators } = mutate(parent, CONTEXT, createRandom(seed), withPartner ? { partner } : {});
      expectLegal(schedule);
      const isStay = ({ task, target }: HotSchedule['deviations'][number]) => task === target;
      if (!parent.deviations.some(isStay) && !(withPartner && partner.deviations.some(isStay))) {
        expect(schedule.deviations.some(isStay)).toBe(false);
      }
      if (operators.length === 0) expect(schedule).toEqual(parent);
    });
    fc.assert(property, { numRuns: 2000 });
  });

  it('leaves events and arguments alone in a fixed scene, but for their order', () => {
    const bag = ({ events }: HotSchedule) => events.map((event) => JSON.stringify(event)).sort();
    const property = fc.property(anyLegal, anyLegal, fc.nat(), (parent, partner, seed) => {
      const { schedule } = mutate(parent, { ...CONTEXT, fixedEvents: true }, createRandom(seed), { partner });
      expect(bag(schedule)).toEqual(bag(parent));
    });
    fc.assert(property, { numRuns: 2000 });
  });

  it('gives the same mutants for the same seed, for ever', () => {
    const random = createRandom(42);
    const mutants = Array.from({ length: 12 }, () => mutate(PARENT, CONTEXT, random, { partner: PARTNER }));
    const shown = mutants.map(({ schedule, operators }) => `${operators.join(' ')} => ${hotKey(schedule)}`);
    expect(shown).toMatchSnapshot();
  });

  it('uses every operator', () => {
    const random = createRandom(7);
    const used = new Set<string>();
    let schedule = PARENT;
    for (let i = 0; i < 3000; i += 1) {
      const mutant = mutate(schedule, CONTEXT, random, { partner: PARTNER });
      for (const name of mutant.operators) used.add(name);
      schedule = i % 10 === 0 ? PARENT : mutant.schedule;
    }
    expect([...used].sort()).toEqual(MUTATORS.map(({ name }) => name).sort());
  });

  it('has no two operators of one name', () => {
    expect(new Set(MUTATORS.map(({ name }) => name)).size).toBe(MUTATORS.length);
  });

  it('uses only operators that the caller gives weight', () => {
    const weights = MUTATORS.map(({ name }) => (name === 'switch-insert' ? 1 : 0));
    const { operators, schedule } = mutate(PARENT, CONTEXT, createRandom(1), { weights });
    expect(new Set(operators)).toEqual(new Set(['switch-insert']));
    expect(schedule.deviations.length).toBe(PARENT.deviations.length + operators.length);
    expect(mutate(PARENT, CONTEXT, createRandom(1), { weights: MUTATORS.map(() => 0) }).operators).toEqual([]);
  });

  it('splices nothing without a partner', () => {
    const random = createRandom(3);
    for (let i = 0; i < 500; i += 1) {
      expect(mutate(PARENT, CONTEXT, random).operators.join()).not.toContain('splice');
    }
  });

  it('copes with full, empty and unknown schedules', { timeout: 60_000 }, () => {
    const random = createRandom(5);
    const full: HotSchedule = {
      events: Array.from({ length: LIMITS.events }, () => ({ event: 1, args: [0, 0] })),
      deviations: Array.from({ length: LIMITS.deviations }, (_, i) => ({
        task: i % 64,
        step: i >> 6,
        target: (i + 1) % 64,
      })),
      choices: Array.from({ length: LIMITS.choices }, (_, i) => ({ task: i % 64, nth: i >> 6, value: 1 })),
    };
    const empty: HotSchedule = { events: [], deviations: [], choices: [] };
    const unknown: HotSchedule = { ...PARENT, events: [{ event: 99, args: [1] }] };
    const bare: MutationContext = { events: [], fixedEvents: false, steps: [], choices: [] };
    for (const parent of [full, empty, unknown, PARENT]) {
      for (const context of [CONTEXT, bare]) {
        for (let i = 0; i < 12; i += 1) {
          const { schedule } = mutate(parent, context, random, { partner: i % 2 === 0 ? full : empty });
          expect(isNormalHot(schedule)).toBe(true);
        }
      }
    }
  });
});

describe('single operators', () => {
  function apply(name: string, draft: Draft, context: MutationContext, seed: number, partner = PARTNER): boolean {
    const mutator = MUTATORS.find((one) => one.name === name);
    if (mutator === undefined) throw new Error(`no operator ${name}`);
    return mutator.apply(draft, context, createRandom(seed), partner);
  }

  /** The parent's decisions with the name of the event in the place of its number. */
  function meaning({ events, deviations, choices }: HotSchedule): string[] {
    const name = (slot: number) =>
      `${JSON.stringify(events[slot % events.length])}.${Math.floor(slot / events.length)}`;
    return [
      ...deviations.map(({ task, step, target }) => `${name(task)} ${step} ${name(target)}`),
      ...choices.map(({ task, nth, value }) => `${name(task)} ${nth} ${value}`),
    ].sort();
  }

  it.each(['event-swap', 'event-move', 'event-add', 'event-duplicate'])('%s: decisions follow their events', (name) => {
    const parent: HotSchedule = {
      ...PARENT,
      events: PARENT.events.map(({ event }, i) => ({ event, args: [i, 0].slice(0, event) })),
    };
    for (let seed = 0; seed < 50; seed += 1) {
      const draft = new Draft(parent, CONTEXT);
      if (!apply(name, draft, CONTEXT, seed)) continue;
      expect(meaning(draft)).toEqual(meaning(parent));
    }
  });

  it('event-remove loses the decisions of that event and of its spawns only', () => {
    for (let seed = 0; seed < 20; seed += 1) {
      const draft = new Draft(PARENT, CONTEXT);
      expect(apply('event-remove', draft, CONTEXT, seed)).toBe(true);
      expect(draft.events).toHaveLength(2);
      for (const kept of meaning(draft)) expect(meaning(PARENT)).toContain(kept);
      if (draft.events[0]?.event === 1) expect(draft.deviations).toEqual([]);
      if (draft.events[1]?.event === 1) expect(draft.deviations).toHaveLength(2);
    }
  });

  it('what is known of the last run follows its event', () => {
    const draft = new Draft(PARENT, CONTEXT);
    draft.replaceEvents([2, 0].map((from) => ({ from, event: PARENT.events[from] ?? { event: 0, args: [] } })));
    expect(draft.tasks).toEqual([0, 1, 2, 3]);
    expect([0, 1, 2, 3].map((slot) => draft.stepsOf(slot))).toEqual([16, 10, 7, 5]);
    expect(draft.seen).toEqual([{ task: 1, nth: 0, n: 2 }]);
  });

  it('an operator that does not apply changes nothing', () => {
    const property = fc.property(
      anyLegal,
      anyLegal,
      fc.constantFrom(...MUTATORS),
      fc.nat(),
      (parent, partner, mutator, seed) => {
        const draft = new Draft(parent, CONTEXT);
        if (mutator.apply(draft, CONTEXT, createRandom(seed), partner)) return;
        expect([draft.events, draft.deviations, draft.choices]).toEqual([
          parent.events,
          parent.deviations,
          parent.choices,
        ]);
      },
    );
    fc.assert(property, { numRuns: 2000 });
  });

  it('splice-prefix: own deviations up to a point, then the partner’s', () => {
    const own: HotSchedule = {
      ...PARENT,
      deviations: [0, 5, 9].map((step) => ({ task: 0, step, target: 1 })),
      choices: [],
    };
    const partner: HotSchedule = { ...own, deviations: [1, 4, 8].map((step) => ({ task: 0, step, target: 2 })) };
    const seen = new Set<string>();
    for (let seed = 0; seed < 60; seed += 1) {
      const draft = new Draft(own, CONTEXT);
      if (!apply('splice-prefix', draft, CONTEXT, seed, partner)) continue;
      const { deviations } = normaliseHot(draft);
      const turn = deviations.findIndex(({ target }) => target === 2);
      expect(deviations.every(({ target }, i) => (target === 2) === i >= turn)).toBe(true);
      seen.add(deviations.map(({ step }) => step).join());
    }
    expect([...seen].sort()).toEqual(['0,1,4,8', '0,4,8', '0,5,8', '0,8']);
  });

  it('splice-union: everything of both, the own decision where they disagree', () => {
    const partner: HotSchedule = {
      ...PARENT,
      deviations: [
        { task: 0, step: 3, target: 2 },
        { task: 2, step: 0, target: 0 },
      ],
      choices: [{ task: 0, nth: 0, value: 1 }],
    };
    const draft = new Draft(PARENT, CONTEXT);
    expect(apply('splice-union', draft, CONTEXT, 0, partner)).toBe(true);
    expect(normaliseHot(draft)).toEqual({
      events: PARENT.events,
      deviations: [PARENT.deviations[0], PARENT.deviations[1], { task: 2, step: 0, target: 0 }, PARENT.deviations[2]],
      choices: [{ task: 0, nth: 0, value: 1 }, ...PARENT.choices],
    });
  });

  it('splices by event: another order of the partner’s events does not matter', () => {
    const draft = new Draft({ ...PARENT, deviations: [], choices: [] }, CONTEXT);
    expect(apply('splice-union', draft, CONTEXT, 0, PARTNER)).toBe(true);
    // The partner's event 0 is our event 1 and the other way round; its slot 3 is the first spawn of its event 1.
    expect(normaliseHot(draft)).toEqual({
      events: PARENT.events,
      deviations: [
        { task: 0, step: 1, target: 1 },
        { task: 1, step: 15, target: 0 },
        { task: 3, step: 4, target: 1 },
      ],
      choices: [{ task: 0, nth: 0, value: 1 }],
    });
  });

  it('splice-events appends the partner’s events with their decisions', () => {
    const draft = new Draft(PARENT, CONTEXT);
    expect(apply('splice-events', draft, CONTEXT, 0)).toBe(true);
    expect(draft.events.map(({ event }) => event)).toEqual([0, 1, 2, 1, 0]);
    expect(meaning(draft)).toEqual([...meaning(PARENT), ...meaning(PARTNER)].sort());
  });
});
