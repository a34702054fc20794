import pc from 'picocolors';
import { describe, expect, it } from 'vitest';
import type { CampaignStatus } from '../../src/campaign/types.js';
import { stripColours, visibleLength } from '../../src/ui/format.js';
import { renderLine } from '../../src/ui/line.js';
import { createReporter, LINE_EVERY_MS } from '../../src/ui/reporter.js';
import { renderScreen } from '../../src/ui/screen.js';
import type { CampaignView } from '../../src/ui/view.js';

const STATUS: CampaignStatus = {
  elapsedMs: 125_000,
  executions: 27_400_000,
  executionsPerSecond: 219_200,
  executionsPerSecondNow: 231_000,
  points: 1_123_400_000,
  corpus: 209,
  features: 6_120,
  states: 1_840_000,
  chanceOfNew: 0.0123,
  findings: 2,
  knownHits: 3_100,
  lastNewMs: 90_000,
  lastFindingMs: 60_000,
  workers: 2,
  workersReplaced: 0,
  unsteady: 0,
  imported: 0,
  refused: 0,
  strategies: {
    random: { executions: 9_000_000, entries: 120, findings: 1 },
    pct: { executions: 9_000_000, entries: 60, findings: 1 },
    mutation: { executions: 9_400_000, entries: 29, findings: 0 },
  },
  sitesReached: 190,
  sitesTotal: 552,
  searches: [{ scene: 'two', state: 'searching', states: 12_345, transitions: 23_456, reason: '' }],
};

const viewOf = (status: Partial<CampaignStatus> = {}): CampaignView => ({
  model: 'iommu',
  design: 'v6.6',
  scene: 'walk-client',
  seed: '42',
  budgetMs: 600_000,
  budgetExecutions: null,
  status: { ...STATUS, ...status },
});

const plain = pc.createColors(false);
const coloured = pc.createColors(true);

describe('the screen', () => {
  it('shows the status', () => {
    expect(renderScreen(viewOf(), 80, plain)).toMatchInlineSnapshot(`
      " heddle · iommu v6.6 · walk-client · seed 42
       run time 2 min 05 s · budget 10 min 00 s
       ── results ───────────────────────────────────────────────────────────────────
       findings     2 (3.1 k known hits)     │  executions   27.4 M
       last finding 1 min 05 s ago           │  speed        219 k/s (now 231 k/s)
       last new     35 s ago                 │  points       41.0 an execution
       corpus       209                      │  sites        190 of 552 (34 %)
       features     6,120                    │  workers      2
       states       1.8 M                    │  search       two, 12.3 k states
       next is new  1.2 %                    │  unsteady     0
                                             │  shared       0 taken, 0 refused
       ── entries gained / executions, by strategy ──────────────────────────────────
       random 120/9.0 M · pct 60/9.0 M · mutation 29/9.4 M"
    `);
  });

  it.each([0, 20, 40, 60, 71, 72, 80, 100, 200])('never writes beyond the edge of %d columns', (width) => {
    const limit = width === 0 ? 80 : Math.max(40, width);
    for (const colors of [plain, coloured]) {
      const lines = renderScreen(viewOf({ findings: 123_456, workersReplaced: 17 }), width, colors).split('\n');
      expect(Math.max(...lines.map(visibleLength))).toBeLessThan(limit);
    }
  });

  it('says the same with colours and without', () => {
    expect(stripColours(renderScreen(viewOf(), 90, coloured))).toBe(renderScreen(viewOf(), 90, plain));
  });

  it('paints findings and replaced workers red', () => {
    expect(renderScreen(viewOf(), 80, coloured)).toContain(coloured.red('2 (3.1 k known hits)'));
    expect(renderScreen(viewOf({ workersReplaced: 1 }), 80, coloured)).toContain(coloured.red('2 (1 replaced)'));
  });

  it('bears a campaign that has not begun', () => {
    const status = { elapsedMs: 0, executions: 0, points: 0, lastNewMs: null, lastFindingMs: null, strategies: {} };
    expect(renderScreen(viewOf({ ...status, sitesTotal: 0 }), 80, plain)).not.toMatch(/NaN|Infinity|undefined|null/);
  });
});

describe('the status line', () => {
  it('is one line', () => {
    expect(renderLine(viewOf())).toBe(
      '[2 min 05 s] iommu v6.6: 27.4 M executions (231 k/s), corpus 209, 6.1 k features, 1.8 M states, 2 findings',
    );
  });

  it('comes every ten seconds of the campaign', async () => {
    const written: string[] = [];
    const stream = { write: (text: string) => written.push(text) } as unknown as NodeJS.WriteStream;
    const reporter = await createReporter({ mode: 'line', stream, colors: plain });
    for (let ms = 0; ms <= 3 * LINE_EVERY_MS; ms += 250) reporter.status(viewOf({ elapsedMs: ms }));
    expect(written).toHaveLength(3);
    expect(written.every((line) => line.endsWith('\n') && line === stripColours(line))).toBe(true);
  });
});

describe('the painted screen', () => {
  it('shows on a terminal that says it has no rows and no columns', async () => {
    let written = '';
    const stream = {
      isTTY: true,
      columns: 0,
      rows: 0,
      write: (text: string) => {
        written += text;
        return true;
      },
    } as unknown as NodeJS.WriteStream;
    const reporter = await createReporter({ mode: 'screen', stream, colors: plain });
    reporter.status(viewOf());
    expect(written).toContain('190 of 552');
    reporter.interrupt(() => stream.write('a finding\n'));
    expect(written.indexOf('a finding')).toBeLessThan(written.lastIndexOf('190 of 552'));
    reporter.close();
  });
});
