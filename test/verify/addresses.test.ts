/** Objects without addresses: when a search may do without them, and what that is worth. */
import { describe, expect, it } from 'vitest';
import { Search, UNBOUNDED } from '../../src/executor/search.js';
import { Visited } from '../../src/executor/visited.js';
import { modelAt } from '../support/models.js';

const MODEL = 'test/models/addresses.ts';
/** `learned.named` of assembly/search/locations.ts. */
const NAMED = 0x1120000 + 24;

async function search(
  scene: string,
  reduce = true,
  path = MODEL,
  design = '',
): Promise<{ named: boolean; states: number }> {
  const visited = Visited.create(20, false);
  const one = new Search({
    ...{
      artefact: await modelAt(path, 'exact'),
      configuration: { scene, design },
      limits: { steps: 20_000, fuel: 1 << 20 },
    },
    ...{ visited, reduce, costly: false, bounds: UNBOUNDED, pathBytes: 1 << 22 },
  });
  one.learn();
  one.start();
  for (let event = one.run(20_000); event !== 'finished'; event = one.run(20_000)) {
    if (event === 'finding') one.violations();
    else if (event === 'restart') {
      visited.clear(20, false);
      one.start();
    } else expect(event).toBe('more');
  }
  return { named: one.executor.view.i32(NAMED) !== 0, states: one.states };
}

describe('an address', () => {
  it.each(['shifts', 'widens', 'halves', 'leavesObject', 'looksLikeOne', 'adds', 'floats', 'compared'])(
    'is seen to matter: %s',
    async (scene) => {
      expect(await search(scene)).toMatchObject({ named: true });
    },
  );

  it.each(['plain', 'taken', 'linked', 'lost', 'recycled', 'exchanged'])('is not seen to matter: %s', async (scene) => {
    expect(await search(scene)).toMatchObject({ named: false });
  });
});

describe('states whose objects have no addresses', () => {
  it.each([
    ['exchanged', 28],
    ['recycled', 64],
    ['taken', 15],
    ['linked', 6],
  ])('are one if their objects can be renamed: scene %s has %i', async (scene, states) => {
    expect((await search(scene)).states).toBe(states);
  });

  it('are one in fourteen of the reduced ones with addresses in a scene whose tasks share what they allocate', async () => {
    const { states } = await search('bind', true, 'bench/models/exhaust.ts', 'racy');
    expect(states).toBe(23_575);
  });
});
