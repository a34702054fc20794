/** With several scenes, stages on varied events come between those on a scene's own: what strategies know of these stays. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import { runCampaign } from '../../src/campaign/campaign.js';
import { executionsOf, watch } from '../support/between-stages.js';
import { campaignOptions } from '../support/campaign-options.js';
import { modelOf } from '../support/models.js';

afterEach(() => {
  vi.restoreAllMocks();
});

it.each(['pos', 'surw', 'reads-from'] as const)('enumeration goes on after %s on varied events', async (strategy) => {
  const ran = await executionsOf('bounded', { strategy, events: 'varied' });
  expect(ran).toHaveLength(400);
  expect(new Set(ran).size).toBe(400);
  expect(ran).toEqual(await executionsOf('bounded', null));
});

it.each(['reads-from', 'surw', 'pos'] as const)('%s knows what it knew', async (strategy) => {
  const ran = await executionsOf(strategy, { strategy: 'pos', events: 'varied' });
  expect(ran).toEqual(await executionsOf(strategy, null));
});

it('what is learnt about the own events themselves is not put aside', async () => {
  const ran = await executionsOf('bounded', { strategy: 'bounded', events: 'own' });
  expect(ran).toHaveLength(440);
  expect(new Set(ran).size).toBe(440);
});

const TWO_SCENES = `import { event, scene } from 'heddle';
class Cells { a: i32 = 0; b: i32 = 0; c: i32 = 0; log: i32 = 0; }
const cells = new Cells();
function inc(n: i32): void { cells.a += n; cells.log = cells.log * 7 + n; if (cells.a > 3) cells.b++; if (cells.b > 1) cells.c = cells.log; }
function dec(n: i32): void { if (cells.c > 0) cells.a -= n; cells.b--; cells.log = cells.log * 7 + n; }
export function register(): void {
  event('inc', inc).arg('n', 1, 5);
  event('dec', dec).arg('n', 1, 5);
  scene('one').with('inc', 1).with('inc', 2).with('inc', 3).with('dec', 1);
  scene('two').with('inc', 4).with('dec', 1).with('dec', 2).with('inc', 3);
}`;

it('a campaign of several scenes runs no schedule of an enumeration twice, and each time the same', async () => {
  const artefact = await modelOf(TWO_SCENES, 'two-scenes');
  const campaign = async (): Promise<string[]> => {
    const outDir = mkdtempSync(join(tmpdir(), 'heddle-scenes-'));
    const options = await campaignOptions('two-scenes.ts', outDir, {
      ...{ artefact, scene: null, strategy: 'portfolio', minimize: false, deterministic: true },
      ...{ maxExecutions: 60_000, seed: 3n },
    });
    const ran: string[] = [];
    watch((executor, strategy) => {
      if (strategy === 'bounded') ran.push(`${executor.scene} ${JSON.stringify(executor.result().recorded)}`);
    });
    await runCampaign(options, {}, new AbortController().signal);
    vi.restoreAllMocks();
    rmSync(outDir, { recursive: true });
    return ran;
  };
  const ran = await campaign();
  expect(ran.length).toBeGreaterThan(2_000);
  expect(new Set(ran).size).toBe(ran.length);
  expect(await campaign()).toEqual(ran);
});
