import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { reduceList, reducePairs } from '../../src/schedule/ddmin.js';
import { hotKey, normaliseHot } from '../../src/schedule/hot.js';
import { minimizeSchedule } from '../../src/schedule/minimize.js';
import type { HotDeviation, HotSchedule } from '../../src/schedule/schedule.js';
import { anyHotSchedule } from './arbitraries.js';

/** Events are told apart by their argument, deviations and choices by step and nth, whatever their numbers become. */
const LARGE: HotSchedule = normaliseHot({
  events: Array.from({ length: 8 }, (_, i) => ({ event: 0, args: [i] })),
  deviations: Array.from({ length: 120 }, (_, i) => ({ task: i % 16, step: i, target: (i + 3) % 16 })),
  choices: Array.from({ length: 20 }, (_, i) => ({ task: i % 8, nth: i, value: 1 })),
});

function argsOf({ events }: HotSchedule): number[] {
  return events.map(({ args }) => args[0] ?? -1);
}

function stepsOf({ deviations }: HotSchedule): number[] {
  return deviations.map(({ step }) => step).sort((a, b) => a - b);
}

/** A deterministic predicate of no shape at all; the whole schedule fails. */
function noise(whole: HotSchedule, salt: number) {
  return (candidate: HotSchedule): HotSchedule | null => {
    const key = hotKey(candidate);
    let hash = salt;
    for (const char of key) hash = Math.imul(hash ^ char.charCodeAt(0), 0x01000193);
    return key === hotKey(whole) || (hash >>> 8) % 3 === 0 ? candidate : null;
  };
}

function without<T>(list: readonly T[], index: number): T[] {
  return list.filter((_, i) => i !== index);
}

describe('minimizeSchedule', () => {
  it('finds exactly what a monotone failure needs', () => {
    const fails = (candidate: HotSchedule) => {
      const [args, steps] = [argsOf(candidate), stepsOf(candidate)];
      const nths = candidate.choices.map(({ nth }) => nth);
      const isFailing =
        args.includes(2) && args.includes(5) && steps.includes(13) && steps.includes(50) && nths.includes(10);
      return isFailing ? candidate : null;
    };
    const { schedule, reproduced, complete, tried, accepted } = minimizeSchedule(LARGE, fails);
    // Step 13 is task 13 (the first spawn of event 5) going to task 0, so event 0 is needed; step 50 goes from 2 to 5.
    expect(argsOf(schedule)).toEqual([0, 2, 5]);
    expect(schedule.deviations).toEqual([
      { task: 1, step: 50, target: 2 },
      { task: 5, step: 13, target: 0 },
    ]);
    expect(schedule.choices).toEqual([{ task: 1, nth: 10, value: 1 }]);
    expect({ reproduced, complete }).toEqual({ reproduced: true, complete: true });
    expect(tried).toBeLessThan(250);
    expect(accepted).toBeLessThan(tried);
  });

  it('drops everything when any schedule fails', () => {
    const { schedule, tried } = minimizeSchedule(LARGE, (candidate) => candidate);
    expect(schedule).toEqual({ events: [{ event: 0, args: [7] }], deviations: [], choices: [] });
    expect(tried).toBeLessThan(10);
  });

  it('finds pairs that only go together', () => {
    const isEven = (candidate: HotSchedule) => (candidate.deviations.length % 2 === 0 ? candidate : null);
    const few = { ...LARGE, choices: [], deviations: LARGE.deviations.slice(0, 10) };
    const fixed = (candidate: HotSchedule) =>
      argsOf(candidate).length === 8 && stepsOf(candidate).includes(few.deviations[4]?.step ?? -1)
        ? isEven(candidate)
        : null;
    expect(minimizeSchedule(few, fixed).schedule.deviations).toHaveLength(2);
  });

  it('goes back to the deviations that a shorter list of events allows', () => {
    // Event 7 can go only once step 7 has gone.
    const fails = (candidate: HotSchedule) =>
      argsOf(candidate).includes(7) || !stepsOf(candidate).includes(8) ? candidate : null;
    const { schedule } = minimizeSchedule(LARGE, (c) => (argsOf(c).includes(1) ? fails(c) : null));
    expect(argsOf(schedule)).toEqual([1]);
    expect(schedule.deviations).toEqual([]);
  });

  it('takes what was recorded when it is smaller, and not when it is larger', () => {
    const needed: HotDeviation[] = LARGE.deviations.filter(({ step }) => step === 13 || step === 50);
    const hasNeeded = (candidate: HotSchedule) =>
      candidate.events.length === 8 && needed.every(({ step }) => stepsOf(candidate).includes(step));
    const leaner = minimizeSchedule(LARGE, (c) => (hasNeeded(c) ? { ...c, deviations: needed, choices: [] } : null));
    expect(leaner.schedule.deviations).toEqual(needed);
    expect(leaner.tried).toBeLessThan(60);
    const larger = minimizeSchedule(LARGE, (c) => (hasNeeded(c) ? LARGE : null));
    expect(larger.schedule.deviations).toEqual(needed);
  });

  it('says when the schedule does not fail', () => {
    expect(minimizeSchedule(LARGE, () => null)).toEqual({
      schedule: LARGE,
      reproduced: false,
      complete: true,
      tried: 1,
      accepted: 0,
    });
  });

  it('stops at maxRuns with the best so far', () => {
    for (const maxRuns of [0, 1, 2, 7, 40]) {
      let runs = 0;
      const fails = (candidate: HotSchedule) => {
        runs += 1;
        return [0, 60, 119].every((step) => stepsOf(candidate).includes(step)) ? candidate : null;
      };
      const { schedule, tried, complete, reproduced } = minimizeSchedule(LARGE, fails, { maxRuns });
      expect(tried).toBe(runs);
      expect(tried).toBe(maxRuns);
      expect({ complete, reproduced }).toEqual({ complete: false, reproduced: maxRuns > 0 });
      expect(stepsOf(schedule)).toEqual(expect.arrayContaining([0, 60, 119]));
    }
  });

  it('copes with the largest schedule', () => {
    const deviations = Array.from({ length: 4096 }, (_, i) => ({ task: i % 2, step: i, target: 1 - (i % 2) }));
    const large: HotSchedule = { events: LARGE.events.slice(0, 2), deviations, choices: [] };
    const fails = (c: HotSchedule) => ([7, 2048, 4000].every((step) => stepsOf(c).includes(step)) ? c : null);
    const { schedule, tried } = minimizeSchedule(large, fails);
    expect(stepsOf(schedule)).toEqual([7, 2048, 4000]);
    expect(tried).toBeLessThan(200);
  });

  it('is 1-minimal and never runs a candidate twice, whatever the predicate', () => {
    const property = fc.property(anyHotSchedule, fc.nat(), (start, salt) => {
      const whole = normaliseHot(start);
      const fails = noise(whole, salt);
      const seen = new Set<string>();
      const { schedule, reproduced, complete } = minimizeSchedule(whole, (candidate) => {
        expect(seen.has(hotKey(candidate))).toBe(false);
        seen.add(hotKey(candidate));
        return fails(candidate);
      });
      expect({ reproduced, complete }).toEqual({ reproduced: true, complete: true });
      expect(fails(schedule)).not.toBeNull();
      expect(schedule).toEqual(normaliseHot(schedule));
      for (const i of schedule.deviations.keys()) {
        expect(fails({ ...schedule, deviations: without(schedule.deviations, i) })).toBeNull();
      }
      for (const i of schedule.choices.keys()) {
        expect(fails({ ...schedule, choices: without(schedule.choices, i) })).toBeNull();
      }
      for (const i of schedule.deviations.keys()) {
        for (const k of schedule.deviations.keys()) {
          if (i < k) expect(fails({ ...schedule, deviations: without(without(schedule.deviations, k), i) })).toBeNull();
        }
      }
    });
    fc.assert(property, { numRuns: 400 });
  });

  it('finds the needed part of any monotone failure', () => {
    const property = fc.property(anyHotSchedule, fc.infiniteStream(fc.boolean()), (start, coins) => {
      const whole = normaliseHot(start);
      const isNeeded = () => coins.next().value === true;
      const deviations = whole.deviations.filter(isNeeded);
      const choices = whole.choices.filter(isNeeded);
      const isIn = <T>(list: readonly T[], all: readonly T[]) => all.every((one) => list.includes(one));
      const fails = (c: HotSchedule) =>
        c.events.length === whole.events.length && isIn(c.deviations, deviations) && isIn(c.choices, choices)
          ? c
          : null;
      expect(minimizeSchedule(whole, fails).schedule).toEqual({ events: whole.events, deviations, choices });
    });
    fc.assert(property, { numRuns: 500 });
  });
});

describe('reduceList and reducePairs', () => {
  it('keep the order and are 1-minimal', () => {
    const property = fc.property(
      fc.uniqueArray(fc.nat(50), { maxLength: 30 }),
      fc.uniqueArray(fc.nat(50)),
      (list, wanted) => {
        const needed = list.filter((item) => wanted.includes(item));
        const tryWithout = (kept: readonly number[]) => (needed.every((item) => kept.includes(item)) ? kept : null);
        expect(reduceList(list, tryWithout)).toEqual(needed);
        expect(reducePairs(list, tryWithout).length - needed.length).toBeLessThan(2);
      },
    );
    fc.assert(property);
  });
});
