/** Sleep sets leave out transitions, and no states. What they may not leave out, random programs show (random-programs.test.ts). */
import { describe, expect, it } from 'vitest';
import { Search, type SearchEvent, UNBOUNDED } from '../../src/executor/search.js';
import { Visited } from '../../src/executor/visited.js';
import { modelAt } from '../support/models.js';

/** States and transitions of the last pass. `alone`: no other thread is there, so sleep sets are used. */
async function lastPass(path: string, design: string, scene: string, alone: boolean): Promise<[number, number]> {
  const artefact = await modelAt(path, 'exact');
  for (let learned: Uint8Array | null = null; ; ) {
    const search: Search = new Search({
      artefact,
      configuration: { design, scene },
      limits: { steps: 20_000, fuel: 1 << 20 },
      visited: Visited.create(16, false),
      reduce: true,
      costly: false,
      bounds: UNBOUNDED,
      pathBytes: 1 << 20,
    });
    if (learned) search.teach(learned);
    search.start();
    if (!alone) search.admitThreads();
    let event: SearchEvent = 'more';
    while (event === 'more' || event === 'finding') {
      event = search.run(1_000);
      if (event === 'finding') search.violations();
    }
    if (event !== 'restart') return [search.states, search.transitions];
    learned = search.learned();
  }
}

const EXHAUST = 'bench/models/exhaust.ts';
const LIVENESS = 'test/models/liveness.ts';

describe('sleep sets', () => {
  it.each([
    [EXHAUST, 'racy', 'abba-8', 750, 2_297, 3_152],
    // Most of it is that one of several tasks that stand alike is tried.
    [EXHAUST, 'racy', 'locks-8', 162, 359, 995],
    [EXHAUST, 'locked', 'bind-5', 436, 1_242, 1_885],
    ['test/models/waiting.ts', '', 'work-two', 209, 352, 468],
    // A circle of two states: sleep sets end with it, or there would be 47.
    [LIVENESS, '', 'livelock-back-off', 26, 50, 50],
  ])('leave out transitions of %s %s %s: %i states, %i of %i', async (path, design, scene, states, some, all) => {
    expect(await lastPass(path, design, scene, true)).toEqual([states, some]);
    expect(await lastPass(path, design, scene, false)).toEqual([states, all]);
  });
});
