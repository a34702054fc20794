/** The end comes when it must, though memory is collected meanwhile. */
import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it, vi } from 'vitest';
import { callAfter, within } from '../src/deadline.js';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;
const never = new AbortController().signal;

/** Answers once the signal is given. */
const given = (ends: AbortSignal): Promise<string> =>
  new Promise((done) => {
    if (ends.aborted) done('given');
    ends.addEventListener('abort', () => done('given'));
  });

describe('a signal that ends work', () => {
  it('is given after its time, whatever was collected', async () => {
    const work = within(200, never, async (ends) => Promise.race([given(ends), sleep(20_000, 'forgotten')]));
    for (let i = 0; i < 5; i++) {
      await sleep(5);
      collect();
    }
    expect(await work).toBe('given');
  });

  it('is given with the one it is made of, before or after the work has begun', async () => {
    const controller = new AbortController();
    const work = within(null, controller.signal, given);
    controller.abort();
    expect(await work).toBe('given');
    expect(await within(null, controller.signal, given)).toBe('given');
  });

  it('may be more than a timer’s longest wait away', async () => {
    expect(await within(2 ** 33, never, async (ends) => sleep(50, ends.aborted))).toBe(false);
  });

  it('comes after more than a timer’s longest wait, and not before', () => {
    vi.useFakeTimers();
    try {
      let ends = 0;
      callAfter(2 ** 33, () => ends++);
      const forget = callAfter(2 ** 32, () => (ends += 100));
      vi.advanceTimersByTime(2 ** 32 - 1);
      expect([ends, vi.getTimerCount()]).toEqual([0, 2]);
      forget();
      vi.advanceTimersByTime(2 ** 32);
      expect(ends).toBe(0);
      vi.advanceTimersByTime(1);
      expect([ends, vi.getTimerCount()]).toEqual([1, 0]);
    } finally {
      vi.useRealTimers();
    }
  });

  it('leaves nothing behind when the work fails', async () => {
    await expect(within(60_000, never, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  });
});
