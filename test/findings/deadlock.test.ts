import { describe, expect, it } from 'vitest';
import type { Waiter } from '../../src/executor/types.js';
import { waitFor } from '../../src/findings/deadlock.js';

function waiter(task: number, ...holders: number[]): Waiter {
  return { task, site: task, object: 0x400000 + task * 16, classId: 0, holders, forTask: false };
}

function tasks(waiters: readonly Waiter[]): { cycle: number[]; roots: number[] } {
  const { cycle, roots } = waitFor(waiters);
  return { cycle: cycle.map(({ task }) => task), roots: roots.map(({ task }) => task) };
}

describe('waitFor', () => {
  it('finds a cycle and leaves out who merely waits for it', () => {
    expect(tasks([waiter(0, 1), waiter(1, 3), waiter(3, 1), waiter(4, 0)])).toEqual({ cycle: [1, 3], roots: [] });
  });

  it('keeps the order of the cycle', () => {
    expect(tasks([waiter(0, 2), waiter(1, 0), waiter(2, 1)])).toEqual({ cycle: [0, 2, 1], roots: [] });
  });

  it('finds a cycle behind one of several holders', () => {
    expect(tasks([waiter(0, 5, 1), waiter(1, 0)])).toEqual({ cycle: [0, 1], roots: [] });
  });

  it('names those who wait for what nobody can give', () => {
    expect(tasks([waiter(0), waiter(1, 0), waiter(2, 7)])).toEqual({ cycle: [], roots: [0, 2] });
  });

  it('says nothing of nobody', () => {
    expect(tasks([])).toEqual({ cycle: [], roots: [] });
  });
});
