/** The portfolio and the enumerations as campaigns: what is told of them, and that no schedule is run twice by two workers. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pc from 'picocolors';
import { describe, expect, it } from 'vitest';
import { runCampaign } from '../../src/campaign/campaign.js';
import { setupOf } from '../../src/campaign/setup.js';
import type { CampaignOptions, CampaignStrategy, CampaignSummary } from '../../src/campaign/types.js';
import { CONTROL, MEMORY } from '../../src/executor/layout.js';
import { BatchRunner } from '../../src/worker/batch.js';
import { renderSummary } from '../../src/ui/results.js';
import { campaignOptions } from '../support/campaign-options.js';
import { modelOf } from '../support/models.js';

async function campaign(path: string, more: Partial<CampaignOptions>): Promise<CampaignSummary> {
  const outDir = mkdtempSync(join(tmpdir(), 'heddle-portfolio-'));
  const options = await campaignOptions(path, outDir, { seed: 1n, maxExecutions: 100_000, ...more });
  try {
    return await runCampaign(options, {}, new AbortController().signal);
  } finally {
    rmSync(outDir, { recursive: true });
  }
}

const WIDE = `import { choose, event, scene } from 'heddle';
class Cell { value: i32 = 0; }
const cell = new Cell();
function wide(n: i32): void { cell.value = choose(n); }
export function register(): void {
  event('wide', wide).arg('n', 1, 65536);
  scene('many').with('wide', 100);
  scene('too-many').with('wide', 60000);
}`;

describe('an enumeration', () => {
  it.each(['bounded', 'delay'] as const)('ends when everything was run: %s', async (strategy) => {
    const summary = await campaign('test/models/two-by-three.ts', { strategy });
    expect(summary.reason).toBe('all-run');
    expect(summary.executions).toBe(20);
  });

  it('does not say that everything was run where schedules had no space', async () => {
    const artefact = await modelOf(WIDE, 'wide');
    for (const [scene, reason] of [
      ['many', 'all-run'],
      ['too-many', 'left-out'],
    ] as const) {
      const summary = await campaign('wide.ts', { artefact, scene, strategy: 'bounded' });
      expect([scene, summary.reason]).toEqual([scene, reason]);
      const shown = { model: 'wide', design: '', outDir: '', summary, rows: [] };
      const said = renderSummary(shown, pc.createColors(false)).split('\n')[0] ?? '';
      expect(said.includes('has run every schedule')).toBe(reason === 'all-run');
      expect(said.includes('has left schedules out')).toBe(reason === 'left-out');
    }
  });

  it('is dealt between two workers: only the first schedule is run by both', async () => {
    const scene = { scene: 'two', strategy: 'bounded' } as const;
    const alone = await campaign('test/models/toy.ts', { ...scene });
    expect([alone.reason, alone.executions]).toEqual(['all-run', 6_435]);
    const together = await campaign('test/models/toy.ts', { ...scene, jobs: 2 });
    expect([together.reason, together.executions]).toEqual(['all-run', 6_436]);
  });
});

describe('the portfolio', () => {
  it('decides before visible events only; a strategy that is asked for by name, before each', async () => {
    const said = async (strategy: CampaignStrategy): Promise<number> => {
      const options = await campaignOptions('test/models/toy.ts', '', { strategy });
      const setup = setupOf(options, 1, new SharedArrayBuffer(MEMORY.COVERAGE_SIZE));
      const { view } = new BatchRunner(setup, () => 0, 0).executor('two');
      return view.i32(MEMORY.CONTROL + CONTROL.visibleOnly);
    };
    expect([await said('portfolio'), await said('pos')]).toEqual([1, 0]);
  });

  it('runs each strategy, tells what each gave, and estimates what is left', async () => {
    const summary = await campaign('examples/bank.ts', { design: 'racy', maxExecutions: 20_000, deterministic: true });
    const names = ['bounded', 'last-first', 'mutation', 'pct', 'pos', 'random', 'reads-from', 'surw', 'turns'];
    expect(Object.keys(summary.strategies).sort()).toEqual(names);
    expect(Object.values(summary.strategies).reduce((sum, s) => sum + s.findings, 0)).toBe(summary.findings);
    for (const [name, { findings }] of Object.entries(summary.strategies)) {
      expect(summary.records.filter(({ foundBy }) => foundBy === name)).toHaveLength(findings);
    }
    expect(summary.findings).toBeGreaterThan(0);
    // A tiny model: after that many executions every state was seen more than once.
    expect(summary.chanceOfNew).toBeLessThan(0.001);
  });

  it('finds what a few deviations show within a few executions', async () => {
    const summary = await campaign('examples/double-checked.ts', { design: 'broken', stopOnFirst: true });
    expect(summary.records[0]?.executions).toBeLessThan(12);
  });
});

it.each(['urw', 'lock-cycles'] as const)('%s is counted by the name that it was asked for by', async (strategy) => {
  const options = { design: 'abba', strategy, maxExecutions: 2_000, deterministic: true };
  const { strategies, records } = await campaign('examples/abba.ts', options);
  expect(Object.keys(strategies)).toEqual([strategy]);
  expect(records.map(({ foundBy }) => foundBy)).toContain(strategy);
});
