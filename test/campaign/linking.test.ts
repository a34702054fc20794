/** A long campaign goes on with executor and model as one module: nothing but the speed differs. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCampaign } from '../../src/campaign/campaign.js';
import { linkingOf } from '../../src/campaign/linking.js';
import type { CampaignOptions, CampaignSummary } from '../../src/campaign/types.js';
import { Executor } from '../../src/executor/executor.js';
import { campaignOptions } from '../support/campaign-options.js';
import { linkedBytes } from '../support/linked.js';
import { modelAt } from '../support/models.js';

const MODEL = 'test/models/choosing.ts';
/** Enough for the module to be compiled meanwhile. */
const EXECUTIONS = 400_000;

afterEach(() => {
  vi.restoreAllMocks();
});

async function campaign(
  more: Partial<CampaignOptions>,
): Promise<{ summary: CampaignSummary; warnings: readonly string[] }> {
  const outDir = mkdtempSync(join(tmpdir(), 'heddle-linking-'));
  const warnings: string[] = [];
  const fixed = {
    scene: 'both',
    seed: 1n,
    deterministic: true,
    maxExecutions: EXECUTIONS,
    strategy: 'random',
  } as const;
  const options = await campaignOptions(MODEL, outDir, { ...fixed, ...more });
  try {
    const hooks = { warning: (message: string) => void warnings.push(message) };
    return { summary: await runCampaign(options, hooks, new AbortController().signal), warnings };
  } finally {
    rmSync(outDir, { recursive: true });
  }
}

/** What does not depend on the clock. */
function outcome({ executions, points, states, features, corpus, strategies, records }: CampaignSummary): unknown {
  return { executions, points, states, features, corpus, strategies, signatures: records.map((r) => r.signature) };
}

describe('linking', () => {
  it('changes nothing of a deterministic campaign, in its thread and in another', async () => {
    const { wasm } = await modelAt(MODEL);
    const bytes = await linkedBytes(wasm);
    const relink = vi.spyOn(Executor.prototype, 'relink');
    const link = async (): Promise<Uint8Array> => bytes;
    const without = (await campaign({ jobs: 0 })).summary;
    expect(relink).not.toHaveBeenCalled();
    const own = (await campaign({ jobs: 0, link, linkAfterMs: 0 })).summary;
    expect(relink).toHaveBeenCalledTimes(2); // the check, and the executor that went on
    const other = (await campaign({ jobs: 1, link, linkAfterMs: 0 })).summary;
    expect(outcome(own)).toEqual(outcome(without));
    expect(outcome(other)).toEqual(outcome(without));
  });

  it('that fails is told once, and the campaign goes on', async () => {
    const link = (): Promise<Uint8Array> => Promise.reject(new Error('no space left on device'));
    const { summary, warnings } = await campaign({ jobs: 0, link, linkAfterMs: 0 });
    expect(summary.executions).toBe(EXECUTIONS);
    expect(warnings).toEqual(['executor and model stay two modules, which is slower: no space left on device']);
  });

  it('of another model is refused before a worker has it', async () => {
    const relink = vi.spyOn(Executor.prototype, 'relink');
    const other = await linkedBytes((await modelAt('test/models/spawning.ts')).wasm);
    const { summary, warnings } = await campaign({ jobs: 0, link: async () => other, linkAfterMs: 0 });
    expect(relink).toHaveBeenCalledTimes(1);
    expect(summary.executions).toBe(EXECUTIONS);
    expect(warnings).toEqual([expect.stringMatching(/^executor and model stay two modules, which is slower: ./)]);
  });

  it('that is under way is given up with the campaign, which waits until it has gone', async () => {
    let gone = false;
    const link = (signal: AbortSignal): Promise<Uint8Array> =>
      new Promise((_, reject) => {
        signal.addEventListener('abort', () =>
          setTimeout(() => {
            gone = true;
            reject(new Error('given up'));
          }, 50),
        );
      });
    const { summary, warnings } = await campaign({ jobs: 0, link, linkAfterMs: 0 });
    expect(summary.executions).toBe(EXECUTIONS);
    expect(gone).toBe(true);
    expect(warnings).toEqual([]);
  });

  it('is not begun for a campaign that it would not pay for', async () => {
    const link = vi.fn(async () => new Uint8Array());
    const options = await campaignOptions(MODEL, '', { link });
    const begins = (maxTimeMs: number | null): boolean => {
      const linking = linkingOf({ ...options, maxTimeMs }, () => {});
      void linking?.close();
      return linking !== null;
    };
    expect([60_000, 600_000, null].map(begins)).toEqual([false, true, true]);
    expect(link).not.toHaveBeenCalled();
  });
});
