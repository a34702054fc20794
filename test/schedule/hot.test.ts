import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hotKey, isNormalHot, normaliseHot } from '../../src/schedule/hot.js';
import { type HotSchedule, LIMITS } from '../../src/schedule/schedule.js';
import { eventOfSlot, pathOfSlot, remapDecisions, remapSlot, slotOf, slotOfPath } from '../../src/schedule/slots.js';
import { TASKS_MAX } from '../../src/schedule/validate.js';
import { anyHotSchedule } from './arbitraries.js';

describe('normaliseHot', () => {
  it('sorts, keeps the first of two decisions at one place, and drops what cannot matter', () => {
    const schedule: HotSchedule = {
      events: [
        { event: 0, args: [] },
        { event: 1, args: [2] },
      ],
      deviations: [
        { task: 1, step: 4, target: 0 },
        { task: 0, step: 9, target: 1 },
        { task: 0, step: 2, target: 1 },
        { task: 1, step: 4, target: 2 },
        { task: 0, step: 3, target: 0 },
        { task: 0, step: -1, target: 1 },
        { task: TASKS_MAX, step: 0, target: 1 },
        { task: 0, step: 0.5, target: 1 },
      ],
      choices: [
        { task: 1, nth: 0, value: 2 },
        { task: 0, nth: 1, value: 0 },
        { task: 0, nth: 0, value: 1 },
        { task: 1, nth: 0, value: 3 },
      ],
    };
    expect(normaliseHot(schedule)).toEqual({
      events: schedule.events,
      deviations: [
        { task: 0, step: 2, target: 1 },
        { task: 0, step: 3, target: 0 },
        { task: 0, step: 9, target: 1 },
        { task: 1, step: 4, target: 0 },
      ],
      choices: [
        { task: 0, nth: 0, value: 1 },
        { task: 1, nth: 0, value: 2 },
      ],
    });
  });

  it('is idempotent, and agrees with isNormalHot and hotKey', () => {
    const property = fc.property(anyHotSchedule, (schedule) => {
      const normal = normaliseHot(schedule);
      expect(normaliseHot(normal)).toEqual(normal);
      expect(isNormalHot(normal)).toBe(true);
      expect(isNormalHot(schedule)).toBe(JSON.stringify(schedule) === JSON.stringify(normal));
      const shuffled = {
        ...normal,
        deviations: [...normal.deviations].reverse(),
        choices: [...normal.choices].reverse(),
      };
      expect(hotKey(shuffled)).toBe(hotKey(normal));
    });
    fc.assert(property);
  });

  it('keeps the limits', () => {
    const deviations = Array.from({ length: 5000 }, (_, step) => ({ task: 0, step, target: 1 }));
    const choices = Array.from({ length: 5000 }, (_, nth) => ({ task: 0, nth, value: 1 }));
    const events = Array.from({ length: LIMITS.events + 20 }, () => ({ event: 0, args: [] }));
    const normal = normaliseHot({ events, deviations, choices });
    expect([normal.events.length, normal.deviations.length, normal.choices.length]).toEqual([
      LIMITS.events,
      LIMITS.deviations,
      LIMITS.choices,
    ]);
  });
});

describe('slots', () => {
  it('follow the rule E + n·E + parent', () => {
    expect([slotOf(3, 0, 0), slotOf(3, 2, 0), slotOf(3, 1, 1), slotOf(3, 1, 40)]).toEqual([3, 5, 7, 124]);
    expect([
      slotOf(3, 3, 0),
      slotOf(3, -1, 0),
      slotOf(3, 0, -1),
      slotOf(3, 2, 41),
      slotOf(64, 63, 0),
      slotOf(64, 0, 1),
    ]).toEqual([-1, -1, -1, -1, 127, -1]);
  });

  it('and paths are two names of one task', () => {
    for (const events of [1, 2, 3, 7, 64]) {
      for (let slot = 0; slot < TASKS_MAX; slot += 1) {
        expect(slotOfPath(events, pathOfSlot(events, slot))).toBe(slot);
        expect(pathOfSlot(events, slot).split('.')[0]).toBe(String(eventOfSlot(events, slot)));
      }
    }
    expect(['3', '0.1.0', '', 'x', '0.', '00', '0.127'].map((path) => slotOfPath(3, path))).toEqual([
      -1, -1, -1, -1, -1, -1, -1,
    ]);
  });

  it('follow their events', () => {
    // Of the events a b c, b goes and c comes before a.
    const map = [1, -1, 0];
    expect([0, 1, 2, 3, 4, 5, 6, 8].map((slot) => remapSlot(slot, 3, 2, map))).toEqual([1, -1, 0, 3, -1, 2, 5, 4]);
    // Slot 127 would be the 42nd spawn: it is a deeper task and keeps its number.
    expect([remapSlot(127, 3, 2, map), remapSlot(127, 64, 63, [...Array(63).keys(), -1])]).toEqual([127, -1]);
    const after = remapDecisions(
      {
        events: [0, 1, 2].map((event) => ({ event, args: [] })),
        deviations: [
          { task: 0, step: 1, target: 5 },
          { task: 0, step: 2, target: 1 },
          { task: 4, step: 3, target: 0 },
        ],
        choices: [
          { task: 5, nth: 0, value: 1 },
          { task: 1, nth: 0, value: 1 },
        ],
      },
      2,
      map,
    );
    expect(after).toEqual({ deviations: [{ task: 1, step: 1, target: 2 }], choices: [{ task: 2, nth: 0, value: 1 }] });
  });
});
