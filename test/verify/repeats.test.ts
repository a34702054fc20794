/** A search that met a circle of states says that runs without an end were not judged; one that met none has no such run. */
import { expect, it } from 'vitest';
import { modelOf } from '../support/models.js';
import { searched } from '../support/searched.js';

const MODEL = `import { check, choose, cpuRelax, design, designIs, event, scene } from 'heddle';
class Flag { up: i32 = 0; seen: i32 = 0; }
const flag = new Flag();
function forever(): void { while (true) flag.up = 1; }
function raise(): void { flag.up = 1; }
function wait(): void { while (!flag.up) cpuRelax(); }
function four(): void { for (let i = 0; i < 4; i++) flag.seen += 1; }
function wide(): void { flag.seen = choose(300); }
export function register(): void {
  event('forever', forever);
  event('raise', raise);
  event('wait', wait);
  event('four', four);
  event('wide', wide);
  scene('endless').with('forever').with('forever');
  scene('waits').with('wait').with('raise');
  scene('ends').with('four').with('four');
  scene('chooses').with('wide');
}
`;

const run = (scene: string, more: Parameters<typeof searched>[1] = {}): ReturnType<typeof searched> =>
  searched((flavour) => modelOf(MODEL, 'repeating', flavour), { scene, ...more });

it.each([true, false])('reduction %s', async (reduce) => {
  expect(await run('endless', { reduce })).toMatchObject({ verdict: 'verified', mayRepeat: true });
  expect(await run('waits', { reduce })).toMatchObject({ verdict: 'verified', mayRepeat: true });
  expect(await run('ends', { reduce })).toMatchObject({ verdict: 'verified', mayRepeat: false });
});

it('not where it is judged, or the step limit is not asked for', async () => {
  expect(await run('endless', { oracles: ['livelock'], liveness: true })).toMatchObject({ verdict: 'violated' });
  expect(await run('waits', { oracles: ['livelock'], liveness: true })).toMatchObject({ mayRepeat: false });
  expect(await run('endless', { oracles: ['deadlock'] })).toMatchObject({ mayRepeat: false });
});

it('a choice of more values than the search keeps is said, and not searched for ever', async () => {
  expect(await run('chooses')).toMatchObject({
    verdict: 'incomplete',
    cut: expect.stringMatching(/more than 256 values/),
  });
});
