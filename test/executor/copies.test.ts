/** Copies race, and what is freed can be copied: wherever the copy goes. */
import { describe, expect, it } from 'vitest';
import { enumerateExecutor } from '../support/enumerate.js';
import { executorOf } from '../support/models.js';

const MODEL = 'test/models/copies.ts';

/** Kinds of findings over all schedules, and in how many of them the copying task went on after one. */
async function outcome(scene: string, design: string): Promise<{ kinds: string[]; survived: number }> {
  const executor = await executorOf(MODEL, { scene, design });
  const kinds = new Set<string>();
  let survived = 0;
  enumerateExecutor(executor, (result) => {
    for (const { kind } of result.findings) kinds.add(kind);
    if (result.findings.length === 0) return;
    const fields = executor.trace(result.recorded).trace.map(({ site }) => executor.manifest.sites[site]?.field);
    if (fields.includes('Seen.survived')) survived++;
  });
  return { kinds: [...kinds], survived };
}

describe('a copy of several cells', () => {
  it('to an object of one’s own has a point before it: what it reads may have changed', async () => {
    expect((await outcome('snapshot', 'bare')).kinds).toEqual(['assertion']);
    expect((await outcome('snapshot', 'locked')).kinds).toEqual([]);
  });

  it.each(['kept', 'shown'])('of what was freed is a finding, and survived: %s', async (scene) => {
    const { kinds, survived } = await outcome(scene, 'bare');
    expect(kinds).toEqual(['use-after-free']);
    expect(survived).toBeGreaterThan(0);
    expect((await outcome(scene, 'locked')).kinds).toEqual([]);
  });
});
